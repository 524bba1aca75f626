/** What a fleet's dashboard is made of. Dimensions are those of CloudWatch: the ends of ARNs. */
export interface DashboardFacts {
  name: string;
  region: string;
  version: string | undefined;
  imageId: string;
  groupName: string;
  /** Name of the parameter that the fleet writes. */
  record: string;
  /** It has no instances: nothing is proven to run. */
  staged: boolean;
  /** `app/…` or `net/…`, with a load balancer. */
  loadBalancer?: string;
  /** `targetgroup/…`, the fleet's own first. */
  targetGroups?: string[];
  http: boolean;
  alarmArns: string[];
}

type Metric = (string | { [option: string]: unknown })[];

/**
 * The dashboard's body. CloudWatch knows neither versions nor instance refreshes: the text names the version that this
 * program wants and the commands that show the rest.
 */
export function dashboardBody(facts: DashboardFacts): string {
  const { region, groupName, loadBalancer, targetGroups = [], alarmArns } = facts;
  const widgets: object[] = [{ type: "text", width: 24, height: 5, properties: { markdown: intro(facts) } }];
  const graph = (title: string, metrics: Metric[], more: object = {}) =>
    widgets.push({
      type: "metric",
      width: 12,
      height: 6,
      properties: { title, region, view: "timeSeries", period: 60, metrics, ...more },
    });
  const size = (metric: string, label: string): Metric => [
    "AWS/AutoScaling",
    metric,
    "AutoScalingGroupName",
    groupName,
    { label, stat: "Average" },
  ];
  graph("Instances", [
    size("GroupInServiceInstances", "in service"),
    size("GroupDesiredCapacity", "wanted"),
    size("GroupPendingInstances", "coming"),
    size("GroupTerminatingInstances", "going"),
    size("GroupMinSize", "fewest"),
    size("GroupMaxSize", "most"),
  ]);
  graph("CPU", [["AWS/EC2", "CPUUtilization", "AutoScalingGroupName", groupName, { stat: "Average", label: "%" }]]);
  if (loadBalancer !== undefined) {
    const namespace = facts.http ? "AWS/ApplicationELB" : "AWS/NetworkELB";
    const of = (metric: string, targetGroup: string, stat: string, label: string): Metric => [
      ...[namespace, metric, "TargetGroup", targetGroup, "LoadBalancer", loadBalancer],
      { stat, label },
    ];
    graph(
      "Hosts",
      targetGroups.flatMap((group) => [
        of("HealthyHostCount", group, "Minimum", `healthy ${shortName(group)}`),
        of("UnHealthyHostCount", group, "Maximum", `unhealthy ${shortName(group)}`),
      ]),
    );
    if (facts.http) {
      const each = (metric: string, stat: string, what: string) =>
        targetGroups.map((group) => of(metric, group, stat, `${what} ${shortName(group)}`));
      graph("Requests", [
        ...each("RequestCount", "Sum", "all"),
        ...each("HTTPCode_Target_5XX_Count", "Sum", "5xx"),
        ...each("HTTPCode_Target_4XX_Count", "Sum", "4xx"),
      ]);
      graph("Seconds to answer", [
        ...each("TargetResponseTime", "p50", "p50"),
        ...each("TargetResponseTime", "p99", "p99"),
      ]);
    }
  }
  if (alarmArns.length > 0) {
    widgets.push({
      type: "alarm",
      width: 12,
      height: 6,
      properties: { title: "Alarms of the rollout", alarms: alarmArns },
    });
  }
  return JSON.stringify({ widgets });
}

/** `targetgroup/web-lb-1234567/0123` → `web-lb-1234567`. */
const shortName = (targetGroup: string): string => targetGroup.split("/")[1] ?? targetGroup;

function intro({ name, region, version, imageId, groupName, record, staged }: DashboardFacts): string {
  return [
    `# ${name}${version === undefined ? "" : ` ${version}`}`,
    `Wanted: ${imageId} in ${region}. ${staged ? "What it would run" : "What it is proven to run"}: \`aws ssm get-parameter --region ${region} --name ${record}\``,
    "",
    `A rollout under way: \`aws autoscaling describe-instance-refreshes --region ${region} --auto-scaling-group-name ${groupName}\``,
    "",
    "All of it at once: `npx ami-lifecycle status`",
  ].join("\n");
}
