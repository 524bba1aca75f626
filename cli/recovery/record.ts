import { GateFailure } from "../../components/gates/kit/failure";
import { type RecoveryRecord, recoveryRecordName, recoveryRecordOf } from "../../components/internal/recoveryRecord";

/** The parameter that holds a region's record, as it was found, and what to say where it is none. */
export interface Stored {
  region: string;
  line: string;
  stack: string;
  /** Undefined where there is no such parameter. */
  text: string | undefined;
  /** The command's option that names the region. */
  option: string;
  /** What has not been done yet. */
  state: string;
}

/** The record of a recovery region: all that is needed there, so that no other region is asked. */
export function recordOf({ region, line, stack, text, option, state }: Stored): RecoveryRecord {
  const record = recoveryRecordOf(text);
  if (record) return record;
  const name = recoveryRecordName(line, stack);
  throw new GateFailure({
    what:
      text === undefined
        ? `${region} has no parameter ${name}: it is no recovery region of this line and stack`
        : `The parameter ${name} of ${region} cannot be read as the record of a recovery region`,
    ...(text !== undefined && { evidence: [text.slice(0, 200)] }),
    look: [`aws ssm get-parameter --region ${region} --name ${name}`],
    next:
      text === undefined
        ? [`check ${option}, --line, --stack and the credentials' account`, "or make it one: `pulumi up` of the stack"]
        : ["`pulumi up` of the stack writes it anew; or use the version of this command that wrote it"],
    state,
  });
}
