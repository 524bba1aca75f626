import { beyond } from "./pointers";
import type { Problem } from "./problems";

const NUMBER = "(0|[1-9]\\d{0,5})";
const PART = "(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)";
/** Semantic versions without build metadata; no leading zeros, else two spellings would be one version. */
const VERSION = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${PART}(?:\\.${PART})*))?$`);

export const isVersion = (text: unknown): text is string => typeof text === "string" && VERSION.test(text);

/** Semantic version precedence: below zero when `a` comes first. Both must be versions. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [VERSION.exec(a), VERSION.exec(b)];
  if (!x || !y) throw new TypeError(`not versions: ${a}, ${b}`);
  for (const i of [1, 2, 3]) {
    const difference = Number(x[i]) - Number(y[i]);
    if (difference !== 0) return difference;
  }
  const [p, q] = [x[4], y[4]];
  // A pre-release comes before its release.
  if (p === undefined || q === undefined) return p === q ? 0 : p === undefined ? 1 : -1;
  return comparePreRelease(p.split("."), q.split("."));
}

function comparePreRelease(p: string[], q: string[]): number {
  for (let i = 0; i < Math.max(p.length, q.length); i++) {
    const [s, t] = [p[i], q[i]];
    if (s === undefined) return -1;
    if (t === undefined) return 1;
    if (s === t) continue;
    const [m, n] = [/^\d+$/.test(s), /^\d+$/.test(t)];
    if (m && n) return BigInt(s) < BigInt(t) ? -1 : 1;
    if (m !== n) return m ? -1 : 1;
    return s < t ? -1 : 1;
  }
  return 0;
}

export interface VersionRules {
  /** How the caller writes the paths, e.g. `ami-lifecycle:`. */
  prefix?: string;
  /** Most versions kept. */
  keep?: number;
  /** Whether the current version's images are protected. */
  protect?: boolean;
}

/** Current and previous: with fewer there is nothing to roll back to. */
const LEAST_KEPT = 2;

/** The rules for the versions kept and the current one. */
export function versionProblems(versions: unknown, current: unknown, rules: VersionRules = {}): Problem[] {
  const { prefix = "", keep, protect } = rules;
  const path = `${prefix}versions`;
  if (!Array.isArray(versions) || versions.length === 0) {
    return [
      {
        path,
        given: versions,
        allowed: "a list of versions, oldest first, e.g. [1.0.0]",
        fix: "Name at least one version",
      },
    ];
  }
  const list = versions as unknown[];
  const problems: Problem[] = list.flatMap((version, i) =>
    isVersion(version)
      ? []
      : [
          {
            path: `${path}[${i}]`,
            given: version,
            allowed: "a version such as 1.4.0 or 2.0.0-rc.1",
            fix: "Use MAJOR.MINOR.PATCH (in YAML, quote it when it has only two parts)",
          },
        ],
  );
  for (let i = 1; i < list.length; i++) {
    const [before, version] = [list[i - 1], list[i]];
    if (!isVersion(before) || !isVersion(version)) continue;
    const order = compareVersions(before, version);
    if (order < 0) continue;
    problems.push({
      path: `${path}[${i}]`,
      given: version,
      allowed: order === 0 ? "each version once" : `a version after ${before}: the oldest comes first`,
      fix: order === 0 ? "Remove the second one" : "Put the versions in order and append new ones at the end",
    });
  }
  if (current === undefined || current === "") {
    problems.push({
      path: `${prefix}current`,
      allowed: `one of the versions kept (${list.map(String).join(", ")})`,
      fix: "It is missing: set it to the version the fleet shall run",
    });
  } else if (!list.includes(current)) {
    problems.push({
      path: `${prefix}current`,
      given: current,
      allowed: `one of the versions kept (${list.map(String).join(", ")})`,
      fix:
        "Move `current` to a kept version first; a version can be removed only when nothing runs it" +
        (protect ? ". Its images are protected until then, so that takes two `up`s: move, `pulumi up`, remove" : ""),
    });
  }
  if (keep !== undefined) problems.push(...keepProblems(list, current, keep, prefix));
  return problems;
}

/** What more versions than `keep` are told. */
export const mostKept = (keep: number): string => `at most ${keep} versions (\`keep\`)`;

function keepProblems(list: unknown[], current: unknown, keep: number, prefix: string): Problem[] {
  if (!Number.isInteger(keep) || keep < LEAST_KEPT) {
    return [
      {
        path: `${prefix}keep`,
        given: keep,
        allowed: `a whole number, ${LEAST_KEPT} or more: the current version, and the one to roll back to`,
        fix: "Raise it, or leave it out to keep as many as are listed",
      },
    ];
  }
  if (list.length <= keep) return [];
  const oldest = beyond(list.map(String), String(current), keep);
  return [
    {
      path: `${prefix}versions`,
      given: list.length,
      allowed: mostKept(keep),
      fix: oldest.length > 0 ? `Remove the oldest: ${oldest.join(", ")}` : "Raise `keep`: these are all in use",
    },
  ];
}
