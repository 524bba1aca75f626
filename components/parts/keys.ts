import * as pulumi from "@pulumi/pulumi";
import { Checks } from "../internal/rules";
import { refuse } from "./component";

/** A region's key as the caller gave it; one that is known only later is judged when it is known. */
export function keyOf(
  component: pulumi.ComponentResource,
  what: string,
  path: string,
  region: string,
  given: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.output(given).apply((arn) => {
    refuse(component, what, new Checks().keys(path, { [region]: arn }, [region]).problems);
    return arn;
  });
}
