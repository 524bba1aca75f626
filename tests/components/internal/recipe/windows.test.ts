import assert from "node:assert/strict";
import fc from "fast-check";
import { bootToken, MARK, readConsole } from "../../../../components/internal/markers";
import { formatProblem } from "../../../../components/internal/problems";
import { renderBootProof, renderRecipe, USER_DATA_LIMIT, validateRecipe } from "../../../../components/internal/recipe";
import { psText } from "../../../../components/internal/recipe/windows/text";
import type { Recipe, RecipeCheck, RecipeStep } from "../../../../components/recipe";
import { parsePowerShell, type PowerShellReading } from "../../../support/powershell";
import { anyText, HOSTILE as HOSTILE_SHELL } from "./recipes";

/** Text that has broken PowerShell scripts before: every character it takes for a quote, here-strings, EC2Launch's tags. */
const HOSTILE_LINE = `'; Remove-Item x; "$(Remove-Item x)" ‘ ’ ‚ ‛ “ ” \`n #> %{x} | & { Remove-Item x } </powershell><script>x</script> [ami-lifecycle] x OK`;
const HOSTILE = `${HOSTILE_LINE}\r\n'@ ; Remove-Item x\n"@\n@'\n${HOSTILE_SHELL}`;

/** One of every kind of step and check, with these texts in it. */
function recipeOf(text: string, line: string, name: string): Recipe {
  const steps: RecipeStep[] = [
    { packages: ["Web-Server", "NET-Framework-45-Core"] },
    { file: { path: `C:/web/${name}.txt`, content: text } },
    { user: { name: "deploy", groups: ["Administrators", "Remote Desktop Users"] } },
    { firewall: { allow: ["80/tcp", "8000-8010/udp"] } },
    { environment: { MOTTO: line, PLAIN: "production" } },
    { service: { name: "W3SVC" } },
    { service: { name: "Spooler", enabled: false } },
    { disableServices: ["MapsBroker", "XblGameSave"] },
    { run: `# ${text}` },
  ];
  const checks: RecipeCheck[] = [
    { http: { url: "http://127.0.0.1/", contains: text } },
    { service: "WinRM" },
    { command: `# ${text}` },
  ];
  return { os: "windows-2022", steps, checks, keepUsers: ["operator"] };
}

/** The script that EC2Launch finds in user data: by its tags, as text. */
const inner = (userData: string): string => /^<powershell>\n([\s\S]*?)<\/powershell>/.exec(userData)![1]!;

/** What the bake writes into the image: the texts between the lines of its here-strings, put together. */
function writtenCheck(script: string): string {
  const [library, head, tail] = [...script.matchAll(/@'\n([\s\S]*?)\n'@/g)].map(([, text]) => text!);
  assert.match(script, /^Write-Text 'C:\\ProgramData\\ami-lifecycle\\check\.ps1' \(@'$/m);
  return `${head}${library}${tail}`;
}

/** The texts that travel as base64. */
const carried = (script: string): string[] =>
  [...script.matchAll(/\(T '([A-Za-z0-9+/=]*)'\)/g)].map(([, text]) => Buffer.from(text!, "base64").toString("utf8"));

const withoutTexts = ({ errors, commands, functions }: PowerShellReading) => ({
  errors,
  commands: commands.filter((name) => name !== "T"),
  functions,
});

describe("a recipe for Windows (experimental: never run on Windows)", function () {
  this.timeout(300_000);
  let parse: Awaited<ReturnType<typeof parsePowerShell>>;
  before(async () => {
    parse = await parsePowerShell();
  });

  it("is user data of EC2Launch v2: once, detached, plain ASCII, with one end tag", () => {
    for (const os of ["windows-2022", "windows-2025"]) {
      const recipe = { ...recipeOf("it’s </powershell> $x", HOSTILE_LINE, "it's €"), os };
      assert.deepEqual(validateRecipe(recipe), []);
      const { script, gzipped, bytes, userDataBase64 } = renderRecipe(recipe);
      assert.match(
        script,
        /^<powershell>\n[\s\S]*\n<\/powershell>\n<persist>false<\/persist>\n<detach>true<\/detach>\n$/,
      );
      assert.equal(script.split("</powershell>").length, 2);
      assert.match(script, /^[\n\x20-\x7e]*$/);
      assert.equal(Buffer.from(userDataBase64, "base64").toString("utf8"), script);
      assert.ok(!gzipped && bytes <= USER_DATA_LIMIT, `${bytes} bytes`);
      console.log(`      ${os}: ${bytes} bytes with every kind of step`);
    }
  });

  it("parses, with each kind of step alone, all of them, none, and without clean-up; so do checks and boot proof", () => {
    const all = recipeOf("text", "line", "name");
    const recipes = [
      all,
      { ...all, cleanup: false },
      { os: "windows-2025", checks: [{ command: "exit 0" }] },
      ...all.steps!.map((step): Recipe => ({ os: "windows-2022", steps: [step] })),
    ];
    const rendered = recipes.map((recipe) => renderRecipe(recipe));
    const scripts = [
      ...rendered.flatMap(({ script, checkScript }) => [inner(script), checkScript]),
      inner(renderBootProof({ digest: "0123456789abcdef", windows: true }).script),
    ];
    const readings = parse(scripts);
    const library = readings[1]!.functions.filter((name) => /^(T|Say|Say-Evidence|Write-Text|Invoke-File)$/.test(name));
    assert.equal(library.length, 5);
    for (const [i, { errors, commands, functions: defined }] of readings.entries()) {
      const functions = [...defined, ...library];
      assert.deepEqual(errors, [], scripts[i]);
      // Every function that is called is there; what is not ours, Windows has.
      const own = commands.filter((name) =>
        /^(Say|Say-.*|T|Step|Check|Test-(?!Path$).*|Write-Text|Invoke-File|(Fail|Stop|Clean)-Machine|Start-Watchdog|Wait-Agent|Watch-Limit|Install-Features|Make-User|Set-Firewall|Set-OneService|Find-.*)$/.test(
          name,
        ),
      );
      for (const name of own) assert.ok(functions.includes(name), `${name} is not defined`);
    }
    assert.notDeepEqual(parse(["if (( ) {"])[0]!.errors, [], "the parser sees what is wrong");
  });

  it("takes any text in any field for text", () => {
    const text = fc.oneof(anyText, fc.constantFrom(HOSTILE, "\n'@\n", "’; Remove-Item x; ‘", "</powershell>"));
    const line = fc.oneof(
      anyText.map((any) => any.replace(/\p{Cc}/gu, "")),
      fc.constant(HOSTILE_LINE),
    );
    const name = fc.constantFrom("a", "it's $x", "‘’“”`$(x)", "é漢🎉", "#{}[];,&()%");
    const [plain] = parse([inner(renderRecipe(recipeOf("text", "line", "name")).script)]);
    fc.assert(
      fc.property(fc.array(fc.tuple(text, line, name), { minLength: 1, maxLength: 15 }), (many) => {
        const rendered = many.map(([one, two, three]) => renderRecipe(recipeOf(one, two, three)));
        const readings = parse(rendered.flatMap(({ script, checkScript }) => [inner(script), checkScript]));
        many.forEach(([one, two, three], i) => {
          const { script, checkScript } = rendered[i]!;
          assert.deepEqual(
            withoutTexts(readings[2 * i]!),
            withoutTexts(plain!),
            "the same commands as with plain text",
          );
          assert.deepEqual(readings[2 * i + 1]!.errors, []);
          assert.match(script, /^[\n\x20-\x7e]*$/);
          for (const wanted of [`C:\\web\\${three}.txt`, one, two, `# ${one}`]) {
            const found = carried(script).includes(wanted) || script.includes(`'${wanted}'`);
            assert.ok(found, `${JSON.stringify(wanted)} does not arrive`);
          }
          // The check script is in the image as it is shown: between the lines of the here-string.
          assert.equal(writtenCheck(script), checkScript);
          assert.ok(!checkScript.includes("\n'@"));
        });
      }),
      { numRuns: 12 },
    );
  });

  it("quotes only what has no meaning of its own", () => {
    assert.equal(psText("C:\\web\\index.html"), "'C:\\web\\index.html'");
    assert.equal(psText(""), "''");
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = psText(text);
        if (shown.startsWith("(T ")) assert.deepEqual(carried(shown), [text]);
        else assert.equal(shown, `'${text}'`);
        assert.match(shown, /^(?:'[A-Za-z0-9 _.,:/\\@%+=*()?!-]*'|\(T '[A-Za-z0-9+/=]*'\))$/);
      }),
    );
  });

  it("says OK only after sysprep has generalized the machine, and then powers off", () => {
    const { script } = renderRecipe(recipeOf("text", "line", "name"));
    const at = (text: string) => {
      const found = script.lastIndexOf(text);
      assert.notEqual(found, -1, text);
      return found;
    };
    const order = [
      "Step 9 'run'",
      "\nWait-Agent\n",
      'Fail-Machine "checks ',
      "Say-Sizes 'before'",
      "& { Clean-Machine }",
      "'sysprep', '--clean=true', '--shutdown=false'",
      'throw "sysprep did not generalize',
      "Fail-Machine 'cleanup'",
      "Say-Sizes 'after'",
      "if (Say-Verdict 'OK') { Stop-Machine }",
    ].map(at);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    const uncleaned = renderRecipe({ ...recipeOf("text", "line", "name"), cleanup: false }).script;
    assert.ok(!uncleaned.includes("sysprep") && uncleaned.includes("& $agent reset"), "user data must run again there");
    assert.match(script, /Start-Sleep -Seconds 3600\n/);
    assert.match(
      renderRecipe(recipeOf("a", "b", "c"), { pauseSeconds: 7, limitMinutes: 5 }).script,
      /-Seconds 7\n[\s\S]*-Seconds 300\n/,
    );
  });

  it("prints lines on the serial port that are read like those of Linux", () => {
    const { digest, script } = renderRecipe(recipeOf("text", "line", "name"));
    assert.ok(script.includes(`$line = "${MARK} $Token $Text"`) && script.includes(`$Token = '${digest}'`));
    const said = [
      "step 1/9 packages: ok",
      "size before: 21474836480 C:",
      "size after: 17179869184 C:",
      "cleanup: ok",
      "OK",
    ];
    const console = said.map((text) => `\r\n${MARK} ${digest} ${text}\r\n`).join("");
    assert.deepEqual(readConsole(`2026/11/25 10:00:00Z: Windows is Ready to use\r\n${console}`, digest), {
      verdict: "ok",
      progress: "cleanup: ok",
      sizes: [{ mount: "C:", before: 21474836480, after: 17179869184 }],
      evidence: [],
      otherTokens: [],
    });
    const proof = renderBootProof({ digest, windows: true }).script;
    assert.ok(proof.includes(`$Token = '${bootToken(digest)}'`));
  });

  it("is refused where it could not be done well, or does not fit without gzip", () => {
    const paths = (steps: unknown[]) =>
      validateRecipe({ os: "windows-2022", steps } as Recipe).map(({ path }) => path.replace("recipe.steps", ""));
    const pm2 = { name: "a", script: "a.js", directory: "/srv/a" };
    const app = { repository: "https://example.com/a.git", revision: "v1", directory: "/srv/a" };
    assert.deepEqual(paths([{ upgrade: true }, { nodejs: { version: "22" } }, { app }, { pm2 }]), [
      "[0].upgrade",
      "[1].nodejs",
      "[2].app",
      "[3].pm2",
    ]);
    const file = (path: string, more = {}) => ({ file: { path, content: "", ...more } });
    const wrong = [
      "/etc/x",
      "C:",
      "C:\\",
      "C:\\a\\..\\b",
      "C:\\a.",
      "C:\\a<b",
      "web\\x",
      "\\\\host\\share\\x",
      "C:\\a:b",
    ];
    for (const path of wrong) assert.deepEqual(paths([file(path)]), ["[0].file.path"], path);
    assert.deepEqual(paths([file("c:/a b/é.txt"), file("D:\\x\\.config")]), []);
    assert.deepEqual(paths([file("C:\\a", { mode: "0644", owner: "root" })]), ["[0].file.mode", "[0].file.owner"]);
    assert.deepEqual(
      paths([
        { packages: ["nginx=1"] },
        { user: { name: "a-name-of-21-characters" } },
        { user: { name: "a", shell: "/bin/sh" } },
        { user: { name: "a", groups: ["a'b"] } },
        { service: { name: "a b" } },
        { disableServices: [] },
        { firewall: { allow: ["0/tcp"] } },
        { environment: {} },
        { run: " " },
      ]),
      [
        "[0].packages[0]",
        "[1].user.name",
        "[2].user.shell",
        "[3].user.groups[0]",
        "[4].service.name",
        "[5].disableServices",
        "[6].firewall.allow[0]",
        "[7].environment",
        "[8].run",
      ],
    );
    const [problem] = validateRecipe({ os: "windows-2022", steps: [file("C:\\a", { content: "a".repeat(4000) })] });
    assert.equal(problem, undefined);
    const [large] = validateRecipe({ os: "windows-2022", steps: [file("C:\\a", { content: "é".repeat(9000) })] });
    assert.match(
      formatProblem(large!),
      /got "a script of \d{5} bytes", allowed is at most 16384 bytes of user data \(EC2's limit; Windows takes no gzip\)/,
    );
  });
});
