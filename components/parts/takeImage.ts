import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BaseInstance } from "../baseInstance";
import { imageAvailable } from "../gates/imageAvailable";
import { accountOf } from "../gates/kit/aws";
import { gateHook, gateInputs, hooked, startRetryHook, tagsIn } from "../gates/kit/hooks";
import { valueOf } from "../gates/kit/settings";
import { tagSnapshots } from "../gates/kit/snapshots";
import { nameFree } from "../gates/nameFree";
import { neverBaked, rawImageRetired } from "../gates/neverBaked";
import { recipeFinished } from "../gates/recipeFinished";
import { serverReady } from "../gates/serverReady";
import { deprecationTime } from "../internal/deprecation";
import { NO_INSTANCE } from "../internal/names";
import { IMAGE_IGNORE_CHANGES, TAG } from "../internal/tags";
import type { MachineImageArgs } from "../machineImageArgs";
import { after, regionOption } from "./component";
import { imageTags, ownTags, stackId } from "./imageTags";

/** Minutes a recipe may take unless told otherwise. */
export const DEFAULT_MINUTES = 30;

/** Minutes that a server which is starting or stopping is waited for. */
const SERVER_MINUTES = 10;

/** An existing server. */
export interface Server {
  instanceId: pulumi.Input<string>;
  reboot: boolean;
}

export interface ImageToTake {
  owner: pulumi.ComponentResource;
  /** Name of the resource. */
  record: string;
  line: string;
  /** For texts: `web 1.1.0`. */
  what: string;
  physicalName: string;
  digest: string;
  region: pulumi.Output<string>;
  /** The base instance it is taken from, when it has finished. */
  base?: BaseInstance;
  /** Or the existing server it is taken from. Without either it must exist already. */
  server?: Server;
  /** Whether it is a server's raw image: what has to be cleaned yet. */
  raw?: boolean;
  /** The raw image that the base instance was made from. */
  madeFrom?: aws.ec2.AmiFromInstance;
  /** Whether the raw image it was made from is given up. */
  rawRetired?: boolean;
}

/** The image of a base instance or a server: made once, kept whatever becomes of what it was made from. */
export function takeImage(spec: ImageToTake, args: MachineImageArgs): aws.ec2.AmiFromInstance {
  const { owner, record, what, physicalName, base, server } = spec;
  const source = base?.instanceId ?? server?.instanceId ?? NO_INSTANCE;
  const account = accountFor(spec);
  const tags = spec.raw
    ? // Without version and recipe: nobody takes it for an image of the line.
      ownTags(physicalName, { [TAG.line]: spec.line, [TAG.raw]: args.version, [TAG.source]: source }, args.tags)
    : imageTags({ line: spec.line, version: args.version, digest: spec.digest, source, name: physicalName }, args.tags);
  return new aws.ec2.AmiFromInstance(
    record,
    {
      name: physicalName,
      description: after(
        `${what}, ${spec.raw ? "raw, " : ""}${server ? "taken" : "baked"} by ${stackId()}`,
        account,
        ...gateInputs(args.gates),
      ),
      sourceInstanceId: source,
      snapshotWithoutReboot: server ? !server.reboot : false,
      deprecationTime: spec.raw ? undefined : deprecation(spec, args),
      tags,
      ...regionOption(args.region),
    },
    {
      parent: owner,
      ...(args.protect && !spec.raw && { protect: true }),
      ignoreChanges: IMAGE_IGNORE_CHANGES,
      customTimeouts: { create: "60m", update: "40m", delete: "90m" },
      ...hooked(gatesOf(spec, args, account)),
    },
  );
}

/** The account the image will be in: of the machine, not of the gates, which may have other credentials. */
function accountFor({ owner, base, server }: ImageToTake): pulumi.Output<string | undefined> {
  if (base) return base.arn.apply(accountOf);
  return pulumi.output(server ? aws.getCallerIdentityOutput({}, { parent: owner }).accountId : undefined);
}

/** Counted from when the machine is there: known in the run that makes the image, and ignored ever after. */
function deprecation({ base, server }: ImageToTake, args: MachineImageArgs): pulumi.Output<string> | undefined {
  const { deprecateAfterDays: days } = args;
  const machine = base?.instanceId ?? server?.instanceId;
  if (days === undefined || machine === undefined) return undefined;
  return pulumi.output(machine).apply(() => deprecationTime(days));
}

function gatesOf(
  spec: ImageToTake,
  args: MachineImageArgs,
  account: pulumi.Output<string | undefined>,
): Parameters<typeof hooked>[0] {
  const { owner, record, what, base, server, madeFrom } = spec;
  const common = { owner, record, region: spec.region, gates: args.gates };
  const available = gateHook({
    ...common,
    gate: "imageAvailable",
    run: ({ aws: sdk, id, account: owned, say }) =>
      imageAvailable(sdk, { what, imageId: id, account: owned, limitMinutes: 60 }, say),
  });
  const bound = { beforeUpdate: [available], onError: [startRetryHook(owner, record)] };
  if (!base && !server) {
    const refusal = () => (spec.rawRetired ? rawImageRetired(what) : neverBaked(what, args.version));
    const never = gateHook({ ...common, gate: "neverBaked", run: () => Promise.reject(refusal()) });
    return { ...bound, beforeCreate: [never] };
  }
  const free = gateHook({
    ...common,
    gate: "nameFree",
    run: async ({ aws: sdk, inputs, say, warn }) =>
      nameFree(
        sdk,
        {
          what,
          name: spec.physicalName,
          account: await valueOf(account),
          tags: tagsIn(inputs),
          limitMinutes: 60,
        },
        say,
        warn,
      ),
  });
  const ready = base
    ? gateHook({
        ...common,
        gate: "recipeFinished",
        run: async ({ aws: sdk, inputs, say }) => {
          const owned = await valueOf(account);
          if (madeFrom) {
            const raw = { what: `${what}, raw`, imageId: await valueOf(madeFrom.id), account: owned, limitMinutes: 60 };
            const tags = (await valueOf(madeFrom.tagsAll)) ?? (await valueOf(madeFrom.tags)) ?? {};
            await tagSnapshots(sdk, await imageAvailable(sdk, raw, say), tags);
          }
          return recipeFinished(
            sdk,
            {
              what,
              instanceId: String(inputs.sourceInstanceId),
              account: owned,
              token: spec.digest,
              limitMinutes: args.limitMinutes ?? DEFAULT_MINUTES,
              urn: await valueOf(base.instanceUrn),
            },
            say,
          );
        },
      })
    : gateHook({
        ...common,
        gate: "serverReady",
        run: async ({ aws: sdk, inputs, say, warn }) =>
          serverReady(
            sdk,
            {
              what,
              instanceId: String(inputs.sourceInstanceId),
              account: await valueOf(account),
              reboot: server?.reboot ?? true,
              limitMinutes: SERVER_MINUTES,
            },
            say,
            warn,
          ),
      });
  return { ...bound, beforeCreate: [free, ready] };
}
