/** `simulate --report FILE.html` in a browser: what a reader sees, reaches and is told. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { source as axe } from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { safetyFacts } from "../../simulation/html/facts";
import type { Simulation, Wire } from "../../simulation/types";
import { UNKNOWN } from "../../simulation/wire";
import { temporary } from "../support/temporary";
import { ROOT, type Run, simulateProd } from "./command";
import { resource } from "./difference/resources";

const SIZE = { width: 1280, height: 900 };
const NARROW = { width: 360, height: 740 };

interface Violation {
  id: string;
  nodes: { html: string }[];
}

describe("the page of a report", function () {
  this.timeout(120_000);
  let browser: Browser;
  let prod: Run;
  const folder = temporary("report");
  const file = join(folder, "prod.html");

  before(async function () {
    const found = spawnSync("sh", [
      "-c",
      "command -v chromium || command -v chromium-browser || command -v google-chrome",
    ]);
    const executablePath = found.stdout.toString().trim();
    if (executablePath === "") {
      assert.ok(!process.env.CI, "chromium is missing");
      this.skip();
    }
    // Root has no sandbox of its own.
    [browser, prod] = await Promise.all([
      chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] }),
      simulateProd("--report", file),
    ]);
    assert.equal(prod.code, 0, prod.err);
  });
  after(() => browser?.close());

  /** Opens the page, and fails where it says anything to the console or asks for anything. */
  async function opened(options: BrowserContextOptions, look: (page: Page) => Promise<void>, at = file): Promise<void> {
    const context = await browser.newContext({ viewport: SIZE, ...options });
    const said: string[] = [];
    const page = await context.newPage();
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    try {
      await page.goto(`file://${at}`);
      await look(page);
      assert.deepEqual(said, []);
    } finally {
      await context.close();
    }
  }

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const found = await page.evaluate(
      "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then(({ violations }) => violations)",
    );
    return (found as Violation[]).map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
    );
  }

  for (const colorScheme of ["light", "dark"] as const) {
    for (const [name, viewport] of [
      ["wide", SIZE],
      ["narrow", NARROW],
    ] as const) {
      it(`has no fault of accessibility, ${colorScheme} and ${name}`, async () => {
        await opened({ colorScheme, viewport }, async (page) => {
          assert.deepEqual(await violations(page), []);
        });
      });
    }
  }

  it("has none when a resource is chosen", async () => {
    await opened({}, async (page) => {
      await page.locator("#graph .node").first().click();
      assert.deepEqual(await violations(page), []);
    });
  });

  it("shows graph and timeline, and begins with the summary", async () => {
    await opened({}, async (page) => {
      assert.equal(await page.title(), "prod of pulumi-ami-lifecycle");
      assert.equal(await page.locator("main section").first().getAttribute("aria-label"), "Summary");
      assert.match(await page.locator(".tiles").innerText(), /64\s+resources to create/);
      assert.equal(await page.locator("#graph .node").count(), 57);
      assert.ok(await page.locator("#graph").isVisible());
      assert.ok((await page.locator(".bar i").count()) > 10);
      const bar = await page.locator(".bar i").nth(1).boundingBox();
      assert.ok(bar && bar.width > 50 && bar.height > 5);
      for (const heading of [
        "Problems",
        "Resources",
        "Timeline",
        "Regions",
        "Versions and pointers",
        "Security and permanence",
      ]) {
        assert.equal(await page.getByRole("heading", { name: heading }).count(), 1, heading);
      }
    });
  });

  const node = (page: Page, title: string) => page.locator("#graph").getByRole("button", { name: title, exact: true });
  const dim = (page: Page) => page.locator("#graph .node.dim").count();

  it("shows what is chosen by a click, and dims what has nothing to do with it", async () => {
    await opened({}, async (page) => {
      await node(page, "web-1.0.0-us-east-1, AmiCopy, us-east-1").click();
      const details = await page.locator("#details").innerText();
      assert.match(details, /^web-1\.0\.0-us-east-1, AmiCopy, us-east-1\n+aws:ec2\/amiCopy:AmiCopy · us-east-1/);
      assert.match(details, /gate sourceVerified · gate nameFree/);
      assert.match(details, /\nNeeds \(\d+\)\n([^\n]+\n)*web-us-east-1-images, Rule, us-east-1\n/);
      assert.match(details, /\nIs needed by \(\d+\)\n([^\n]+\n)*web-1\.0\.0-us-east-1-verified, Tag, us-east-1\n/);
      assert.match(details, /"name": "web\/prod\/1\.0\.0"/);
      assert.ok((await dim(page)) > 3);
      const isDim = async (title: string) => (await node(page, title).getAttribute("class"))?.includes("dim");
      assert.equal(await isDim("web-live, Parameter, us-east-1"), false, "it needs the copy");
      assert.equal(await isDim("web-us-east-1-images, Rule, us-east-1"), false, "the copy needs it");
      assert.equal(await isDim("web-1.0.0-us-west-2, AmiCopy, us-west-2"), true);
      await page.keyboard.press("Escape");
      assert.equal(await dim(page), 0);
      assert.match(await page.locator("#details").innerText(), /Choose a resource/);
      assert.equal(await page.locator("#said").innerText(), "");
    });
  });

  it("goes on from there to what it needs and what needs it, and the reader stays with the details", async () => {
    await opened({}, async (page) => {
      await node(page, "web-1.0.0-us-east-1, AmiCopy, us-east-1").click();
      await page.getByRole("button", { name: "Full size" }).click();
      const next = page.locator("#details").getByRole("button", { name: /^web-1\.0\.0-us-east-1-verified/ });
      await next.scrollIntoViewIfNeeded();
      const before = await page.evaluate<number>("scrollY");
      await next.press("Enter");
      const title = "web-1.0.0-us-east-1-verified, Tag, us-east-1";
      assert.equal(await page.locator("#details h3").innerText(), title);
      assert.equal(await page.evaluate("document.activeElement.textContent"), title, "the next step is a Tab away");
      assert.equal(await page.evaluate<number>("scrollY"), before);
      assert.match(await page.locator("#said").innerText(), new RegExp(`^${title}: `));
      assert.equal(await page.locator("#graph [aria-pressed=true]").getAttribute("aria-label"), title);
      const [inner, outer] = [
        await page.locator("#graph .chosen").boundingBox(),
        await page.locator("#picture").boundingBox(),
      ];
      assert.ok(inner && outer && inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width);
      assert.deepEqual(await violations(page), []);
      await page.keyboard.press("Escape");
      assert.equal(await page.evaluate("document.activeElement.getAttribute('aria-label')"), title);
    });
  });

  it("names all that a resource needs, also what others of its needs need", async () => {
    await opened({}, async (page) => {
      await node(page, "web-live, Parameter, us-east-1").click();
      const needs = await page.locator("#details ul").first().innerText();
      for (const title of [
        "web, Group, us-east-1",
        "web-template, LaunchTemplate, us-east-1",
        "web-lb, ApplicationLoadBalancer, us-east-1",
      ]) {
        assert.ok(needs.split("\n").includes(title), `${title} in ${needs}`);
      }
    });
  });

  it("shows the graph larger, smaller, in its full size, its full width and as a whole", async () => {
    await opened({}, async (page) => {
      const width = async () => (await page.locator("#graph").boundingBox())!.width;
      const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
      const overflows = () =>
        page.evaluate<boolean[]>(
          "(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => [scrollWidth > clientWidth, scrollHeight > clientHeight])(document.getElementById('picture'))",
        );
      const first = await width();
      assert.equal((await overflows())[0], false, "it begins in its whole width, where that can be read");
      await press("Full size");
      const full = await width();
      assert.ok(full > first);
      await press("Larger");
      assert.ok(Math.abs((await width()) - full * 1.25) <= 1);
      await press("Smaller");
      assert.ok(Math.abs((await width()) - full) <= 1);
      await press("Whole graph");
      assert.deepEqual(await overflows(), [false, false]);
      assert.deepEqual(await violations(page), []);
      await press("Full width");
      assert.ok(Math.abs((await width()) - first) <= 20);
    });
  });

  it("follows the window until the reader chooses a size", async () => {
    await opened({}, async (page) => {
      const width = async () => Math.round((await page.locator("#graph").boundingBox())!.width);
      const first = await width();
      await page.setViewportSize({ width: 1200, height: 900 });
      const settled = () =>
        page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
      await settled();
      assert.ok((await width()) < first);
      await page.getByRole("button", { name: "Full size" }).click();
      const full = await width();
      await page.setViewportSize({ width: 1100, height: 900 });
      await settled();
      assert.equal(await width(), full);
    });
  });

  it("does the same by keyboard", async () => {
    await opened({}, async (page) => {
      const live = node(page, "web-live, Parameter, us-east-1");
      await live.focus();
      await page.keyboard.press("Enter");
      assert.equal(await live.getAttribute("aria-pressed"), "true");
      assert.match(await page.locator("#details").innerText(), /gate rolloutFinished/);
      await page.keyboard.press(" ");
      assert.equal(await live.getAttribute("aria-pressed"), "false");
      assert.equal(await dim(page), 0);
    });
  });

  it("fits 360 pixels: tables and the graph scroll by themselves", async () => {
    await opened({ viewport: NARROW }, async (page) => {
      assert.ok((await page.locator("#graph").boundingBox())!.width > 3 * NARROW.width, "its texts can be read");
      assert.ok((await page.evaluate<number>("document.documentElement.scrollWidth")) <= NARROW.width);
    });
  });

  it("prints without what only a screen has", async () => {
    await opened({ colorScheme: "dark" }, async (page) => {
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator("nav").isVisible(), false);
      assert.equal(await page.locator("#details").isVisible(), false);
      assert.ok(await page.locator("#graph").isVisible());
      const colours = await page.evaluate<string[]>(
        "[document.body, document.querySelector('.tiles li')].map((one) => getComputedStyle(one).color)",
      );
      assert.deepEqual(colours, ["rgb(27, 31, 36)", "rgb(27, 31, 36)"], "dark ink, whatever the screen has");
      const [drawn, natural] = await page.evaluate<number[]>(
        "[document.getElementById('graph').getBoundingClientRect().width, document.getElementById('graph').viewBox.baseVal.width * 4 / 3]",
      );
      assert.ok(drawn! <= natural! + 1, "no larger than on the screen");
      assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
    });
  });

  it("tells what is open, protected and under which key", async () => {
    await opened({}, async (page) => {
      const row = (name: string) =>
        page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
      assert.match(await row("web-lb-sg").last().innerText(), /tcp 80 from anywhere/);
      assert.match(
        await row("web-1.0.0-us-west-2").last().innerText(),
        /refused while protected\s+–\s+AWS-managed key\s+Pulumi/,
      );
    });
  });

  it("begins with what changes, against an earlier simulation", async () => {
    const earlier = join(folder, "earlier.json");
    writeFileSync(earlier, (await simulateProd("--json")).out);
    const changed = join(folder, "changed.html");
    const { code, err } = await simulateProd(
      ...["--report", changed, "--against", earlier],
      ...["--config", "ami-lifecycle:recycleBinDays=0", "--config", "ami-lifecycle:minSize=3"],
    );
    assert.equal(code, 0, err);
    await opened(
      {},
      async (page) => {
        const tiles = (await page.locator(".tiles").innerText()).replaceAll(/\s+/g, " ");
        assert.match(tiles, /^5 deleted \d+ updated/);
        const rows = page.getByRole("table", { name: "What differs from the earlier simulation" }).getByRole("row");
        assert.equal(await rows.filter({ hasText: "deleted" }).count(), 5);
        assert.deepEqual(await violations(page), []);
      },
      changed,
    );
  });

  it("is the same bytes again, and says where it is beside the output", async () => {
    const other = join(folder, "again.html");
    const again = await simulateProd("--report", other, "--json");
    assert.equal(readFileSync(other, "utf8"), readFileSync(file, "utf8"));
    assert.equal(again.err, `report: ${other}\n`);
    assert.ok(JSON.parse(again.out));
    assert.equal(prod.err, `report: ${file}\n`);
  });

  it("is not begun where it cannot be written", async () => {
    for (const [place, message] of [
      [join(folder, "no", "x.html"), /there is no directory/],
      [ROOT, /that is a directory/],
    ] as const) {
      const { code, out, err } = await simulateProd("--report", place);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, message);
    }
  });

  it("names the image of each pointer, and the gate of each record", async () => {
    await opened({}, async (page) => {
      const rows = await page.locator("section[aria-labelledby=versions] tbody tr").allInnerTexts();
      const cells = rows.map((row) => row.split(/\s*\t\s*/));
      assert.deepEqual(cells, [
        ["/ami/web/prod/1.0.0", "web-1.0.0-us-east-1", "web-1.0.0-us-west-2"],
        ["/ami/web/prod/candidate", "web-1.0.0-us-east-1", "web-1.0.0-us-west-2"],
        ["/ami/web/prod/current", "web-1.0.0-us-east-1", "web-1.0.0-us-west-2"],
        ["/ami/web/prod/live", "a record, after rolloutFinished", "–"],
        ["/ami/web/prod/pointers", "a record, after parameterAccepted", "a record, after parameterAccepted"],
        ["/ami/web/prod/recovery", "–", "a record"],
        ["/ami/web/prod/staged", "–", "a record, after rolloutFinished"],
      ]);
    });
  });

  it("names the one image of each pointer, of several versions", async () => {
    const of = join(folder, "versions.html");
    const config = ['versions=["1.0.0","1.1.0"]', "current=1.1.0"].flatMap((one) => [
      "--config",
      `ami-lifecycle:${one}`,
    ]);
    assert.equal((await simulateProd("--report", of, ...config)).code, 0);
    await opened(
      {},
      async (page) => {
        const rows = await page.locator("section[aria-labelledby=versions] tbody tr").allInnerTexts();
        const named = Object.fromEntries(rows.map((row) => [/\/([^/\t]+)\t/.exec(row)?.[1], row.split("\t").slice(1)]));
        const images = (version: string) => [`web-${version}-us-east-1`, `web-${version}-us-west-2`];
        assert.deepEqual(named.previous, images("1.0.0"));
        assert.deepEqual(named.current, images("1.1.0"));
        assert.deepEqual(named.candidate, images("1.1.0"));
      },
      of,
    );
  });

  it("names the gates of what decides the end, short as they are", async () => {
    await opened({}, async (page) => {
      const row = page.locator("section[aria-labelledby=timeline] tr", { hasText: "web-us-west-2-staged" });
      assert.match(await row.first().innerText(), /rolloutFinished 0:05, limit 150 min\s+creation 0:05/);
    });
  });

  it("is of a program that goes through", async () => {
    for (const [option, value] of [
      ["--scenario", "region-loss=us-east-1"],
      ["--fail", "web-live"],
    ] as const) {
      const { code, err } = await simulateProd("--report", join(folder, "x.html"), option, value);
      assert.equal(code, 2);
      assert.match(err, new RegExp(`--report and ${option} cannot go together`));
    }
  });

  it("says of balancers whether the internet reaches them", () => {
    const balancers: [type: string, inputs: { [name: string]: Wire }, open: string][] = [
      ["aws:lb/loadBalancer:LoadBalancer", {}, "internet-facing"],
      ["aws:alb/loadBalancer:LoadBalancer", {}, "internet-facing"],
      ["awsx:lb:NetworkLoadBalancer", { internal: false }, "internet-facing"],
      ["awsx:lb:ApplicationLoadBalancer", { internal: "true" }, ""],
      ["aws:alb/loadBalancer:LoadBalancer", { internal: true }, ""],
      ["aws:lb/loadBalancer:LoadBalancer", { internal: UNKNOWN }, "internet-facing, unless internal"],
      ["aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "gateway" }, ""],
      ["awsx:lb:TargetGroupAttachment", {}, ""],
    ];
    const resources = balancers.map(([type, inputs], at) =>
      resource(type, `lb${at}`, { enableDeletionProtection: true, ...inputs }),
    );
    const facts = safetyFacts({ resources } as unknown as Simulation);
    const open = new Map(facts.map((one) => [one.resource, one.open]));
    for (const [at, [type, inputs, said]] of balancers.entries()) {
      assert.equal(open.get(resources[at]!), said, `${type} ${JSON.stringify(inputs)}`);
    }
  });

  it("says of images under which key they are, and of what protects itself that it is not deleted", () => {
    const base = resource("aws:ec2/instance:Instance", "base", { rootBlockDevice: { encrypted: true } });
    const image = resource("aws:ec2/amiFromInstance:AmiFromInstance", "image", { name: "web" }, { inputsFrom: { sourceInstanceId: [base.urn] } });
    const balancer = resource("aws:lb/loadBalancer:LoadBalancer", "lb", { enableDeletionProtection: true, internal: true });
    const facts = safetyFacts({ resources: [base, image, balancer] } as unknown as Simulation);
    const found = Object.fromEntries(facts.map((one) => [one.resource.name, [one.survives, one.key]]));
    assert.deepEqual(found, {
      base: ["", "AWS-managed key"],
      image: ["", "AWS-managed key, its instance's"],
      lb: ["refused while protected", ""],
    });
  }); // prettier-ignore
});
