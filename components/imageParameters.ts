import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./gates/kit/aws";
import { gateHook, gateInputs, hooked } from "./gates/kit/hooks";
import { valueOf } from "./gates/kit/settings";
import { parameterAccepted } from "./gates/parameterAccepted";
import type { ImageParametersArgs } from "./imageParametersArgs";
import { imageParameterName } from "./internal/names";
import { type Pointers, pointersOf } from "./internal/pointers";
import { Checks } from "./internal/rules";
import { compareVersions, isVersion, versionProblems } from "./internal/versions";
import { after, refuse } from "./parts/component";

const IMAGE = "aws:ec2:image";

/** SSM looks at an image within seconds; the rest is patience. */
const LIMIT_MINUTES = 5;

/**
 * SSM parameters of the type `aws:ec2:image` in each region, for launch templates and others to refer to
 * (`resolve:ssm:/ami/LINE/STACK/current`): one for each version, and the pointers `candidate`, `current` and `previous`.
 * A pointer is written only after SSM has accepted the same image under its version's name, and the record `pointers`
 * only after SSM has accepted the pointers.
 */
export class ImageParameters extends pulumi.ComponentResource {
  /** Names of the parameters, the same in every region: by version, and by pointer. */
  public readonly names: pulumi.Output<{ [of: string]: string }>;

  constructor(name: string, args: ImageParametersArgs, opts?: pulumi.ComponentResourceOptions) {
    // Without the ids and `live`: a component waits for its inputs, and its children for it.
    super("pulumi-ami-lifecycle:index:ImageParameters", name, { ...args, imageIds: undefined, live: undefined }, opts);
    const line = args.line ?? name;
    refuse(this, `ImageParameters "${name}"`, imageParametersProblems(args, line).problems);

    const versions = versionsOf(args);
    const pointers = pointersOf(versions, args.current);
    const nameOf = (of: string) => imageParameterName(line, pulumi.getStack(), of);
    for (const region of regionsOf(args)) this.inRegion(region, { name, line, versions, pointers, nameOf }, args);

    const of = [...versions, ...Object.keys(pointers).filter((key) => pointers[key as keyof Pointers] !== undefined)];
    this.names = pulumi.output(Object.fromEntries(of.map((one) => [one, nameOf(one)])));
    this.registerOutputs({ names: this.names });
  }

  private inRegion(region: string, line: Line, args: ImageParametersArgs): void {
    const { name, versions, pointers } = line;
    const idOf = (version: string) => args.imageIds[version]?.[region];
    const parameter = (of: string, imageId: pulumi.Input<string>, description: string, reads: Read[]) =>
      this.parameter(
        { record: `${name}-${region}-${of}`, of, region, value: imageId, dataType: IMAGE, description, reads },
        line,
        args,
      );

    const made = new Map<string, aws.ssm.Parameter>();
    for (const version of versions) {
      const id = idOf(version);
      if (id !== undefined) made.set(version, parameter(version, id, `${line.line} ${version}`, []));
    }
    const proof = (version: string): Read[] => {
      const [id, record] = [idOf(version), made.get(version)];
      return id === undefined || !record ? [] : [{ of: version, imageId: id, record }];
    };
    const point = (of: keyof Pointers, description: string, reads: Read[], moves: boolean) => {
      const version = pointers[of];
      const id = version === undefined ? undefined : idOf(version);
      if (id === undefined) return undefined;
      // Only then does the fleet run it, or has it left it.
      const imageId = moves && args.live !== undefined ? after(id, args.live) : id;
      return { of, imageId, record: parameter(of, imageId, description, reads) };
    };
    const written = [
      // The newest comes with new versions: a good moment to look at all of them.
      point("candidate", `The newest verified image of ${line.line}`, versions.flatMap(proof), false),
      point("current", `The image that ${line.line} runs`, proof(pointers.current), true),
      pointers.previous === undefined
        ? undefined
        : point("previous", `The image that a rollback of ${line.line} goes to`, proof(pointers.previous), true),
    ].filter((one) => one !== undefined);
    this.proven(region, line, written, args);
  }

  /** The record that SSM has accepted the pointers: which version each of them is proven to name. */
  private proven(region: string, line: Line, reads: Read[], args: ImageParametersArgs): void {
    const named = Object.fromEntries(reads.map(({ of }) => [of, line.pointers[of as keyof Pointers]]));
    const record = { record: `${line.name}-${region}-pointers`, of: "pointers", region, reads };
    const description = `What the pointers of ${line.line} are proven to name`;
    this.parameter({ ...record, value: JSON.stringify(named), description }, line, args);
  }

  private parameter(spec: ParameterSpec, { nameOf }: Line, args: ImageParametersArgs): aws.ssm.Parameter {
    const { record, region, reads } = spec;
    const read = pulumi.all(reads.map(({ imageId }) => imageId));
    const arns = pulumi.all(reads.map((one) => one.record.arn));
    const gate =
      reads.length === 0
        ? undefined
        : gateHook({
            owner: this,
            record,
            gate: "parameterAccepted",
            region,
            gates: args.gates,
            run: async ({ aws: sdk, say }) => {
              const ids = await valueOf(read);
              return parameterAccepted(
                sdk,
                {
                  what: `${nameOf(spec.of)} in ${region}`,
                  wanted: Object.fromEntries(reads.map(({ of }, i) => [nameOf(of), ids[i] as string])),
                  account: accountOf((await valueOf(arns))[0]),
                  limitMinutes: LIMIT_MINUTES,
                },
                say,
              );
            },
          });
    return new aws.ssm.Parameter(
      record,
      {
        name: nameOf(spec.of),
        type: "String",
        dataType: spec.dataType,
        description: `${spec.description}. Written by pulumi-ami-lifecycle.`,
        // Not `value`: the SDK takes that for a secret, and neither previews nor gates could read it.
        insecureValue: after(spec.value, read, arns, ...gateInputs(args.gates)),
        tags: args.tags,
        region,
      },
      {
        parent: this,
        dependsOn: reads.map((one) => one.record),
        ...hooked({ beforeCreate: [gate], beforeUpdate: [gate] }),
      },
    );
  }
}

/** What all parameters of a line share. */
interface Line {
  name: string;
  line: string;
  versions: string[];
  pointers: Pointers;
  nameOf: (of: string) => string;
}

/** A parameter written before, and what it must say by now. */
interface Read {
  of: string;
  imageId: pulumi.Input<string>;
  record: aws.ssm.Parameter;
}

interface ParameterSpec {
  record: string;
  /** The version or pointer. */
  of: string;
  region: string;
  value: pulumi.Input<string>;
  /** Without it plain text. */
  dataType?: string;
  description: string;
  reads: Read[];
}

/** Oldest first, whatever order the keys come in: from other languages it is that of the text. */
const versionsOf = ({ imageIds }: ImageParametersArgs): string[] => {
  const keys = Object.keys(imageIds);
  return keys.every(isVersion) ? keys.sort(compareVersions) : keys;
};

const regionsOf = ({ imageIds }: ImageParametersArgs): string[] => [
  ...new Set(Object.values(imageIds).flatMap((byRegion) => Object.keys(byRegion))),
];

/** Every problem of the plain values. */
function imageParametersProblems(args: ImageParametersArgs, line: string): Checks {
  const checks = new Checks()
    .rule("line", "line", line)
    .add(...versionProblems(versionsOf(args), args.current))
    .tags("tags", args.tags);
  for (const [version, byRegion] of Object.entries(args.imageIds)) {
    for (const [region, id] of Object.entries(byRegion)) {
      const at = `imageIds["${version}"]["${region}"]`;
      checks.rule("region", at, region).rule("imageId", at, id);
    }
  }
  return checks;
}
