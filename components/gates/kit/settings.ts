import * as pulumi from "@pulumi/pulumi";
import type { GateArgs } from "../gateArgs";
import type { AwsSettings } from "./aws";

/** What an output comes to. Only for hooks: they run when everything their resource depends on is known. */
export function valueOf<T>(input: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => {
    pulumi.output(input).apply((value) => resolve(value as T));
  });
}

interface StackRole {
  roleArn?: string;
  sessionName?: string;
  externalId?: string;
}

/** How the stack itself reaches AWS: the same keys that configure its default provider. */
function stackSettings(): Omit<AwsSettings, "region"> {
  const config = new pulumi.Config("aws");
  const roles = config.getObject<StackRole[]>("assumeRoles") ?? [];
  const endpoints = Object.assign({}, ...(config.getObject<{ [service: string]: string }[]>("endpoints") ?? [])) as {
    [service: string]: string;
  };
  return {
    profile: config.get("profile"),
    accessKeyId: config.get("accessKey"),
    secretAccessKey: config.get("secretKey"),
    sessionToken: config.get("token"),
    assumeRoles: roles.flatMap((role) => (role.roleArn ? [{ ...role, roleArn: role.roleArn }] : [])),
    endpoints,
  };
}

export async function gateSettings(region: string, given: GateArgs | undefined): Promise<AwsSettings> {
  const profile = await valueOf(given?.profile);
  const roleArn = await valueOf(given?.roleArn);
  const endpoint = await valueOf(given?.endpoint);
  const stack = stackSettings();
  // A profile of its own stands alone: the stack's keys and roles lead to the stack's account.
  const own: Omit<AwsSettings, "region"> = profile ? { profile, endpoints: stack.endpoints } : stack;
  return { ...own, region, ...(roleArn && { assumeRoles: [{ roleArn }] }), ...(endpoint && { endpoint }) };
}
