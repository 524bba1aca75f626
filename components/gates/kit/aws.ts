import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@aws-sdk/types";
import { GateFailure } from "./failure";
import type { Timing } from "./waiting";
import { Deadline, defaultTiming, patiently } from "./waiting";

/** How a gate reaches AWS, resolved to plain values. What is not set comes from the environment. */
export interface AwsSettings {
  region: string;
  profile?: string;
  accessKeyId?: string;
  secretAccessKey?: string;
  sessionToken?: string;
  /** Roles to assume, one after the other. */
  assumeRoles?: { roleArn: string; sessionName?: string; externalId?: string }[];
  /** One endpoint for every service, e.g. an emulator's. */
  endpoint?: string;
  /** Endpoints by service, as `aws:endpoints` of the stack names them: `ec2`, `autoscaling`, `elbv2`, `ssm`, `sts`. */
  endpoints?: { [service: string]: string };
  timing?: Timing;
}

/**
 * The AWS clients of one gate, made when first used: the SDK is loaded only when a gate runs, so that previews and
 * programs that bake nothing do not pay for it.
 */
export class Aws {
  readonly region: string;
  readonly timing: Timing;
  private credentials?: Promise<AwsCredentialIdentity | AwsCredentialIdentityProvider | undefined>;
  private readonly clients = new Map<string, Promise<unknown>>();

  constructor(private readonly settings: AwsSettings) {
    this.region = settings.region;
    this.timing = settings.timing ?? defaultTiming();
    // The SDK's notice about coming Node.js versions would land in the diagnostics of `pulumi up`.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  }

  /** A point in time, from now, after which a gate gives up. */
  deadline(minutes: number): Deadline {
    return new Deadline(minutes, this.timing.clock);
  }

  /** Until the next look. */
  pause(): Promise<void> {
    return this.timing.clock.sleep(this.timing.pollSeconds);
  }

  async ec2(): Promise<EC2Client> {
    return this.client("ec2", async (options) => new (await import("@aws-sdk/client-ec2")).EC2Client(options));
  }

  async autoScaling(): Promise<AutoScalingClient> {
    return this.client(
      "autoscaling",
      async (options) => new (await import("@aws-sdk/client-auto-scaling")).AutoScalingClient(options),
    );
  }

  async loadBalancing(): Promise<ElasticLoadBalancingV2Client> {
    return this.client(
      "elbv2",
      async (options) =>
        new (await import("@aws-sdk/client-elastic-load-balancing-v2")).ElasticLoadBalancingV2Client(options),
    );
  }

  async ssm(): Promise<SSMClient> {
    return this.client("ssm", async (options) => new (await import("@aws-sdk/client-ssm")).SSMClient(options));
  }

  /** Throws unless the credentials belong to the account that owns what the gate is about to touch. */
  async requireAccount(account: string | undefined, what: string): Promise<void> {
    if (!account) return;
    const me = await this.caller();
    if (me.Account === account) return;
    throw new GateFailure({
      what: `The gate's credentials are of account ${me.Account ?? "?"}, but ${what} is in account ${account}. Nothing was touched.`,
      look: [`aws sts get-caller-identity   # now ${me.Arn ?? "?"}`],
      next: [
        "gates cannot read the credentials of an explicit provider: give the same ones in the component's `gates` argument (profile or roleArn)",
        "or run `pulumi up` with credentials of that account",
      ],
    });
  }

  /** The account the credentials are of. */
  async account(): Promise<string | undefined> {
    return (await this.caller()).Account;
  }

  private async caller(): Promise<GetCallerIdentityCommandOutput> {
    const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
    const sts = await this.client("sts", (options) => Promise.resolve(new STSClient(options)));
    return patiently("GetCallerIdentity", this.timing, () => sts.send(new GetCallerIdentityCommand({})));
  }

  private client<T>(service: string, make: (options: ClientOptions) => Promise<T>): Promise<T> {
    let made = this.clients.get(service) as Promise<T> | undefined;
    if (!made) {
      made = this.options(service).then(make);
      this.clients.set(service, made);
    }
    return made;
  }

  private async options(service: string): Promise<ClientOptions> {
    this.credentials ??= this.findCredentials();
    const credentials = await this.credentials;
    const endpoint = this.settings.endpoints?.[service] ?? this.settings.endpoint;
    // The SDK's own retries are short; patiently() waits longer around them.
    return {
      region: this.region,
      maxAttempts: 3,
      // Seen in CloudTrail: which calls were a gate's.
      customUserAgent: "pulumi-ami-lifecycle",
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
    };
  }

  private async findCredentials(): Promise<AwsCredentialIdentity | AwsCredentialIdentityProvider | undefined> {
    const { accessKeyId, secretAccessKey, sessionToken, profile, assumeRoles = [] } = this.settings;
    const endpoint = this.settings.endpoints?.sts ?? this.settings.endpoint;
    let credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider | undefined;
    if (accessKeyId && secretAccessKey) credentials = { accessKeyId, secretAccessKey, sessionToken };
    else if (profile) credentials = (await import("@aws-sdk/credential-providers")).fromNodeProviderChain({ profile });
    for (const role of assumeRoles) {
      const { fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
      credentials = fromTemporaryCredentials({
        ...(credentials && { masterCredentials: credentials }),
        params: {
          RoleArn: role.roleArn,
          RoleSessionName: role.sessionName ?? "pulumi-ami-lifecycle",
          ...(role.externalId && { ExternalId: role.externalId }),
        },
        clientConfig: { region: this.region, ...(endpoint && { endpoint }) },
      });
    }
    return credentials;
  }
}

interface ClientOptions {
  region: string;
  maxAttempts: number;
  customUserAgent: string;
  endpoint?: string;
  credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
}

/** The account in an ARN, or undefined where there is none. */
export function accountOf(arn: string | undefined): string | undefined {
  const account = arn?.split(":")[4];
  return account && /^\d{12}$/.test(account) ? account : undefined;
}
