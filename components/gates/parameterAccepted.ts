import type { Aws } from "./kit/aws";
import { isNotFound } from "./kit/errors";
import { GateFailure } from "./kit/failure";
import { patiently } from "./kit/waiting";

const IMAGE = "aws:ec2:image";

export interface ParameterAcceptedInput {
  /** Who waits, for texts: `/ami/web/dev/current in eu-west-1`. */
  what: string;
  /** What the parameters written before must say by now: value by name. */
  wanted: { [parameter: string]: string };
  /** The account the parameters are in. */
  account?: string;
  limitMinutes: number;
}

/**
 * Passes when the parameters say what was written to them. For the type `aws:ec2:image` SSM answers with success and
 * looks at the image afterwards; a value that it does not accept is dropped without a word to the caller.
 */
export async function parameterAccepted(
  aws: Aws,
  input: ParameterAcceptedInput,
  say: (text: string) => void,
): Promise<void> {
  await aws.requireAccount(input.account, "the image parameters");
  const deadline = aws.deadline(input.limitMinutes);
  for (const [name, wanted] of Object.entries(input.wanted)) {
    for (let is = await readImage(aws, name); is !== wanted; is = await readImage(aws, name)) {
      if (deadline.passed) throw notAccepted(aws, input, name, is);
      say(`${input.what}: waiting for SSM to accept ${wanted} in ${name} (${deadline.elapsed})`);
      await aws.pause();
    }
  }
}

/** The value, where the parameter is of the type by which `resolve:ssm` takes an image. */
async function readImage(aws: Aws, name: string): Promise<string | undefined> {
  const { GetParameterCommand } = await import("@aws-sdk/client-ssm");
  const ssm = await aws.ssm();
  try {
    const answer = await patiently("GetParameter", aws.timing, () => ssm.send(new GetParameterCommand({ Name: name })));
    const { Value, DataType } = answer.Parameter ?? {};
    return DataType === IMAGE ? Value : Value && `${Value}, as plain text`;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function notAccepted(aws: Aws, input: ParameterAcceptedInput, name: string, is: string | undefined): GateFailure {
  const wanted = input.wanted[name] ?? "";
  return new GateFailure({
    what: `${input.what}: SSM has not accepted ${wanted} as an image in ${name} within ${input.limitMinutes} minutes: it says ${is ?? "nothing"}`,
    look: [
      `aws ssm get-parameter-history --region ${aws.region} --name ${name}`,
      `aws ec2 describe-images --region ${aws.region} --image-ids ${wanted}`,
    ],
    next: [
      "SSM asks EC2 for the image with the rights of whoever wrote the parameter: allow `ec2:DescribeImages`, then run `pulumi up --refresh`",
      "somebody else writes to the parameter: `pulumi up --refresh` puts it right",
    ],
    state: "This pointer was not moved: it still names what it named before.",
  });
}
