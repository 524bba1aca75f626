import type * as pulumi from "@pulumi/pulumi";

/**
 * How the gates reach AWS. Gates run in the program and cannot read a provider's credentials: they use those of the
 * stack (`aws:profile`, `aws:accessKey`, `aws:assumeRoles`, …) or of the environment, unless they are given here. The
 * account is compared with the resource's before anything is touched.
 */
export interface GateArgs {
  /**
   * Name of a profile in the AWS configuration files.
   * @default the stack's `aws:profile`, else the environment's
   */
  profile?: pulumi.Input<string>;
  /**
   * ARN of a role to assume before calling AWS: for fleets and copies in another account.
   * @default the stack's `aws:assumeRoles`
   */
  roleArn?: pulumi.Input<string>;
  /**
   * Endpoint of every AWS service the gates call, e.g. an emulator's.
   * @default the stack's `aws:endpoints`, else the environment's `AWS_ENDPOINT_URL`
   */
  endpoint?: pulumi.Input<string>;
}
