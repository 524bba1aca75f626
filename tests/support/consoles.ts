import * as fs from "node:fs";
import * as path from "node:path";

/** Serial consoles of machines of QEMU, as tests/machine/qemu.test.ts recorded them. */
const DIRECTORY = path.resolve(__dirname, "../fixtures/consoles");

export const fixtureFile = (name: string) => path.join(DIRECTORY, `${name}.txt`);

export const readFixture = (name: string): string => fs.readFileSync(fixtureFile(name), "utf8");

/** A recorded console without the mirror its packages came from, and without anybody's name or address. */
export const anonymous = (text: string): string =>
  text
    .replaceAll(/(https?:\/\/)[\w.:-]+(?=\/debian)/g, "$1deb.example.org")
    .replaceAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "somebody@example.com")
    .replaceAll(/(Copyright)[^\r\n]*/g, "$1");

const MARKER =
  /\[ami-lifecycle\] (\S+) ((?:(?:step|check) \d+\/\d+ .*|boot|cleanup): (?:start|ok|failed)|FAILED .*|\| .*|OK)\s*$/;

/**
 * The marker lines without their prefixes, in order, each once: those that cloud-init shows stand on the console twice.
 * Tokens are named by their order, so that another text in the recipe makes no other lines.
 */
export function markerLines(text: string): string[] {
  const tokens: string[] = [];
  const lines = text.split("\n").flatMap((line) => {
    const [, token, said] = MARKER.exec(line) ?? [];
    if (token === undefined || said === undefined) return [];
    if (!tokens.includes(token)) tokens.push(token);
    return [`token ${tokens.indexOf(token) + 1} ${said}`];
  });
  return [...new Set(lines)];
}

/** The tokens of the lines that end a build or a boot. */
export function tokensOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\[ami-lifecycle\] (\S+) (?:OK|FAILED .*)\s*$/gm)].map(([, token]) => token!))];
}
