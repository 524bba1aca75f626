import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BootProofArgs } from "../bootProofArgs";
import type { GateArgs } from "../gates/gateArgs";
import { imageAvailable } from "../gates/imageAvailable";
import { imageBoots } from "../gates/imageBoots";
import { imageStarts } from "../gates/imageStarts";
import { gateHook, gateInputs, hooked } from "../gates/kit/hooks";
import { valueOf } from "../gates/kit/settings";
import { tagSnapshots } from "../gates/kit/snapshots";
import { renderBootProof } from "../internal/recipe";
import { ADOPTED, adoptedRecord, isRecord, TAG, unbooted } from "../internal/tags";
import { after, regionOption } from "./component";
import { stackId } from "./imageTags";

/** What is proven: an image or copy that a stack made, or one from outside. */
interface ProvenImage {
  id: pulumi.Output<string>;
  /** The account the proof runs in. */
  ownerId: pulumi.Output<string>;
  tags: pulumi.Output<{ [key: string]: string } | undefined>;
  tagsAll: pulumi.Output<{ [key: string]: string }>;
}

export interface VerifiedSpec {
  owner: pulumi.ComponentResource;
  /** Name of the image's resource; the record is named after it. */
  name: string;
  /** For texts: `web 1.0.0 in eu-west-1`. */
  what: string;
  image: ProvenImage;
  /** The region as the caller gave it, and as it is. */
  regionArg: pulumi.Input<string> | undefined;
  region: pulumi.Input<string>;
  /** Digest of the recipe the image was made from. */
  digest: pulumi.Output<string>;
  proof: BootProofArgs;
  /** Whether our checks are in it, as far as it is known here: what the gate is called. */
  hasChecks?: boolean;
  /** Of an image from outside: the account that must own it. */
  adoptedFrom?: pulumi.Output<string>;
  /** Whether the image is booted; otherwise only its state is asked, and the record says so. */
  boot: boolean;
  gates?: GateArgs;
}

const DEFAULT_MINUTES = 20;

/** The record that an image is proven: a tag on it, written after a throwaway instance has booted it. */
export function verifiedTag(spec: VerifiedSpec): aws.ec2.Tag {
  const { image, proof } = spec;
  const record = `${spec.name}-verified`;
  const instanceType = pulumi.output(proof.instanceType);
  const subnetId = pulumi.output(proof.subnetId);
  const securityGroupIds = pulumi.output(proof.securityGroupIds);
  const instanceProfile = pulumi.output(proof.instanceProfile);
  const needed = [
    instanceType,
    subnetId,
    securityGroupIds,
    instanceProfile,
    spec.region,
    image.ownerId,
    image.tagsAll,
    spec.adoptedFrom,
    ...gateInputs(spec.gates),
  ];

  const gate = gateHook({
    owner: spec.owner,
    record,
    gate: spec.hasChecks === false ? "imageStarts" : "imageBoots",
    region: spec.region,
    gates: spec.gates,
    run: async ({ aws: sdk, inputs, say, warn }) => {
      const limitMinutes = proof.limitMinutes ?? DEFAULT_MINUTES;
      const imageId = String(inputs.resourceId);
      const common = { what: spec.what, imageId, account: await valueOf(image.ownerId) };
      // With the provider's default tags: an organisation may demand them of every instance.
      const snapshotTags = withoutRecords((await valueOf(image.tagsAll)) ?? (await valueOf(image.tags)) ?? {});
      if (!spec.boot) {
        return tagSnapshots(sdk, await imageAvailable(sdk, { ...common, limitMinutes }, say), snapshotTags);
      }
      const machine = {
        ...common,
        limitMinutes,
        snapshotTags,
        instanceType: await valueOf(instanceType),
        subnetId: await valueOf(subnetId),
        securityGroupIds: await valueOf<string[] | undefined>(securityGroupIds),
        instanceProfile: await valueOf(instanceProfile),
      };
      const digest = String(inputs.value);
      if (digest === ADOPTED) {
        const owner = (await valueOf(spec.adoptedFrom)) ?? common.account;
        const adopter = spec.adoptedFrom && stackId();
        return imageStarts(sdk, { ...machine, owner, adopter }, say, warn);
      }
      const proofFor = (windows: boolean) => renderBootProof({ digest, minutes: limitMinutes, windows }).userDataBase64;
      const userData = { userDataBase64: proofFor(false), windowsUserDataBase64: proofFor(true) };
      return imageBoots(sdk, { ...machine, digest, ...userData }, say, warn);
    },
  });

  return new aws.ec2.Tag(
    record,
    {
      resourceId: image.id,
      key: spec.adoptedFrom ? adoptedRecord(stackId()) : TAG.verified,
      value: after(spec.boot ? spec.digest : spec.digest.apply(unbooted), ...needed),
      ...regionOption(spec.regionArg),
    },
    { parent: spec.owner, ...hooked({ beforeCreate: [gate], beforeUpdate: [gate] }) },
  );
}

/** The tags that go on snapshots and throwaway instances: all but the record itself. */
function withoutRecords(tags: { [key: string]: string }): { [key: string]: string } {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !isRecord(key)));
}
