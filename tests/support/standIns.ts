import { type ChildProcess, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Machine, type Network, run, temporary, until } from "./nspawn";

/**
 * Stand-ins for the two servers on the internet that a test cannot count on: NodeSource's repository and a git host.
 * They answer inside the machine's network under the real names, over TLS, and the repository is signed as the real
 * one is; what is in its nodejs package is the Node.js and npm that run this test. apt, curl and git are the real ones.
 */
export class StandIns {
  private constructor(
    private readonly directory: string,
    private readonly server: ChildProcess,
    /** Full id of the application's second commit; `v1` is a tag of the first. */
    readonly commits: string[],
  ) {}

  /** Major version of the nodejs package. */
  static readonly nodeMajor = process.versions.node.split(".")[0]!;

  static async start(network: Network): Promise<StandIns> {
    const directory = temporary("stand-ins");
    makeCertificate(directory);
    makeNodeSource(directory);
    const commits = makeRepository(directory);
    fs.writeFileSync(path.join(directory, "server.js"), SERVER);
    const server = network.spawnInside(process.execPath, path.join(directory, "server.js"), directory);
    await until(() => network.inside("ss", "-ltn").includes(":443 "), "the stand-ins' server");
    return new StandIns(directory, server, commits);
  }

  /** The machine trusts the stand-ins, and whatever else this computer was told to trust. */
  prepare(machine: Machine): void {
    const trusted = "/usr/local/share/ca-certificates";
    const own = fs.existsSync(trusted) ? fs.readdirSync(trusted).filter((name) => name.endsWith(".crt")) : [];
    for (const name of own) machine.write(`${trusted}/${name}`, fs.readFileSync(path.join(trusted, name), "utf8"));
    machine.write(`${trusted}/stand-ins.crt`, fs.readFileSync(path.join(this.directory, "ca.crt"), "utf8"));
    machine.chroot("update-ca-certificates");
    machine.write("/usr/etc/npmrc", "cafile=/etc/ssl/certs/ca-certificates.crt\n");
  }

  stop(): void {
    this.server.kill("SIGKILL");
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

const SERVER = `
const fs = require("fs"), path = require("path"), root = process.argv[2] + "/www";
require("https").createServer({ key: fs.readFileSync(process.argv[2] + "/server.key"), cert: fs.readFileSync(process.argv[2] + "/server.crt") },
  (request, response) => {
    const file = path.join(root, request.headers.host.split(":")[0], decodeURIComponent(request.url.split("?")[0]));
    fs.readFile(file, (error, data) => { response.statusCode = error ? 404 : 200; response.end(error ? "none" : data); });
  }).listen(443, "127.0.0.1");
`;

function makeCertificate(directory: string): void {
  const at = (name: string) => path.join(directory, name);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  run("openssl", "req", "-x509", ...key, "-subj", "/CN=stand-ins", "-keyout", at("ca.key"), "-out", at("ca.crt"));
  run("openssl", "req", ...key, "-subj", "/CN=server", "-keyout", at("server.key"), "-out", at("server.csr"));
  fs.writeFileSync(at("names"), "subjectAltName=DNS:deb.nodesource.com,DNS:git.example.com\n");
  const sign = ["-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", at("names")];
  run("openssl", "x509", "-req", "-in", at("server.csr"), ...sign, "-out", at("server.crt"));
}

function makeNodeSource(directory: string): void {
  const package_ = path.join(directory, "package");
  const npm = path.resolve(process.execPath, "../../lib/node_modules/npm");
  fs.mkdirSync(`${package_}/DEBIAN`, { recursive: true });
  fs.mkdirSync(`${package_}/usr/bin`, { recursive: true });
  fs.mkdirSync(`${package_}/usr/lib/node_modules`, { recursive: true });
  fs.copyFileSync(process.execPath, `${package_}/usr/bin/node`);
  run("cp", "-a", fs.realpathSync(npm), `${package_}/usr/lib/node_modules/npm`);
  fs.symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", `${package_}/usr/bin/npm`);
  const architecture = run("dpkg", "--print-architecture").trim();
  const control = `Package: nodejs\nVersion: ${process.versions.node}-1nodesource1\nArchitecture: ${architecture}
Maintainer: stand-in <nobody@example.com>\nDepends: libc6, libstdc++6\nDescription: stand-in for NodeSource's package\n`;
  fs.writeFileSync(`${package_}/DEBIAN/control`, control);

  const repository = path.join(directory, "www/deb.nodesource.com", `node_${StandIns.nodeMajor}.x`);
  const lists = `${repository}/dists/nodistro/main/binary-${architecture}`;
  fs.mkdirSync(lists, { recursive: true });
  run("dpkg-deb", "--root-owner-group", "-Znone", "--build", package_, `${repository}/nodejs.deb`);
  const sum = (file: string) => `${run("sha256sum", file).split(" ")[0]} ${fs.statSync(file).size}`;
  const [digest, size] = sum(`${repository}/nodejs.deb`).split(" ");
  fs.writeFileSync(`${lists}/Packages`, `${control}Filename: nodejs.deb\nSize: ${size}\nSHA256: ${digest}\n`);
  const release = `Suite: nodistro\nCodename: nodistro\nArchitectures: ${architecture}\nComponents: main
Date: ${new Date().toUTCString().replace("GMT", "UTC")}\nSHA256:\n ${sum(`${lists}/Packages`)} main/binary-${architecture}/Packages\n`;
  fs.writeFileSync(`${repository}/dists/nodistro/Release`, release);

  const home = path.join(directory, "gpg");
  fs.mkdirSync(home, { mode: 0o700 });
  const gpg = (...args: string[]) => run("gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", "", ...args);
  gpg("--quick-gen-key", "stand-in@example.com", "rsa2048", "sign", "1d");
  gpg("--output", `${repository}/dists/nodistro/InRelease`, "--clearsign", `${repository}/dists/nodistro/Release`);
  const keys = path.join(directory, "www/deb.nodesource.com/gpgkey");
  fs.mkdirSync(keys);
  gpg("--armor", "--output", `${keys}/nodesource-repo.gpg.key`, "--export");
  fs.rmSync(package_, { recursive: true });
}

/** A web server in two versions: the first is tagged v1, the second is the head of main. */
function makeRepository(directory: string): string[] {
  const work = path.join(directory, "app");
  const bare = path.join(directory, "www/git.example.com/app.git");
  fs.mkdirSync(work, { recursive: true });
  fs.mkdirSync(path.dirname(bare), { recursive: true });
  const identity = { GIT_AUTHOR_NAME: "test", GIT_AUTHOR_EMAIL: "test@example.com" };
  const committer = {
    GIT_COMMITTER_NAME: "test",
    GIT_COMMITTER_EMAIL: "test@example.com",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  const git = (...args: string[]) =>
    execFileSync("git", args, {
      cwd: work,
      encoding: "utf8",
      env: { ...process.env, ...identity, ...committer },
    }).trim();
  git("init", "-q", "-b", "main");
  const commits = ["first", "second"].map((text) => {
    const body = `"${text} " + process.env.GREETING + " " + (process.env.SECRET_OF_THE_BUILD || "")`;
    const server = `require("http").createServer((q, r) => r.end(${body})).listen(Number(process.env.PORT));\n`;
    fs.writeFileSync(path.join(work, "server.js"), server);
    git("add", ".");
    git("commit", "-q", "-m", text);
    if (text === "first") git("tag", "v1");
    return git("rev-parse", "HEAD");
  });
  git("clone", "-q", "--bare", ".", bare);
  execFileSync("git", ["-C", bare, "update-server-info"]);
  return commits;
}
