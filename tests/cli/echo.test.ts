import assert from "node:assert/strict";
import type { Run } from "../simulation/command";
import { dataOf, Installed, simulateAll } from "./installed";

const PROGRAM = `import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

class Password extends pulumi.CustomResource {
  declare readonly result: pulumi.Output<string>;
  declare readonly length: pulumi.Output<number>;
  constructor(name: string, args: { length: number; keepers?: object }) {
    const inputs = { ...args, result: undefined };
    super("random:index/randomPassword:RandomPassword", name, inputs, { additionalSecretOutputs: ["result"] });
  }
}
class Namespace extends pulumi.CustomResource {
  constructor(name: string, args: object) {
    super("kubernetes:core/v1:Namespace", name, args);
  }
}
class Network extends pulumi.ComponentResource {
  declare readonly vpcId: pulumi.Output<string>;
  constructor(name: string) {
    super("awsx:ec2:Vpc", name, { vpcId: undefined }, {}, true);
  }
}

const config = new pulumi.Config();
const password = new Password("password", { length: 20, keepers: { token: config.requireSecret("token") } });
new Namespace("site", { metadata: { name: password.length.apply((length) => \`site-\${length}\`) } });
const network = new Network("network");
new aws.ssm.Parameter("secret", { type: "SecureString", value: password.result });
const cluster = pulumi.runtime.invokeOutput("kubernetes:core/v1:getCluster", { name: "main", token: config.requireSecret("token"), url: pulumi.interpolate\`https://x/\${config.requireSecret("token")}\` });

export const result = password.result;
export const length = password.length;
export const vpcId = network.vpcId;
export { cluster };
export const token = config.requireSecret("token");
export const login = config.requireSecretObject<{ user: string }>("login").user;
export const limit = config.getSecretNumber("limit");
export const settings = config.requireSecretObject("settings");
`;

const PLAIN = `import * as pulumi from "@pulumi/pulumi";
export const login = new pulumi.Config().requireObject<{ user: string }>("login").user;
`;

const FILES = {
  "index.ts": PROGRAM,
  "Pulumi.yaml": "name: echo\nruntime: { name: nodejs }\nconfig:\n  aws:region: us-east-1\n",
  "Pulumi.dev.yaml": `config:
  echo:token: { secure: v1:aaaaaaaaaaaaaaaa:bbbb }
  login: { secure: v1:aaaaaaaaaaaaaaaa:cccc }
  echo:limit:
    secure: v1:aaaaaaaaaaaaaaaa:dddd
  echo:settings: { user: me, inner: [{ secure: v1:aaaaaaaaaaaaaaaa:eeee }] }
`,
};

describe("what the model does not know", function () {
  this.timeout(120_000);
  let installed: Installed;
  let runs: Map<string, Run>;
  before(async () => {
    installed = new Installed();
    runs = await simulateAll(installed, {
      json: { files: FILES },
      text: { files: FILES, args: [] },
      plain: { files: { ...FILES, "index.ts": PLAIN } },
      given: {
        files: FILES,
        args: [
          "--json",
          "--config",
          'login={"user":"hush"}',
          "--config",
          "echo:limit=7",
          "--config",
          "echo:token=hush-token",
        ],
      },
    });
  });
  after(() => installed.remove());

  it("is echoed: inputs become outputs, and what is computed is unknown", () => {
    const { outputs, resources, code, problems } = dataOf(runs, "json");
    assert.equal(code, 0, JSON.stringify(problems));
    assert.deepEqual(
      { result: outputs.result, length: outputs.length, vpcId: outputs.vpcId, cluster: outputs.cluster },
      { result: "[unknown]", length: 20, vpcId: "[unknown]", cluster: "[unknown]" },
    );
    const site = resources.find(({ name }) => name === "site");
    assert.deepEqual(site?.inputs, { metadata: { name: "site-20" } });
    assert.equal(site?.region, undefined);
  });

  it("is counted, and marked where it is listed", () => {
    const { summary, resources, lookups } = dataOf(runs, "json");
    assert.deepEqual(summary.notModelled, { resources: 3, lookups: 1 });
    assert.deepEqual(Object.fromEntries(resources.map(({ name, modelled }) => [name, modelled])), {
      network: false,
      password: false,
      secret: undefined,
      site: false,
    });
    assert.deepEqual(lookups, [
      {
        args: { name: "main", token: "[secret]", url: "https://x/[secret]" },
        certainty: "unknown",
        modelled: false,
        token: "kubernetes:core/v1:getCluster",
      },
    ]);
  });

  it("is in the text's first line, in the tree and in a section of its own", () => {
    const { out = "" } = runs.get("text") ?? {};
    assert.match(out, /^dev: 4 resources \(3 not modelled\) in 1 region, 0 gates, 0 problems\n/);
    assert.match(out, /─ site {2}Namespace +not modelled\n/);
    assert.match(out, /─ network {2}Vpc +us-east-1 +children not visible\n/);
    assert.ok(
      out.includes(`
Not modelled (inputs are echoed, all else is unknown)
  awsx:ec2:Vpc: network
  kubernetes:core/v1:Namespace: site
  look-ups: kubernetes:core/v1:getCluster
  random:index/randomPassword:RandomPassword: password
`),
      out,
    );
  });

  it("never shows a secret of the config, encrypted or given", () => {
    for (const [name, { out, err }] of runs) assert.doesNotMatch(out + err, /v1:aaaa|hush/, name);
    const { outputs, resources } = dataOf(runs, "json");
    const secrets = { token: outputs.token, settings: outputs.settings };
    assert.deepEqual(secrets, { token: "[secret]", settings: "[secret]" });
    assert.deepEqual(resources.find(({ name }) => name === "password")?.inputs, {
      keepers: { token: "[secret]" },
      length: 20,
    });
    const { outputs: given, code } = dataOf(runs, "given");
    assert.deepEqual([given.login, given.limit, code], ["[secret]", "[secret]", 0]);
  });

  it("keeps encrypted numbers and objects unknown, instead of failing to read them", () => {
    const { outputs } = dataOf(runs, "json");
    for (const name of ["login", "limit"]) assert.match(outputs[name] as string, /^\[(?:unknown|secret)\]$/, name);
  });

  it("says what to do where a plain value would have to be unknown", () => {
    const message =
      "echo:login is encrypted, and a plain value cannot be unknown. Use requireSecretObject, " +
      "or give it a value by --config echo:login=VALUE";
    assert.deepEqual(dataOf(runs, "plain").problems, [{ severity: "error", message, source: "index.ts:2" }]);
  });
});
