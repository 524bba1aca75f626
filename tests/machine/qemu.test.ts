import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { bootToken, readConsole } from "../../components/internal/markers";
import { renderBootProof, type RenderedRecipe, renderRecipe, validateRecipe } from "../../components/internal/recipe";
import type { Recipe } from "../../components/recipe";
import { anonymous, fixtureFile, markerLines, readFixture } from "../support/consoles";
import type { Instance } from "../support/metadata";
import { type Boot, CACHE, Machine, Network, type Root } from "../support/nspawn";
import { boot, Disk, killAll, type QemuBoot, whyNoQemu } from "../support/qemu";
import { newMachine } from "../support/qemuImage";
import { type Life, plant, SECRETS, tracesOf } from "./planted";

/** RECORD_CONSOLES=1 writes the consoles of these boots over the recorded ones. */
const RECORD = Boolean(process.env["RECORD_CONSOLES"]);

/** The dev stack's recipe, for the system that these machines have. */
const DEV = (
  parse(fs.readFileSync(path.resolve(__dirname, "../../Pulumi.dev.yaml"), "utf8")) as {
    config: { "ami-lifecycle:recipe": Recipe };
  }
).config["ami-lifecycle:recipe"];

const SAY_MACHINE_ID = { run: 'echo "machine-id=$(cat /etc/machine-id)"' };
const BAKED: Recipe = {
  ...DEV,
  os: "debian-12",
  steps: [
    SAY_MACHINE_ID,
    ...(DEV.steps ?? []),
    {
      run: `mkfs.ext4 -q -L data /dev/vdb
mkdir /srv/data
echo 'LABEL=data /srv/data ext4 nofail 0 2' >>/etc/fstab
mount /srv/data
echo kept >/srv/data/file
head -c 30000000 /dev/urandom >/var/tmp/large`,
    },
    // Onto the second disk, which becomes part of the image as the first one does.
    { file: { path: "/srv/data/by the recipe", content: "kept too\n", mode: "0640" } },
    { user: { name: "robot", groups: ["www-data"] } },
    { firewall: { allow: ["80/tcp"] } },
    // With it the script is larger than user data may be, so that it is sent gzipped.
    { file: { path: "/srv/large", content: "A line of a larger file.\n".repeat(150) } },
  ],
  checks: [...(DEV.checks ?? []), { command: "grep -x kept /srv/data/file" }],
};
const UNCLEANED: Recipe = { os: "debian-12", steps: [SAY_MACHINE_ID], cleanup: false };
const FAILING: Recipe = { os: "debian-12", steps: [{ upgrade: true }, { packages: ["ngnix"] }] };

const PAUSE = { pauseSeconds: 1 };
const FIRST = { id: "i-0a1b2c3d4e5f60001", host: 15 };
const SECOND = { id: "i-0a1b2c3d4e5f60002", host: 16 };

/** The dev stack's recipe on a machine with a kernel, disks, a serial console and EC2's metadata service. */
describe("the dev recipe on a whole machine (QEMU)", function () {
  this.timeout(720_000);
  const disks: Disk[] = [];
  const use = (disk: Disk) => {
    disks.push(disk);
    return disk;
  };
  let planted: Disk;
  let root: Disk;
  let data: Disk;
  let life: Life;
  const baked = renderRecipe(BAKED, PAUSE);

  before(function () {
    const reason = whyNoQemu();
    if (reason) {
      assert.ok(!process.env["CI"], `no machine can be booted: ${reason}`);
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    const machine = newMachine();
    try {
      plant(machine);
      planted = use(Disk.of(machine.root));
    } finally {
      machine.destroy();
    }
    root = use(planted.copy());
    data = use(Disk.blank());
  });

  after(() => {
    killAll();
    for (const disk of disks) disk.destroy();
  });

  function bake(on: Disk[], { userDataBase64 }: RenderedRecipe): Promise<QemuBoot> {
    return boot(on, instance(FIRST, userDataBase64), 600);
  }

  it("bakes: cloud-init takes the gzipped user data from EC2's metadata service, and the machine powers off", async () => {
    for (const recipe of [BAKED, UNCLEANED, FAILING]) assert.deepEqual(validateRecipe(recipe), []);
    assert.ok(baked.gzipped);
    root.read((disk) => assert.deepEqual(missingFrom(disk, SECRETS), [], "what clean-up will have to remove"));
    const done = await bake([root, data], baked);
    compare("bake-ok", done);
    const { sizes, ...reading } = readConsole(done.console, baked.digest);
    assert.deepEqual(reading, { verdict: "ok", progress: "cleanup: ok", evidence: [], otherTokens: [] });
    assert.deepEqual(sizes?.map(({ mount }) => mount).sort(), ["/", "/srv/data"]);
    const [onRoot, onData] = ["/", "/srv/data"].map((mount) => sizes.find((size) => size.mount === mount)!);
    assert.ok(onRoot!.before! - onRoot!.after! > 30_000_000, "what clean-up removed is not counted any more");
    assert.ok(onRoot!.after! > 200_000_000 && onRoot!.after! < 4e9, `${onRoot!.after}`);
    assert.ok(onData!.after! > 0 && onData!.after! < 1e8, `${onData!.after}`);
    assert.match(done.console, /DataSourceEc2/);
    assert.match(done.console, /reboot: Power down/);
    assert.ok(done.asked.some((line) => /^GET \/2021-03-23\/user-data 200$/.test(line)));
    assert.ok(!done.asked.some((line) => line.endsWith(" 401")), "always with a token");
    life = lifeOf(done, baked);
    root.read((disk) => {
      assert.deepEqual(tracesOf(disk, life), NO_TRACES);
      assert.deepEqual(fs.readdirSync(disk.file("/var/lib/cloud")), []);
      assert.equal(disk.read("/etc/machine-id"), "");
    });
  });

  it("proves the image on another instance: its baked checks pass, and it is a new machine without old secrets", async () => {
    assert.ok(life, "the bake did not end");
    const [ownRoot, ownData] = [use(root.copy()), use(data.copy())];
    const proof = renderBootProof({ digest: baked.digest, ...PAUSE });
    const done = await boot([ownRoot, ownData], instance(SECOND, proof.userDataBase64));
    compare("proof-ok", done);
    const token = bootToken(baked.digest);
    assert.deepEqual(readConsole(done.console, token), {
      verdict: "ok",
      progress: `check ${baked.checkNames.length}/${baked.checkNames.length} ${baked.checkNames.at(-1)}: ok`,
      evidence: [],
      otherTokens: [],
    });
    assert.equal(readConsole(done.console, baked.digest).progress, undefined, "the bake did not run again");
    assert.match(done.console, /reboot: Power down/);
    ownRoot.read((disk) => {
      assert.deepEqual(tracesOf(disk, life), NO_TRACES);
      assert.deepEqual(fs.readdirSync(disk.file("/var/lib/cloud/instances")), [SECOND.id]);
      assert.match(disk.read("/etc/machine-id"), /^[0-9a-f]{32}\n$/);
      const machineId = disk.read("/etc/machine-id").trim();
      assert.notEqual(machineId, life.machineId);
      // Nobody cleaned up after this machine: were the first one's traces there, they would be seen as these are.
      const own = tracesOf(disk, { instanceId: SECOND.id, machineId, userData: "# Boot proof of recipe" });
      for (const of of ["instance", "machineId", "userData"]) assert.notDeepEqual(own[of], [], of);
      assert.equal(disk.read("/etc/hostname"), `ip-172-31-0-${SECOND.host}\n`);
      assert.ok(disk.exists("/etc/ssh/ssh_host_ed25519_key"));
    });
    ownData.read((disk) => {
      assert.equal(disk.read("/file"), "kept\n");
      assert.equal(disk.read("/by the recipe"), "kept too\n");
    });
  });

  it("sees on a disk that skipped clean-up what clean-up is for", async () => {
    const rendered = renderRecipe(UNCLEANED, PAUSE);
    // Baked in a container, which takes seconds: what is looked for is what cloud-init and the recipe leave on a disk.
    const network = await Network.open();
    const machine = Machine.create();
    let uncleaned: Disk;
    let done: Boot;
    try {
      plant(machine);
      done = await machine.boot(network, rendered.userDataBase64, FIRST.id);
      uncleaned = use(Disk.of(machine.root));
    } finally {
      machine.destroy();
      network.close();
    }
    assert.equal(readConsole(done.console, rendered.digest).verdict, "ok");
    const traces = uncleaned.read((disk) => tracesOf(disk, lifeOf(done, rendered)));
    for (const [of, found] of Object.entries(traces)) assert.notDeepEqual(found, [], of);
    assert.ok(traces["instance"]?.includes(`/var/lib/cloud/instances/${FIRST.id}`));
    assert.ok(traces["machineId"]?.includes("/etc/machine-id"));
    assert.ok(traces["userData"]?.includes(`/var/lib/cloud/instances/${FIRST.id}/scripts/part-001`));
    assert.ok(traces["secrets"]?.includes("/root/.aws/credentials"));
  });

  if (RECORD) {
    it("fails at a package that does not exist, for the recorded console of it", async () => {
      const disk = use(planted.copy());
      const rendered = renderRecipe(FAILING, PAUSE);
      const done = await bake([disk], rendered);
      compare("bake-failed", done);
      assert.equal(readConsole(done.console, rendered.digest).failure, "step 2/2 packages (exit 100)");
    });
  }
});

const missingFrom = (disk: Root, names: readonly string[]) => names.filter((name) => !disk.exists(name));

const NO_TRACES = { secrets: [], users: [], instance: [], machineId: [], userData: [] };

const instance = (of: Omit<Instance, "userData">, userDataBase64: string): Instance => ({
  ...of,
  userData: Buffer.from(userDataBase64, "base64"),
});

function lifeOf(done: Boot, { digest }: RenderedRecipe): Life {
  const machineId = /machine-id=([0-9a-f]{32})/.exec(done.console)?.[1];
  assert.ok(machineId, "the step that says the machine-id did not");
  return { instanceId: FIRST.id, machineId, userData: `# Debian 12: recipe ${digest}` };
}

/** The recorded console tells what this one does, so that tests of the former are about what machines print. */
function compare(name: string, done: QemuBoot): void {
  console.log(`      ${name}: ${done.seconds.toFixed(1)} s`);
  if (RECORD) fs.writeFileSync(fixtureFile(name), anonymous(done.console));
  // Of the last boot: where it is not as recorded, this tells why.
  else fs.writeFileSync(path.join(CACHE, `console-of-${name}.log`), done.console);
  const message = `${name} was recorded otherwise; after a change that means it: RECORD_CONSOLES=1 npx mocha ${path.relative(process.cwd(), __filename)}`;
  assert.deepEqual(markerLines(done.console), markerLines(readFixture(name)), message);
}
