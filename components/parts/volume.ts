import type { VolumeArgs } from "../baseInstanceSettings";

/** A volume of an instance: always encrypted, always deleted with it. */
export const encryptedVolume = (args: VolumeArgs) => ({
  volumeSize: args.sizeGiB,
  volumeType: args.type ?? "gp3",
  iops: args.iops,
  throughput: args.throughput,
  encrypted: true,
  kmsKeyId: args.kmsKeyArn,
  deleteOnTermination: true,
});
