import assert from "node:assert/strict";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { parameterAccepted } from "../../../components/gates/parameterAccepted";
import type { ParameterAcceptedInput } from "../../../components/gates/parameterAccepted";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import { ACCOUNT, MINUTES, STRANGER, Voice, deeds, failure, gateAws } from "./scene";

const NAME = "/ami/web/dev/1.1.0";
const OTHER = "/ami/web/dev/1.0.0";
const [IMAGE, OLD] = ["ami-0123456789abcdef0", "ami-0123456789abcdef1"];

describe("components/gates/parameterAccepted", () => {
  let aws: Emulator;
  let ssm: SSMClient;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ssm = new SSMClient(aws.client());
  });
  beforeEach(() => aws.reset());

  const write = (Value: string, Name = NAME, DataType = "aws:ec2:image") =>
    ssm.send(new PutParameterCommand({ Name, Value, Type: "String", DataType, Overwrite: true }));
  const gate = (more: Partial<ParameterAcceptedInput> = {}, voice = new Voice(), account?: string) =>
    parameterAccepted(
      gateAws(aws, {}, "us-east-1", account),
      {
        what: "/ami/web/dev/current in us-east-1",
        wanted: { [NAME]: IMAGE },
        account: ACCOUNT,
        limitMinutes: 1,
        ...more,
      },
      voice.say,
    );

  it("passes when every parameter says what was written to it", async () => {
    await write(IMAGE);
    await write(OLD, OTHER);
    aws.clearRequests();
    await gate({ wanted: { [NAME]: IMAGE, [OTHER]: OLD } });
    assert.deepEqual(
      aws.requests("GetParameter").map(({ params }) => params.Name),
      [NAME, OTHER],
    );
    assert.deepEqual(deeds(aws), []);
  });

  it("waits for a value that SSM accepts later", async () => {
    await write(OLD);
    aws.parameter(NAME, { acceptMs: 60_000 });
    await write(IMAGE);
    // With what it says a minute passes, however slow the computer.
    const voice = new Voice(() => aws.advance(60_000));
    await gate({}, voice);
    assert.match(voice.said[0]!, /^\/ami\/web\/dev\/current in us-east-1: waiting for SSM to accept ami-\w+ in \/ami/);
  });

  for (const [what, before, says] of [
    ["a first value", undefined, "nothing"],
    ["another value", OLD, OLD],
  ] as const) {
    it(`refuses ${what} that SSM dropped after it had answered with success`, async () => {
      if (before) await write(before);
      aws.parameter(NAME, { refuse: true });
      await write(IMAGE);
      const said = await failure(gate({ limitMinutes: 60 * MINUTES }));
      assert.match(
        said,
        new RegExp(`SSM has not accepted ${IMAGE} as an image in ${NAME} within .* it says ${says}\n`),
      );
      assert.match(said, /This pointer was not moved/);
      assert.match(said, /allow `ec2:DescribeImages`/);
    });
  }

  it("refuses a parameter of plain text, which `resolve:ssm` would not take", async () => {
    await write(IMAGE, NAME, "text");
    const said = await failure(gate({ limitMinutes: 60 * MINUTES }));
    assert.match(said, new RegExp(`it says ${IMAGE}, as plain text\n`));
  });

  it("asks nothing with credentials of another account", async () => {
    await write(IMAGE);
    aws.clearRequests();
    assert.match(await failure(gate({}, new Voice(), STRANGER)), /credentials are of account 444455556666/);
    assert.deepEqual(aws.requests("GetParameter"), []);
  });
});
