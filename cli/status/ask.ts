import type { AutoScalingGroup, Instance as Member, InstanceRefresh } from "@aws-sdk/client-auto-scaling";
import type { Image, Instance } from "@aws-sdk/client-ec2";
import { accountOf, type Aws } from "../../components/gates/kit/aws";
import { describeError } from "../../components/gates/kit/errors";
import { GateFailure } from "../../components/gates/kit/failure";
import { equalTo } from "../../components/gates/rollout/equalTemplates";
import { sameTemplate, templateOf } from "../../components/gates/rollout/group";
import { TAG } from "../../components/internal/tags";
import { groupOf, tagsOf } from "../servers/marks";
import * as calls from "./calls";
import type { Answer, GroupFact, ImageFact, InstanceFact, MemberFact, RefreshFact, RegionFacts } from "./facts";
import { Questions } from "./questions";
import { type Live, liveOf } from "./records";

/** A line of one stack. */
export interface Subject {
  line: string;
  stack: string;
}

/** What a region says, or that it does not: one that is lost must not hide the others. */
export async function answerOf(aws: Aws, subject: Subject, seconds: number): Promise<Answer> {
  const { region } = aws;
  const questions = new Questions(aws);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve({ region, error: questions.silence(seconds) }), seconds * 1000);
  });
  const refused = (error: unknown): Answer => {
    if (error instanceof GateFailure) return { region, error: describeError(error) };
    // A mistake of the program itself is no answer of AWS's.
    if (error instanceof Error && error.cause !== undefined) return { region, error: error.message };
    throw error;
  };
  try {
    return await Promise.race([factsOf(questions, subject).catch(refused), silence]);
  } finally {
    clearTimeout(timer);
  }
}

async function factsOf(of: Questions, { line, stack }: Subject): Promise<RegionFacts> {
  const [stored, tagged] = await Promise.all([
    calls.parametersBelow(of, `/ami/${line}/${stack}`),
    calls.imagesOfLine(of, line),
  ]);
  const parameters = Object.fromEntries(stored.map(({ Name, Value }) => [Name?.split("/").at(-1) ?? "", Value ?? ""]));
  const live = liveOf(parameters.live ?? parameters.staged);
  const own = tagged.filter((image) => isOfStack(image, line, stack));
  const known = own.map(({ ImageId = "" }) => ImageId);
  const values = [...Object.values(parameters), live?.imageId ?? ""];
  const named = [...new Set(values)].filter((value) => value.startsWith("ami-") && !known.includes(value));
  // One that is gone may still run.
  const [others, launched] = await Promise.all([
    calls.imagesById(of, named),
    calls.instancesBy(of, "image-id", [...known, ...named]),
  ]);
  const names = [live?.group, ...launched.map(({ Tags }) => groupOf(Tags))].filter((name) => name !== undefined);
  const groups = await calls.groupsNamed(of, [...new Set(names)]);
  const looked = await Promise.all(
    groups.map(async (group) => {
      const [warm, refresh] = await Promise.all([calls.warmPoolOf(of, group), calls.refreshOf(of, group)]);
      return { group, warm, refresh };
    }),
  );
  const seen = new Set(launched.map(({ InstanceId }) => InstanceId));
  const members = looked.flatMap(({ group, warm }) => [...(group.Instances ?? []), ...warm]);
  const unseen = members.flatMap(({ InstanceId: id }) => (id === undefined || seen.has(id) ? [] : [id]));
  const instances = [...launched, ...(await calls.instancesBy(of, "instance-id", unseen))].map(instanceFact);
  return {
    region: of.aws.region,
    account: accountOf(stored[0]?.ARN) ?? own[0]?.OwnerId,
    parameters,
    images: [
      ...own.map((image) => imageFact(image, stack)),
      // Another stack's version is none of this one's: an adopted image is what its parameter says.
      ...others.map((image) => ({ ...imageFact(image, stack), version: undefined })),
    ],
    instances,
    groups: await Promise.all(looked.map((one) => groupFact(of, one, live, instances))),
  };
}

/** By the tag `PROJECT/STACK`: the project need not be known. A server's raw image has no version. */
function isOfStack({ Tags }: Image, line: string, stack: string): boolean {
  const tags = tagsOf(Tags);
  return tags[TAG.line] === line && tags[TAG.version] !== undefined && tags[TAG.stack]?.split("/").at(-1) === stack;
}

function imageFact({ ImageId, Name, State, Tags, DeprecationTime }: Image, stack: string): ImageFact {
  const tags = tagsOf(Tags);
  // Of one from outside each adopter has a record of its own.
  const adopted = Object.keys(tags).find((key) => key.startsWith(`${TAG.verified}/`) && key.endsWith(`/${stack}`));
  return {
    id: ImageId ?? "",
    name: Name,
    state: State ?? "unknown",
    version: tags[TAG.version],
    source: tags[TAG.source],
    verified: adopted === undefined ? tags[TAG.verified] : tags[adopted],
    deprecationTime: DeprecationTime || undefined,
  };
}

function instanceFact({ InstanceId, ImageId, State, Tags }: Instance): InstanceFact {
  const tags = tagsOf(Tags);
  return {
    id: InstanceId ?? "",
    imageId: ImageId ?? "",
    state: State?.Name ?? "unknown",
    name: tags.Name || undefined,
    group: groupOf(Tags),
    isProof: tags[TAG.proof] !== undefined,
  };
}

interface Looked {
  group: AutoScalingGroup;
  warm: Member[];
  refresh?: InstanceRefresh;
}

async function groupFact(
  of: Questions,
  { group, warm, refresh }: Looked,
  live: Live | undefined,
  instances: readonly InstanceFact[],
): Promise<GroupFact> {
  const name = group.AutoScalingGroupName ?? "";
  const members = [
    ...(group.Instances ?? []).map((member) => ({ member, isWarm: false })),
    ...warm.map((member) => ({ member, isWarm: true })),
  ].filter(({ member }) => !/Terminat/.test(member.LifecycleState ?? ""));
  const imageOf = new Map(instances.map(({ id, imageId }) => [id, imageId]));
  // Of the right image, and yet of another template version: is that one equal but for its tags? Else nobody need ask.
  const isOdd = ({ member }: { member: Member }) =>
    imageOf.get(member.InstanceId ?? "") === live?.imageId && !sameTemplate(templateOf(member), live?.template);
  const wanted =
    live?.group === name && members.some(isOdd)
      ? await of.ask("DescribeLaunchTemplateVersions", () => equalTo(of.aws, live.template))
      : undefined;
  return {
    name,
    desired: group.DesiredCapacity ?? 0,
    template: templateOf(group),
    members: members.map(({ member, isWarm }) => memberFact(member, isWarm, wanted?.instance(member))),
    ...(refresh && { refresh: refreshFact(refresh) }),
  };
}

function memberFact(member: Member, isWarm: boolean, isEqual: boolean | undefined): MemberFact {
  return {
    id: member.InstanceId ?? "",
    lifecycle: member.LifecycleState ?? "unknown",
    isHealthy: member.HealthStatus === "Healthy",
    isWarm,
    template: templateOf(member),
    ...(isEqual !== undefined && { isEqual }),
  };
}

function refreshFact(refresh: InstanceRefresh): RefreshFact {
  return {
    id: refresh.InstanceRefreshId ?? "",
    status: refresh.Status ?? "unknown",
    percentage: refresh.PercentageComplete ?? 0,
    toUpdate: refresh.InstancesToUpdate ?? 0,
    startTime: refresh.StartTime?.toISOString(),
  };
}
