/** Launches one throwaway instance, says its id, and waits to be ended: the process of throwaway.test.ts. */
import { Aws } from "../../../components/gates/kit/aws";
import { launch } from "../../../components/gates/kit/throwaway";

const [endpoint, imageId, subnet] = process.argv.slice(2) as [string, string, string];
const aws = new Aws({ region: "us-east-1", endpoint, accessKeyId: "test", secretAccessKey: "test" });

void launch(aws, { ImageId: imageId, InstanceType: "t3.micro" }, [subnet], "web 1.0.0").then((id) => {
  console.log(id);
  setInterval(() => undefined, 1000);
});
