import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BaseImageArgs } from "./baseImageArgs";
import type { BaseInstanceSettings } from "./baseInstanceSettings";
import { fullName } from "./gates/kit/hooks";
import { defaultInstanceType } from "./internal/names";
import { baseImageProblems, describeQuery } from "./internal/baseImageRules";
import { findSystem, isWindows, recipeDigest, renderRecipe, validateRecipe } from "./internal/recipe";
import { Checks } from "./internal/rules";
import { TAG } from "./internal/tags";
import { baseImage } from "./parts/baseImage";
import { homeRegion, refuse, regionOption } from "./parts/component";
import { stackId } from "./parts/imageTags";
import { connectCommand, sessionManagerProfile } from "./parts/sessionManager";
import { encryptedVolume } from "./parts/volume";
import type { Recipe } from "./recipe";

export interface BaseInstanceArgs {
  /** What is done on it. Plain: it is rendered to user data when the program runs. */
  recipe: Recipe;
  /**
   * Image to start from, in this region. Not together with `baseImage`.
   * @default the newest image of the recipe's system, from its publisher
   */
  baseImageId?: pulumi.Input<string>;
  /**
   * Where the image to start from is looked up: an SSM parameter, an owner's images by name, or an AWS Marketplace
   * product. Plain.
   * @default the newest image of the recipe's system, from its publisher
   */
  baseImage?: BaseImageArgs;
  /**
   * Minutes after which the instance itself gives up and powers off: 1 to 1,440.
   * @default 60
   */
  limitMinutes?: number;
  /** How it runs: type, network, volumes, access. */
  settings?: BaseInstanceSettings;
  /**
   * Region.
   * @default the provider's
   */
  region?: pulumi.Input<string>;
  /** Tags for the instance, its volumes and everything made with it. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/**
 * Runs a recipe once and powers itself off. Changing the recipe replaces it; a newer base image does not: the next
 * version picks that up.
 */
export class BaseInstance extends pulumi.ComponentResource {
  /** Id of the instance. */
  public readonly instanceId: pulumi.Output<string>;
  /** ARN of the instance. */
  public readonly arn: pulumi.Output<string>;
  /** The URN of the instance, for `pulumi up --replace`. */
  public readonly instanceUrn: pulumi.Output<string>;
  /** Subnet it runs in. */
  public readonly subnetId: pulumi.Output<string>;
  /** Its security groups: those given, or the one made for it. */
  public readonly securityGroupIds: pulumi.Output<string[]>;
  /** Name of its instance profile, if it has one. */
  public readonly instanceProfile: pulumi.Output<string | undefined>;
  /** Its instance type. */
  public readonly instanceType: pulumi.Output<string>;
  /** Digest of the recipe: the token of its console markers. */
  public readonly recipeDigest: pulumi.Output<string>;
  /** Command that opens a shell on it, with `sessionManager`. */
  public readonly connect: pulumi.Output<string>;

  constructor(name: string, args: BaseInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:BaseInstance", name, args, opts);
    const { recipe, settings = {}, tags } = args;
    refuse(this, `BaseInstance "${name}"`, baseInstanceProblems(args).problems);

    const parent = { parent: this };
    const region = regionOption(args.region);
    const digest = recipeDigest(recipe);
    const ownTags = pulumi.output(tags).apply((given) => ({ Name: name, ...given, [TAG.recipe]: digest }));
    const owner = `${stackId()}/${fullName(this)}`.slice(-256);
    const imageId = args.baseImageId ?? baseImage(this, recipe, args.baseImage, args.region);

    const securityGroupIds = settings.securityGroupIds ?? [
      new aws.ec2.SecurityGroup(
        `${name}-sg`,
        {
          description: "Base instance of pulumi-ami-lifecycle: no ingress",
          ...(settings.subnetId !== undefined && {
            vpcId: aws.ec2.getSubnetOutput({ id: settings.subnetId, ...region }, { parent: this }).vpcId,
          }),
          egress: [
            {
              protocol: "-1",
              fromPort: 0,
              toPort: 0,
              cidrBlocks: ["0.0.0.0/0"],
              ipv6CidrBlocks: ["::/0"],
              description: "Package mirrors",
            },
          ],
          tags: ownTags,
          ...region,
        },
        parent,
      ).id,
    ];
    const profile = settings.sessionManager ? sessionManagerProfile(this, name, tags).name : settings.instanceProfile;
    const instance = new aws.ec2.Instance(
      name,
      {
        ami: imageId,
        instanceType: settings.instanceType ?? defaultInstanceType(recipe.architecture, isWindows(recipe.os)),
        subnetId: settings.subnetId,
        associatePublicIpAddress: settings.associatePublicIpAddress,
        vpcSecurityGroupIds: securityGroupIds,
        keyName: settings.keyName,
        iamInstanceProfile: profile,
        userDataBase64: renderRecipe(recipe, {
          limitMinutes: args.limitMinutes,
          base: args.baseImage && describeQuery(args.baseImage),
        }).userDataBase64,
        userDataReplaceOnChange: true,
        instanceInitiatedShutdownBehavior: "stop",
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: { ...encryptedVolume(settings.rootVolume ?? {}), tags: ownTags },
        ebsBlockDevices: (settings.volumes ?? []).map((v) => ({
          ...encryptedVolume(v),
          deviceName: v.deviceName as pulumi.Input<string>,
          tags: ownTags,
        })),
        tags: ownTags.apply((own) => ({ ...own, [TAG.base]: owner })),
        ...region,
      },
      {
        parent: this,
        ignoreChanges: [
          // A newer image of the publisher must not replace it; another one that the caller gives does.
          ...(args.baseImageId === undefined ? ["ami"] : []),
          // A stopped instance has no public address any more.
          ...(settings.associatePublicIpAddress === undefined ? ["associatePublicIpAddress"] : []),
        ],
        // AWS would change these in place and start the machine, but its user data runs only once.
        replaceOnChanges: [
          "instanceType",
          "rootBlockDevice.volumeSize",
          "rootBlockDevice.volumeType",
          "vpcSecurityGroupIds",
          "iamInstanceProfile",
        ],
        customTimeouts: { create: "15m" },
      },
    );

    this.instanceId = instance.id;
    this.arn = instance.arn;
    this.instanceUrn = instance.urn;
    this.subnetId = instance.subnetId;
    this.securityGroupIds = pulumi.output(securityGroupIds);
    this.instanceProfile = pulumi.output(profile);
    this.instanceType = instance.instanceType;
    this.recipeDigest = pulumi.output(digest);
    this.connect = connectCommand(instance.id, homeRegion(this, args.region));
    this.registerOutputs({
      instanceId: this.instanceId,
      arn: this.arn,
      subnetId: this.subnetId,
      securityGroupIds: this.securityGroupIds,
      instanceProfile: this.instanceProfile,
      instanceType: this.instanceType,
      recipeDigest: this.recipeDigest,
      connect: this.connect,
    });
  }
}

/** Every problem of the plain values, with paths as the caller of `prefix` writes them. */
export function baseInstanceProblems(args: BaseInstanceArgs, prefix = "", settingsName = "settings"): Checks {
  const at = `${prefix}${settingsName}`;
  const { settings = {} } = args;
  const checks = new Checks()
    .add(...validateRecipe(args.recipe, `${prefix}recipe`))
    .rule("region", `${prefix}region`, args.region)
    .rule("imageId", `${prefix}baseImageId`, args.baseImageId)
    .add(...baseImageProblems(`${prefix}baseImage`, args.baseImage, args.baseImageId))
    .rule("minutes", `${prefix}limitMinutes`, args.limitMinutes)
    .rule("instanceType", `${at}.instanceType`, settings.instanceType)
    .fits(`${at}.instanceType`, settings.instanceType, args.recipe.architecture)
    .rule("subnetId", `${at}.subnetId`, settings.subnetId)
    .tags(`${prefix}tags`, args.tags)
    .volume(`${at}.rootVolume`, { ...settings.rootVolume }, true);
  const system =
    args.baseImageId === undefined && args.baseImage === undefined ? findSystem(args.recipe.os) : undefined;
  const rootDevice = system?.rootDevice;
  (settings.volumes ?? []).forEach((v, i) => {
    const path = `${at}.volumes[${i}]`;
    checks.volume(path, { ...v }, false).rule("deviceName", `${path}.deviceName`, v.deviceName);
    // EC2 refuses a name that is used twice, and takes the root's for the root's.
    const others = (settings.volumes ?? []).slice(0, i).map(({ deviceName }) => deviceName);
    if (typeof v.deviceName === "string" && [...others, rootDevice].includes(v.deviceName)) {
      checks.add({
        path: `${path}.deviceName`,
        given: v.deviceName,
        allowed: "a device name for each volume, other than the root's",
        fix: "Use the next free one, e.g. /dev/sdg",
      });
    }
    for (const field of ["deviceName", "sizeGiB"] as const) {
      if (v[field] === undefined) {
        checks.add({
          path: `${path}.${field}`,
          allowed: "a value: only the root volume has one by itself",
          fix: "Set it",
        });
      }
    }
  });
  const smallest = system?.minimumRootGiB;
  const rootSize = settings.rootVolume?.sizeGiB;
  if (smallest !== undefined && typeof rootSize === "number" && rootSize < smallest) {
    checks.add({
      path: `${at}.rootVolume.sizeGiB`,
      given: rootSize,
      allowed: `at least ${smallest} GiB, the size of the base image's snapshot`,
      fix: "Make it larger",
    });
  }
  if (settings.sessionManager && settings.instanceProfile !== undefined) {
    checks.add({
      path: `${at}.sessionManager`,
      given: true,
      allowed: "either sessionManager or instanceProfile",
      fix: "Remove one; an own profile needs the policy AmazonSSMManagedInstanceCore for Session Manager",
    });
  }
  return checks;
}
