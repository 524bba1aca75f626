import assert from "node:assert/strict";
import fc from "fast-check";
import { formatProblem, type Problem } from "../../../../components/internal/problems";
import { renderRecipe, USER_DATA_LIMIT, validateRecipe } from "../../../../components/internal/recipe";
import type { Recipe } from "../../../../components/recipe";
import { anyRecipe } from "./recipes";

const BASE = { os: "debian-12", steps: [{ run: "true" }] };

function problems(recipe: unknown): Problem[] {
  return validateRecipe(recipe as Recipe);
}

function paths(recipe: unknown): string[] {
  return problems(recipe).map((problem) => problem.path);
}

/** The one problem's text of a recipe with this step. */
function ofStep(step: unknown): string {
  const found = problems({ ...BASE, steps: [{ nodejs: { version: "22" } }, step] });
  assert.equal(found.length, 1, JSON.stringify([step, found]));
  return formatProblem(found[0]!);
}

function ofCheck(check: unknown): string {
  const found = problems({ ...BASE, checks: [check] });
  assert.equal(found.length, 1, JSON.stringify([check, found]));
  return formatProblem(found[0]!);
}

describe("validating a recipe", () => {
  it("finds nothing wrong with a right one, and then rendering works", () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        assert.deepEqual(validateRecipe(recipe), []);
        assert.ok(renderRecipe(recipe).bytes <= USER_DATA_LIMIT);
      }),
    );
  });

  it("never throws, whatever it is given, and a recipe without problems renders", () => {
    const field = fc.constantFrom(
      ...[
        "os",
        "architecture",
        "steps",
        "checks",
        "cleanup",
        "keepUsers",
        "upgrade",
        "packages",
        "nodejs",
        "app",
        "pm2",
      ],
      ...[
        "file",
        "environment",
        "service",
        "disableServices",
        "run",
        "http",
        "command",
        "path",
        "content",
        "url",
        "name",
      ],
      ...["version", "repository", "revision", "directory", "__proto__", "constructor"],
    );
    const leaf = fc.oneof(fc.anything(), fc.constantFrom("debian-12", "/srv/a", "nginx", "22", "v1", "0644", "a\0b"));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, leaf, fc.dictionary(field, tie("tree")), fc.array(tie("tree"), { maxLength: 3 })),
    }));
    fc.assert(
      fc.property(fc.oneof(tree, fc.dictionary(field, tree)), (given) => {
        const found = problems(given);
        assert.ok(found.every((problem) => formatProblem(problem).startsWith("recipe")));
        if (found.length === 0) renderRecipe(given as Recipe);
      }),
      { numRuns: 2000 },
    );
  });

  it("names everything at once", () => {
    const recipe = {
      os: "ubuntu-2404",
      architecture: "amd64",
      step: [],
      steps: [
        { package: ["x"] },
        { run: "a", file: {} },
        {},
        { pm2: { name: "a", script: "/b", directory: "c" } },
        "run",
      ],
      checks: [{ http: { url: "ftp://x", status: 99 } }, { servcie: "x" }],
      cleanup: "yes",
      keepUsers: ["Deploy"],
    };
    assert.deepEqual(paths(recipe), [
      "recipe.step",
      "recipe.os",
      "recipe.architecture",
      "recipe.steps[0].package",
      "recipe.steps[1]",
      "recipe.steps[2]",
      "recipe.steps[3].pm2",
      "recipe.steps[3].pm2.script",
      "recipe.steps[3].pm2.directory",
      "recipe.steps[4]",
      "recipe.checks[0].http.url",
      "recipe.checks[0].http.status",
      "recipe.checks[1].servcie",
      "recipe.cleanup",
      "recipe.keepUsers[0]",
    ]);
    const fixes = problems(recipe).map((problem) => problem.fix);
    for (const name of ["steps", "ubuntu-24.04", "x86_64", "packages", "service"]) {
      assert.ok(fixes.includes(`Did you mean "${name}"`), name);
    }
  });

  it("wants one field a step", () => {
    assert.match(ofStep({ run: "a", packages: ["b"] }), /got "packages, run", allowed is exactly one of/);
    assert.match(ofStep({ run: null }), /got "none", allowed is exactly one of/);
    assert.match(ofStep(null), /an object with one of the fields/);
  });

  it("knows what each field may hold", () => {
    const app = { repository: "https://example.com/a.git", revision: "v1", directory: "/srv/a" };
    const pm2 = { name: "a", script: "a.js", directory: "/srv/a" };
    const wrong: [unknown, RegExp][] = [
      [{ upgrade: false }, /upgrade: got false, allowed is true/],
      [{ packages: [] }, /at least one/],
      [{ packages: ["nginx; rm"] }, /packages\[0\]: got "nginx; rm"/],
      [{ packages: ["-y"] }, /name of a package/],
      [{ packages: ["nginx-"] }, /name of a package/],
      [{ packages: [null] }, /packages\[0\]/],
      [{ packages: "nginx" }, /a list/],
      [{ nodejs: { version: 22 } }, /Put it in quotes/],
      [{ nodejs: { version: "16" } }, /18 or later/],
      [{ nodejs: {} }, /version: allowed is a value: it is required/],
      [{ app: { ...app, directory: "srv" } }, /an absolute path/],
      [{ app: { ...app, directory: "/srv/../etc" } }, /an absolute path/],
      [{ app: { ...app, directory: "/tmp/a" } }, /not in the image/],
      [{ app: { ...app, repository: "--upload-pack=x" } }, /an address that git clone takes/],
      [{ app: { ...app, repository: "ext::sh -c x" } }, /an address that git clone takes/],
      [{ app: { ...app, repository: "https://me:token@example.com/a.git" } }, /without credentials/],
      [{ app: { ...app, revision: "-x" } }, /a branch, a tag or a full commit id/],
      [{ app: { ...app, revison: "x" } }, /Did you mean "revision"/],
      [{ app: { ...app, owner: "a b" } }, /a user's name/],
      [{ pm2: { ...pm2, instances: 0 } }, /a whole number from 1 to 256/],
      [{ pm2: { ...pm2, script: "../a.js" } }, /relative to the directory/],
      [{ pm2: { ...pm2, environment: { "A-B": "x" } } }, /environment.A-B/],
      [{ pm2: { ...pm2, environment: { A: 1 } } }, /Put it in quotes/],
      [{ file: { path: "/a", content: "a\0b" } }, /without NUL bytes/],
      [{ file: { path: "/a", content: "a", mode: "0999" } }, /an octal mode/],
      [{ file: { path: "/a", content: "a", mode: 420 } }, /Put it in quotes/],
      [{ file: { path: "/a/", content: "a" } }, /an absolute path/],
      [{ file: { path: "/run/a", content: "a" } }, /not in the image/],
      [{ file: { path: "/a", content: "a", owner: "a:b:c" } }, /user:group/],
      [{ user: {} }, /name: allowed is a value/],
      [{ user: { name: "Deploy" } }, /a user's name: small letters/],
      [{ user: { name: "root" } }, /a user that is not there yet/],
      [{ user: { name: "a", groups: "adm" } }, /groups: got "adm", allowed is a list/],
      [{ user: { name: "a", groups: [] } }, /at least one/],
      [{ user: { name: "a", groups: ["b c"] } }, /groups\[0\]: got "b c"/],
      [{ user: { name: "a", groups: ["adm", "wheel"] } }, /groups\[1\].*the name Debian 12 has.*"sudo"/],
      [{ user: { name: "a", shell: "bash" } }, /shell: got "bash", allowed is an absolute path/],
      [{ user: { name: "a", group: ["b"] } }, /Did you mean "groups"/],
      [{ firewall: {} }, /allow: allowed is a value/],
      [{ firewall: { allow: "80/tcp" } }, /allow: got "80\/tcp", allowed is a list/],
      [{ firewall: { allow: [80] } }, /allow\[0\]: got 80, .*Put it in quotes/],
      [{ firewall: { allow: [null] } }, /allow\[0\]: got null/],
      [{ firewall: { allow: ["80"] } }, /a port such as 80\/tcp/],
      [{ firewall: { allow: ["80/sctp"] } }, /a port such as 80\/tcp/],
      [{ firewall: { allow: ["0/tcp"] } }, /from 1 to 65535/],
      [{ firewall: { allow: ["65536/tcp"] } }, /from 1 to 65535/],
      [{ firewall: { allow: ["90-80/tcp"] } }, /from 1 to 65535/],
      [{ firewall: { allow: ["80-80/tcp"] } }, /from 1 to 65535/],
      [{ firewall: { allow: ["80/tcp; reboot"] } }, /a port such as/],
      [{ firewall: { allow: ["80/tcp", "80/tcp"] } }, /allow\[1\].*each port once/],
      [{ environment: {} }, /at least one variable/],
      [{ environment: { A: "#fff" } }, /without #/],
      [{ environment: { A: "a\nb" } }, /one line/],
      [{ service: { name: "a b" } }, /systemd unit/],
      [{ service: { name: "nginx", enabled: "yes" } }, /true or false/],
      [{ disableServices: ["--all"] }, /systemd unit/],
      [{ run: " " }, /not empty/],
      [{ run: "a\0" }, /without NUL bytes/],
    ];
    for (const [step, text] of wrong) assert.match(ofStep(step), text);
    assert.match(ofCheck({ http: { url: "http://127.0.0.1/", status: 600 } }), /from 100 to 599/);
    assert.match(ofCheck({ http: { contains: "x" } }), /url: allowed is a value/);
    assert.match(ofCheck({ http: { url: "http://[/" } }), /begins with http/);
    assert.match(ofCheck({ command: 1 }), /Put it in quotes/);
  });

  it("takes a firewall that lets nothing in, once, and the admins' group by the system's own name", () => {
    assert.deepEqual(paths({ ...BASE, steps: [{ firewall: { allow: [] } }] }), []);
    const twice = [{ firewall: { allow: ["80/tcp"] } }, { run: "true" }, { firewall: { allow: ["443/tcp"] } }];
    assert.deepEqual(paths({ ...BASE, steps: twice }), ["recipe.steps[2].firewall"]);
    for (const [os, group] of [
      ["ubuntu-22.04", "sudo"],
      ["rhel-9", "wheel"],
      ["amazon-linux-2023", "wheel"],
    ]) {
      const steps = ["sudo", "wheel"].map((name) => ({ user: { name: "a", groups: [name] } }));
      const wrong = group === "sudo" ? 1 : 0;
      assert.deepEqual(paths({ os, steps }), [`recipe.steps[${wrong}].user.groups[0]`], os);
    }
  });

  it("wants Node.js before PM2, and something to do", () => {
    const pm2 = { pm2: { name: "a", script: "a.js", directory: "/srv/a" } };
    assert.deepEqual(paths({ ...BASE, steps: [pm2, { nodejs: { version: "22" } }] }), ["recipe.steps[0].pm2"]);
    assert.deepEqual(paths({ os: "debian-12" }), ["recipe"]);
    assert.deepEqual(paths({ os: "debian-12", steps: [], checks: [{ command: "true" }] }), []);
    assert.deepEqual(paths(undefined), ["recipe"]);
  });

  it("refuses what does not fit into user data, with both sizes", () => {
    let content = "";
    for (let i = 0; content.length < 60_000; i++) content += ((i * 2654435761) >>> 0).toString(36);
    const [problem] = problems({ os: "debian-12", steps: [{ file: { path: "/srv/a", content } }] });
    assert.match(
      formatProblem(problem!),
      /got "a script of \d{5} bytes, \d{5} when gzipped", allowed is at most 16384 bytes/,
    );
  });

  it("begins its paths as the caller says", () => {
    assert.equal(validateRecipe({ os: "x" }, "args.recipe")[0]!.path, "args.recipe.os");
  });
});
