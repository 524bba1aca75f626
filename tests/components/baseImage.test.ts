import assert from "node:assert/strict";
import { type BaseImageArgs, BaseInstance, MachineImage } from "../../components";
import { renderRecipe } from "../../components/internal/recipe";
import type { Recipe } from "../../components";
import { type ProgramOptions, type Run, runProgram } from "../support/mocks";
import { all, assertFine, only, RECIPE } from "../support/reading";

const PUBLISHER = "309956199498";
const STRANGER = "666677778888";
const CODE = "abcdefghij0123456789klmno";

interface Published {
  imageId: string;
  ownerId: string;
  name: string;
  created: string;
  imageOwnerAlias?: string;
  architecture?: string;
  deprecated?: boolean;
  state?: string;
  productCode?: string;
}

/** What anybody has published: the strangers' are the newest. */
const PUBLISHED: Published[] = [
  { imageId: "ami-old", ownerId: PUBLISHER, name: "RHEL-9.5.0_HVM-20240101-x86_64-0-Hourly2-GP3", created: "2024" },
  { imageId: "ami-good", ownerId: PUBLISHER, name: "RHEL-9.6.0_HVM-20250101-x86_64-0-Hourly2-GP3", created: "2025" },
  {
    imageId: "ami-arm",
    ownerId: PUBLISHER,
    name: "RHEL-9.6.0_HVM-20250102-arm64-0-Hourly2-GP3",
    created: "2025-2",
    architecture: "arm64",
  },
  {
    imageId: "ami-deprecated",
    ownerId: PUBLISHER,
    name: "RHEL-9.7.0_HVM-20250103-x86_64-0-Hourly2-GP3",
    created: "2025-3",
    deprecated: true,
  },
  {
    imageId: "ami-pending",
    ownerId: PUBLISHER,
    name: "RHEL-9.7.0_HVM-20250104-x86_64-0-Hourly2-GP3",
    created: "2025-4",
    state: "pending",
  },
  { imageId: "ami-evil", ownerId: STRANGER, name: "RHEL-9.9.9_HVM-20991231-x86_64-0-Hourly2-GP3", created: "2099" },
  {
    imageId: "ami-product",
    ownerId: "679593333241",
    imageOwnerAlias: "aws-marketplace",
    name: "product",
    created: "2024",
    productCode: CODE,
  },
  { imageId: "ami-copycat", ownerId: STRANGER, name: "product", created: "2099", productCode: CODE },
];

type Filter = { name: string; values: string[] };

/** DescribeImages as AWS answers it, for the filters that matter here. */
function getAmi(args: { [key: string]: unknown }): { [key: string]: unknown } {
  const filters = new Map((args.filters as Filter[]).map(({ name, values }) => [name, values[0]!]));
  const owners = args.owners as string[] | undefined;
  const like = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.()[\]]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
    );
  const found = PUBLISHED.filter(
    (one) =>
      (!owners || owners.some((owner) => owner === one.ownerId || owner === one.imageOwnerAlias)) &&
      (!filters.has("name") || like(filters.get("name")!).test(one.name)) &&
      (!filters.has("product-code") || filters.get("product-code") === one.productCode) &&
      (one.architecture ?? "x86_64") === (filters.get("architecture") ?? one.architecture ?? "x86_64") &&
      (one.state ?? "available") === (filters.get("state") ?? one.state ?? "available") &&
      (args.includeDeprecated === true || !one.deprecated),
  );
  const [newest] = found.sort((a, b) => (a.created < b.created ? 1 : -1));
  if (!newest) throw new Error("Your query returned no results");
  return { ...newest, id: newest.imageId };
}

const ANYBODYS = { "aws:ec2/getAmi:getAmi": getAmi };
const ROWS: Recipe = { os: "rhel-9", steps: [{ run: "true" }] };

async function run(args: { baseImage?: BaseImageArgs; recipe?: Recipe }, options: ProgramOptions = {}): Promise<Run> {
  return runProgram(() => void new BaseInstance("base", { recipe: RECIPE, ...args }), {
    lookups: ANYBODYS,
    ...options,
  });
}

const amiOf = async (...args: Parameters<typeof run>) => {
  const result = await run(...args);
  assertFine(result);
  return only(result, "aws:ec2:Instance").inputs.ami;
};

describe("the base image", () => {
  it("is the newest of the owner named, never a stranger's newer look-alike", async () => {
    assert.equal(getAmi({ filters: [{ name: "name", values: ["RHEL-9*"] }] }).imageId, "ami-evil", "without an owner");
    const baseImage = { owner: PUBLISHER, namePattern: "RHEL-9*_HVM-*" };
    assert.equal(await amiOf({ baseImage }), "ami-good");
    assert.equal(await amiOf({ baseImage, recipe: { ...RECIPE, architecture: "arm64" } }), "ami-arm");
    const result = await run({ baseImage });
    const { args } = result.lookups.find(({ token }) => token === "aws:ec2/getAmi:getAmi")!;
    assert.deepEqual([args.owners, args.mostRecent, args.includeDeprecated], [[PUBLISHER], true, false]);
  });

  it("of RHEL is Red Hat's own", async () => {
    assert.equal(await amiOf({ recipe: ROWS }), "ami-good");
    assert.equal(await amiOf({ recipe: { ...ROWS, architecture: "arm64" } }), "ami-arm");
  });

  it("of a product is the Marketplace's, not that of somebody with its code", async () => {
    assert.equal(await amiOf({ baseImage: { productCode: CODE } }), "ami-product");
  });

  it("is refused when AWS answers with another owner's", async () => {
    const strange = () => ({ id: "ami-evil", imageId: "ami-evil", ownerId: STRANGER });
    for (const owner of [PUBLISHER, "amazon", "self"]) {
      const baseImage = { owner, namePattern: "RHEL-9*" };
      const answer = owner === PUBLISHER ? strange() : { ...strange(), imageOwnerAlias: "aws-marketplace" };
      const result = await run({ baseImage }, { lookups: { "aws:ec2/getAmi:getAmi": () => answer } });
      const said = [...result.thrown.map(String), ...result.errors].join();
      assert.match(said, /The base image found for RHEL-9\* of .* is ami-evil of .*: it is not used/);
      assert.equal(all(result, "aws:ec2:Instance").length, 0);
    }
  });

  it("comes from the parameter named", async () => {
    const lookups = {
      "aws:ssm/getParameter:getParameter": () => ({ value: "ami-golden", insecureValue: "ami-golden" }),
    };
    assert.equal(await amiOf({ baseImage: { ssmParameter: "/golden" } }, { lookups }), "ami-golden");
  });

  it("may change without replacing anything, but another choice makes another base instance", async () => {
    const at = async (baseImage?: BaseImageArgs) => only(await run({ baseImage }), "aws:ec2:Instance");
    const one = await at({ owner: PUBLISHER, namePattern: "RHEL-9.5*" });
    const two = await at({ owner: PUBLISHER, namePattern: "RHEL-9.6*" });
    assert.ok((one.options.ignoreChanges as string[]).includes("ami"));
    assert.notEqual(one.inputs.userDataBase64, two.inputs.userDataBase64);
    assert.equal(one.inputs.userDataBase64, renderRecipe(RECIPE, { base: `RHEL-9.5* of ${PUBLISHER}` }).userDataBase64);
    const none = await at();
    assert.equal(none.inputs.userDataBase64, renderRecipe(RECIPE).userDataBase64, "nothing is added by default");
  });

  it("reaches the base instance of a version, in its region", async () => {
    const result = await runProgram(
      () =>
        void new MachineImage("web", {
          version: "1.0.0",
          recipe: RECIPE,
          region: "eu-west-1",
          baseImage: { owner: PUBLISHER, namePattern: "RHEL-9*" },
        }),
      { lookups: ANYBODYS },
    );
    assertFine(result);
    assert.equal(only(result, "aws:ec2:Instance").inputs.ami, "ami-good");
    assert.equal(result.lookups.find(({ token }) => token.includes("getAmi"))?.args.region, "eu-west-1");
  });

  it("of Windows runs on a type with enough memory", async () => {
    const recipe = { os: "windows-2022", steps: [{ packages: ["Web-Server"] }] };
    const result = await run({ recipe });
    assertFine(result);
    const { inputs } = only(result, "aws:ec2:Instance");
    assert.equal(inputs.instanceType, "t3.medium");
    const userData = Buffer.from(inputs.userDataBase64 as string, "base64").toString("utf8");
    assert.match(userData, /^<powershell>/);
    assert.ok(result.lookups.some(({ args }) => String(args.name).endsWith("Windows_Server-2022-English-Full-Base")));
  });
});
