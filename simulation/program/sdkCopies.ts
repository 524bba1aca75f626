import { createRequire, Module } from "node:module";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../types";
import { UsageError } from "../usageError";

export type Sdk = typeof pulumi;

/** A copy of @pulumi/pulumi that the program has loaded, itself or by way of a package. */
export interface SdkCopy {
  directory: string;
  version: string;
  sdk: Sdk;
}

type LoadedModule = NodeJS.Module;

/** Parts of Node.js's loader that it does not declare. */
const loader = Module as unknown as {
  _resolveFilename: (request: string, parent: LoadedModule | undefined, ...rest: unknown[]) => string;
  _extensions: { ".js": (module: LoadedModule, file: string) => void };
};

const SDK = "@pulumi/pulumi";

/** What the components need too: the first version with all kinds of hooks. */
const OLDEST = "3.248.0";

const ENTRY = path.join(path.sep, "@pulumi", "pulumi", "index.js");

/** The directory of the files that get the program's copy. */
const SIMULATION = path.dirname(__dirname) + path.sep;

/** Every copy, in the order of loading. The SDK keeps its state where all copies see it, so that one engine does. */
const copies: SdkCopy[] = [];
let teach: ((copy: SdkCopy) => void) | undefined;

function versionOf(entry: string): string {
  return (createRequire(entry)("./package.json") as { version: string }).version;
}

/** True when a copy is too old to be simulated for certain. */
function isOld(version: string): boolean {
  return version.localeCompare(OLDEST, "en", { numeric: true }) < 0;
}

/** Calls the lesson for every copy of the SDK: those loaded already, and each other one as soon as it is. */
export function teachEveryCopy(lesson: (copy: SdkCopy) => void): void {
  teach = lesson;
  copies.forEach(lesson);
}

/**
 * Makes the copy of the SDK that a program in this directory gets the one that the simulation's own files get, whatever
 * is installed beside them. To be called before any of those is loaded that imports the SDK. Returns the copy's entry.
 */
export function useSdkOf(program: string, place: string): string {
  const programs = createRequire(path.join(program, "index.js"));
  let entry: string;
  try {
    entry = programs.resolve(SDK);
  } catch {
    throw new UsageError(`${SDK} is not installed for the program in ${place}: run \`npm install\` there first.`);
  }
  if (isOld(versionOf(entry))) {
    throw new UsageError(
      `The program in ${place} has ${SDK} ${versionOf(entry)}, ${OLDEST} or later is needed: ` +
        `run \`npm install ${SDK}@latest\` there first; \`npm ls ${SDK}\` shows who brings which.`,
    );
  }
  const sdks = createRequire(entry);
  const resolve = loader._resolveFilename;
  loader._resolveFilename = (request, parent, ...rest) => {
    const isOurs = parent?.filename?.startsWith(SIMULATION) === true;
    if (isOurs && request === SDK) return entry;
    if (isOurs && request.startsWith(`${SDK}/`)) return sdks.resolve(`.${request.slice(SDK.length)}`);
    return resolve.call(loader, request, parent, ...rest);
  };
  const load = loader._extensions[".js"];
  loader._extensions[".js"] = (module, file) => {
    load(module, file);
    if (!file.endsWith(ENTRY)) return;
    const copy: SdkCopy = { directory: path.dirname(file), version: versionOf(file), sdk: module.exports as Sdk };
    copies.push(copy);
    teach?.(copy);
  };
  return entry;
}

/** Where a copy is, as far as it is in the project. */
function nameOf({ directory, version }: SdkCopy, root: string): string {
  const place = path.relative(root, directory);
  return place.startsWith("..") ? version : `${version} in ${place}`;
}

/** A package of the program may bring a copy that lacks what the simulation asks of it. */
export function problemOfCopy(copy: SdkCopy, root: string): Problem | undefined {
  if (!isOld(copy.version)) return undefined;
  const message = `a package loads ${SDK} ${nameOf(copy, root)}, which may be too old: \`npm ls ${SDK}\` shows which`;
  return { severity: "warning", message };
}

/** Two copies of the SDK work in most programs, and are a riddle in the others. */
export function copiesNote(root: string): string[] {
  if (copies.length < 2) return [];
  const names = copies.map((copy) => nameOf(copy, root)).sort();
  return [
    `${copies.length} copies of ${SDK} are loaded: ${names.join(", ")}. The simulation serves them all;` +
      ` \`npm ls ${SDK}\` shows who brings which, and one version for all makes it one copy`,
  ];
}
