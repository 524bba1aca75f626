import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { bootToken, readConsole } from "../../components/internal/markers";
import { renderBootProof, type RenderedRecipe, renderRecipe, validateRecipe } from "../../components/internal/recipe";
import type { Recipe } from "../../components/recipe";
import { baseRoot, type Boot, CACHE, Machine, Network, whyNoMachine } from "../support/nspawn";
import { StandIns } from "../support/standIns";
import { HOSTILE, HOSTILE_LINE, OTHER_TRACES, plant, SECRETS, SITE, tracesOf } from "./planted";

/** What a server's own first boot did. It powers itself off once cloud-init has ended. */
const SERVER = Buffer.from(
  `#!/bin/sh
# the server's own user data
systemd-run --no-block sh -c 'cloud-init status --wait >/dev/null; sync; systemctl poweroff'
`,
).toString("base64");

/** Recipes on real machines: systemd, cloud-init, apt, git and npm are not mocked. See standIns.ts for what is. */
describe("a recipe on a real machine (systemd-nspawn)", function () {
  this.timeout(180_000);
  let network: Network;
  const machines: Machine[] = [];

  before(async function () {
    this.timeout(300_000);
    const reason = whyNoMachine();
    if (reason) {
      assert.ok(!process.env["CI"], `no machine can be booted: ${reason}`);
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    baseRoot();
    network = await Network.open();
  });

  afterEach(function () {
    if (this.currentTest?.state === "failed" && boots.length > 0) {
      fs.writeFileSync(path.join(CACHE, "console-of-last-failure.log"), boots.join("\n=====\n"));
    }
    boots.length = 0;
    for (const machine of machines.splice(0)) machine.destroy();
  });

  after(() => network?.close());

  const boots: string[] = [];

  function newMachine(): Machine {
    const machine = Machine.create();
    machines.push(machine);
    return machine;
  }

  async function bake(machine: Machine, recipe: Recipe, options = {}): Promise<RenderedRecipe & { boot: Boot }> {
    assert.deepEqual(validateRecipe(recipe), []);
    const rendered = renderRecipe(recipe, { pauseSeconds: 1, ...options });
    const boot = await machine.boot(network, rendered.userDataBase64, "i-base");
    boots.push(boot.console);
    return { ...rendered, boot };
  }

  async function prove(machine: Machine, digest: string, options = {}): Promise<Boot> {
    const proof = renderBootProof({ digest, pauseSeconds: 1, ...options });
    const boot = await machine.boot(network, proof.userDataBase64, `i-proof${boots.length}`);
    boots.push(boot.console);
    return boot;
  }

  function whyNoFilters(machine: Machine): string | undefined {
    try {
      network.inside("chroot", machine.root, "nft", "add", "table", "inet", "probe");
      network.inside("chroot", machine.root, "nft", "delete", "table", "inet", "probe");
      return undefined;
    } catch (error) {
      return String((error as { stderr?: string }).stderr ?? error).split("\n")[0];
    }
  }

  function verdictOf(boot: Boot, token: string): string {
    const { verdict, failure, evidence } = readConsole(boot.console, token);
    return verdict === "failed" ? `failed: ${failure} ${JSON.stringify(evidence)}` : String(verdict);
  }

  it("does every kind of step, and the copy that boots next passes the same checks", async function () {
    const standIns = await StandIns.start(network);
    try {
      const machine = newMachine();
      standIns.prepare(machine);
      const recipe: Recipe = {
        os: "debian-12",
        steps: [
          { upgrade: true },
          { packages: ["nginx-light", "jq"] },
          { nodejs: { version: StandIns.nodeMajor } },
          {
            app: {
              repository: "https://git.example.com/app.git",
              revision: "v1",
              directory: "/srv/web",
              install: 'echo "$HOME $(id -un)" > installed',
              owner: "web",
            },
          },
          {
            app: { repository: "https://git.example.com/app.git", revision: standIns.commits[1]!, directory: "/opt/b" },
          },
          { app: { repository: "https://git.example.com/app.git", revision: "main", directory: "/opt/c" } },
          {
            pm2: {
              name: "web",
              script: "server.js",
              directory: "/srv/web",
              environment: { PORT: "3000", GREETING: 'it\'s 100% "me"' },
              user: "web",
              instances: 2,
            },
          },
          {
            pm2: { name: "b", script: "./server.js", directory: "/opt/b", environment: { PORT: "3001" }, user: "web" },
          },
          { pm2: { name: "root-b", script: "server.js", directory: "/opt/b", environment: { PORT: "3002" } } },
          { file: { path: "/etc/nginx/conf.d/web.conf", content: SITE, mode: "0640", owner: "root:www-data" } },
          { environment: { NODE_ENV: "production" } },
          { environment: { MOTTO: 'it\'s "50%" \\ $HOME', NODE_ENV: "staging" } },
          { service: { name: "nginx" } },
          { service: { name: "rsyslog.service", enabled: false } },
          { disableServices: ["cron", "no-such-service"] },
          { run: "systemd-run --wait --pipe sh -c 'env; true' > /srv/environment\nsleep 500 &\n" },
        ],
        checks: [
          { http: { url: "http://127.0.0.1:8080/", contains: 'first it\'s 100% "me"' } },
          { http: { url: "http://127.0.0.1:8080/none-such", status: 404 } },
          { service: "nginx" },
          { command: 'test "$(node --version | cut -d. -f1)" = v' + StandIns.nodeMajor },
        ],
      };
      const { boot, digest, gzipped, stepNames, checkNames } = await bake(machine, recipe);
      assert.equal(verdictOf(boot, digest), "ok");
      assert.ok(gzipped, "this one is sent gzipped");
      assert.ok(boot.console.includes(`${digest} step 16/16 ${stepNames[15]}: ok`));
      assert.equal(machine.read("/srv/web/installed"), "/home/web web\n");
      assert.match(machine.read("/srv/environment"), /^MOTTO=it's "50%" \\ \$HOME$/m);
      assert.match(machine.read("/srv/environment"), /^NODE_ENV=staging$/m);
      assert.match(machine.read("/etc/environment"), /^NODE_ENV="staging"$/m);

      const proof = await prove(machine, digest);
      assert.equal(verdictOf(proof, bootToken(digest)), "ok");
      for (const [i, name] of checkNames.entries()) {
        assert.ok(proof.console.includes(`${bootToken(digest)} check ${i + 1}/${checkNames.length} ${name}: ok`), name);
      }
      console.log(`      bake ${boot.seconds.toFixed(1)} s, proof ${proof.seconds.toFixed(1)} s`);
    } finally {
      standIns.stop();
    }
  });

  it("stops at the first step that fails, shows its last lines and powers off", async () => {
    const machine = newMachine();
    const run = "for i in $(seq 1 30); do echo line $i; done; echo out of luck >&2; touch /srv/here; false; echo never";
    const steps = [{ run: "true" }, { file: { path: "/srv/a", content: "a" } }, { run }, { run: "touch /srv/next" }];
    const { boot, digest } = await bake(machine, { os: "debian-12", steps });
    const reading = readConsole(boot.console, digest);
    assert.equal(reading.verdict, "failed");
    assert.equal(reading.failure, "step 3/4 run (exit 1)");
    assert.equal(reading.progress, "step 3/4 run: failed");
    assert.equal(reading.evidence.length, 20);
    assert.equal(reading.evidence.at(-1), "out of luck");
    assert.ok(!machine.exists("/srv/next"));
    assert.ok(!machine.exists("/usr/local/lib/ami-lifecycle/check"));
    assert.match(machine.read("/var/log/cloud-init-output.log"), /Cloud-init v\. .* finished at/);
  });

  it("does not try a package again that does not exist, and shows what apt said", async () => {
    const recipe = { os: "debian-12", steps: [{ packages: ["no-such-package-at-all"] }] };
    const { boot, digest } = await bake(newMachine(), recipe);
    assert.match(verdictOf(boot, digest), /^failed: step 1\/1 packages \(exit 100\).*Unable to locate package no-such/);
    assert.ok(!boot.console.includes("Trying again"));
    assert.ok(boot.seconds < 30, `${boot.seconds} s`);
  });

  it("tries again while another process holds apt's lock", async () => {
    const machine = newMachine();
    const holder = "import fcntl,time;f=open('/var/lib/apt/lists/lock','w');fcntl.lockf(f,fcntl.LOCK_EX);time.sleep(4)";
    const run = `setsid python3 -c "${holder}" >/dev/null 2>&1 & sleep 1`;
    const { boot, digest } = await bake(machine, { os: "debian-12", steps: [{ run }, { packages: ["jq"] }] });
    assert.equal(verdictOf(boot, digest), "ok");
    assert.ok(boot.console.includes("Trying again in 5 seconds."));
  });

  it("takes any text in any field for text", async () => {
    const machine = newMachine();
    const name = `/srv/www/-n 'a' "b" $(touch /srv/pwned) \`touch /srv/pwned\` %s \\ é漢🎉*.txt`;
    const unit = "[Service]\nExecStart=/usr/bin/python3 -m http.server 8081 --bind 127.0.0.1 --directory /srv/www\n";
    const recipe: Recipe = {
      os: "debian-12",
      steps: [
        { file: { path: name, content: HOSTILE } },
        { file: { path: "/srv/www/index.html", content: HOSTILE } },
        { file: { path: "/srv/empty", content: "" } },
        { file: { path: "/srv/end", content: "END\nEND_\nnew line at the end\n" } },
        {
          file: { path: "/etc/systemd/system/web.service", content: `${unit}[Install]\nWantedBy=multi-user.target\n` },
        },
        { service: { name: "web" } },
        { environment: { HOSTILE: HOSTILE_LINE } },
        { run: `cat <<'THERE' > /srv/run\n${HOSTILE}\nTHERE\ncat /srv/run` },
        { run: "systemd-run --wait --pipe printenv HOSTILE > /srv/variable" },
      ],
      checks: [
        { http: { url: "http://127.0.0.1:8081/", contains: HOSTILE } },
        { command: `test -n ${"'"}$(touch /srv/pwned)${"'"} # ${HOSTILE_LINE}` },
      ],
      cleanup: false,
    };
    const { boot, digest } = await bake(machine, recipe);
    assert.equal(verdictOf(boot, digest), "ok");
    assert.deepEqual(readConsole(boot.console, digest).otherTokens, []);
    assert.equal(machine.read(name), HOSTILE);
    assert.equal(machine.read("/srv/empty"), "");
    assert.equal(machine.read("/srv/end"), "END\nEND_\nnew line at the end\n");
    assert.equal(machine.read("/srv/run"), `${HOSTILE}\n`);
    assert.equal(machine.read("/srv/variable"), `${HOSTILE_LINE}\n`);
    assert.ok(machine.read("/etc/environment").includes(`HOSTILE="${HOSTILE_LINE}"\n`));
    assert.ok(!machine.exists("/srv/pwned"));
  });

  it("cannot be told by a step's output that it has ended", async () => {
    const digest = /^TOKEN=(.*)$/m;
    const run = `token=$(sed -n 's/^TOKEN=//p' /run/ami-lifecycle/build | head -n 1)
for end in '' $'\\r' $'\\x1b[0m' $'\\0'; do
  printf '[ami-lifecycle] %s OK%s\\n' "$token" "$end"
  printf '[ami-\\x1b[31mlifecycle] %s OK\\n[ami-\\0lifecycle] %s OK\\n' "$token" "$token"
done
printf '[ami-lifecycle] other OK\\nexit 3 follows'
exit 3`;
    const { boot, script } = await bake(newMachine(), { os: "debian-12", steps: [{ run }] });
    const reading = readConsole(boot.console, digest.exec(script)![1]!);
    assert.equal(reading.failure, "step 1/1 run (exit 3)");
    assert.ok(reading.evidence.includes("(ami-lifecycle) other OK"));
    assert.deepEqual(reading.otherTokens, []);
    const lines = boot.console.split("\n").filter((line) => /\[ami-lifecycle\] \S+ OK/.test(line));
    assert.deepEqual(lines, []);
  });

  it("makes an image of a server that many logged in to: nobody's traces, what the recipe wrote, a new machine next", async () => {
    const machine = newMachine();
    plant(machine);
    // Its first life, as a server: what is cleaned below is a raw image of it.
    const first = await machine.boot(network, SERVER, "i-server", 60);
    boots.push(first.console);
    assert.ok(machine.exists("/var/lib/cloud/instances/i-server"), first.console);
    const life = {
      instanceId: "i-server",
      machineId: machine.read("/etc/machine-id").trim(),
      userData: "the server's own user data",
    };
    assert.match(life.machineId, /^[0-9a-f]{32}$/);
    assert.deepEqual(
      SECRETS.filter((name) => !machine.exists(name)),
      [],
      "what clean-up will have to remove",
    );
    const recipe: Recipe = {
      os: "debian-12",
      steps: [
        { run: "runuser -u mallory -- setsid sleep 600 >/dev/null 2>&1 &" },
        { file: { path: "/root/.npmrc", content: "registry=https://registry.example.com\n" } },
        { file: { path: "/home/deploy/.ssh/authorized_keys", content: "ssh-ed25519 AAAA kept\n", mode: "0600" } },
        { file: { path: "/home/mallory/kept by the recipe", content: "kept" } },
        { file: { path: "/var/log/kept.log", content: "kept" } },
        { file: { path: "/tmp/kept", content: "kept" } },
      ],
      checks: [{ command: "test -d /home/deploy" }],
      keepUsers: ["deploy"],
    };
    const { boot, digest } = await bake(machine, recipe);
    assert.equal(verdictOf(boot, digest), "ok");
    assert.ok(boot.console.includes(`${digest} cleanup: ok`));
    const none = { secrets: [], instance: [], machineId: [], userData: [] };
    assert.deepEqual(tracesOf(machine, life), { ...none, users: ["deploy"] });

    const still = [...SECRETS, ...OTHER_TRACES].filter((name) => machine.exists(name));
    assert.deepEqual(still, [], "gone after clean-up");
    assert.deepEqual(fs.readdirSync(machine.file("/var/lib/cloud")), []);
    assert.deepEqual(
      fs.readdirSync(machine.file("/etc/ssh")).filter((name) => name.startsWith("ssh_host_")),
      [],
    );
    assert.match(machine.read("/etc/passwd"), /^admin:/m);
    assert.match(machine.read("/etc/shadow"), /^root:[!*]/m);
    assert.ok(!machine.read("/etc/shadow").includes("$6$"), "no password is left");
    assert.equal(machine.read("/etc/machine-id"), "");
    assert.equal(fs.readlinkSync(machine.file("/var/lib/dbus/machine-id")), "/etc/machine-id");
    assert.equal(machine.read("/var/log/auth.log"), "");
    for (const file of recipe.steps!.flatMap((step) => step.file ?? [])) {
      if (file.path !== "/tmp/kept") assert.equal(machine.read(file.path), file.content, file.path);
    }
    machine.write("/tmp/kept", "kept"); // it is a directory in memory on this machine: the check would rightly fail
    machine.write("/etc/tmpfiles.d/kept.conf", "f /tmp/kept 0644 root root - kept\n");
    const proof = await prove(machine, digest);
    assert.equal(verdictOf(proof, bootToken(digest)), "ok");
    assert.match(machine.read("/etc/machine-id"), /^[0-9a-f]{32}\n$/);
    assert.notEqual(machine.read("/etc/machine-id").trim(), life.machineId);
    assert.equal(machine.read("/etc/hostname"), "i-proof2\n");
    assert.match(machine.read("/home/admin/.ssh/authorized_keys"), /test@example/);
    assert.ok(machine.exists("/etc/ssh/ssh_host_ed25519_key"));
    assert.deepEqual(readConsole(proof.console, bootToken(digest)).otherTokens, [], "the bake did not run again");
  });

  it("makes users that clean-up keeps, closes ports for the second boot too, and says how large the image is", async function () {
    const machine = newMachine();
    // The kernel is this computer's: it may have no nf_tables, or keep it from containers.
    const filters = whyNoFilters(machine);
    if (filters) console.log(`      without a firewall step: ${filters}`);
    const key = "ssh-ed25519 AAAA kept\n";
    const steps: Recipe["steps"] = [
      { user: { name: "deploy", groups: ["www-data", "adm"] } },
      { user: { name: "robot", shell: "/bin/sh" } },
      { user: { name: "robot", groups: ["adm"], shell: "/bin/sh" } },
      { file: { path: "/home/deploy/.ssh/authorized_keys", content: key, owner: "deploy", mode: "0600" } },
      ...(filters ? [] : [{ firewall: { allow: ["80/tcp", "8000-8010/tcp", "53/udp"] } }]),
    ];
    const { boot, digest, checkNames } = await bake(machine, { os: "debian-12", steps });
    assert.equal(verdictOf(boot, digest), "ok");
    assert.deepEqual(checkNames.slice(0, 2), ["user deploy", "user robot"]);
    assert.match(machine.read("/etc/passwd"), /^deploy:x:\d+:\d+::\/home\/deploy:\/bin\/bash$/m);
    assert.match(machine.read("/etc/group"), /^adm:x:\d+:(?:\S+,)?deploy,robot$/m);
    assert.match(machine.read("/etc/shadow"), /^deploy:!:/m, "no password opens it");
    assert.equal(machine.read("/home/deploy/.ssh/authorized_keys"), key);

    const { sizes } = readConsole(boot.console, digest);
    // Of this computer's disk, on which others write too: what clean-up saves, the machine with a disk of its own shows.
    assert.deepEqual(
      sizes?.map(({ mount, before = 0, after = 0 }) => [mount, before > 0, after > 0]),
      [["/", true, true]],
    );

    // A network of its own: the first boot's rules are not in it.
    const other = await Network.open();
    try {
      const proof = renderBootProof({ digest, pauseSeconds: 1 });
      const second = await machine.boot(other, proof.userDataBase64, "i-proof");
      boots.push(second.console);
      assert.equal(verdictOf(second, bootToken(digest)), "ok");
      if (!filters) assert.match(second.console, /check \d+\/\d+ firewall: ok/);
      console.log(`      bake ${boot.seconds.toFixed(1)} s, proof ${second.seconds.toFixed(1)} s`);
    } finally {
      other.close();
    }
  });

  it("says which check failed: in the bake, and on a copy that is not what was baked", async () => {
    const machine = newMachine();
    const steps = [{ file: { path: "/srv/a", content: "a" } }, { file: { path: "/srv/b", content: "b" } }];
    const { boot, digest } = await bake(machine, { os: "debian-12", steps });
    assert.equal(verdictOf(boot, digest), "ok");
    machine.write("/srv/b", "changed");
    const proof = await prove(machine, digest);
    assert.match(verdictOf(proof, bootToken(digest)), /^failed: checks 2\/2 file \/srv\/b \["mode 644/);
    fs.rmSync(machine.file("/usr/local/lib/ami-lifecycle/check"));
    const bare = await prove(machine, digest);
    assert.match(verdictOf(bare, bootToken(digest)), /^failed: no check script in the image/);

    const untrue = { os: "debian-12", steps: [...steps, { run: "echo x > /srv/a" }] };
    const failed = await bake(newMachine(), untrue);
    assert.match(verdictOf(failed.boot, failed.digest), /^failed: checks 1\/2 file \/srv\/a/);
    assert.ok(!failed.boot.console.includes("cleanup"));
  });

  it("gives up at its time limit", async () => {
    const recipe = { os: "debian-12", steps: [{ run: "echo waiting for ever; sleep 600" }] };
    const { boot, digest } = await bake(newMachine(), recipe, { limitMinutes: 0.1 });
    assert.match(verdictOf(boot, digest), /^failed: time limit of 0.1 minutes \["waiting for ever"\]/);
    assert.ok(boot.seconds < 40, `${boot.seconds} s`);
  });
});
