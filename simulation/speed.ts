import { createRequire, Module } from "node:module";

/** Makes a file count as loaded already, with these exports. */
export function presetModule(file: string, exports: unknown): void {
  const preset = new Module(file);
  preset.filename = file;
  preset.loaded = true;
  preset.exports = exports;
  require.cache[file] = preset;
}

/**
 * A fifth of the SDK's loading time goes to npm's own resolver, which only serialising closures needs. It is loaded
 * when it is used, which programs without dynamic providers never do. To be called before the SDK is loaded, with the
 * SDK's file.
 */
export function deferNpmResolver(sdk: string): void {
  const name = "@npmcli/arborist";
  let file: string;
  try {
    file = createRequire(sdk).resolve(name);
  } catch {
    // Another version of the SDK may not have it.
    return;
  }
  if (require.cache[file] !== undefined) return;
  const load = (): object => {
    Reflect.deleteProperty(require.cache, file);
    return createRequire(__filename)(file) as object;
  };
  const deferred = new Proxy(function () {}, {
    construct: (_target, args) => Reflect.construct(load() as new () => object, args) as object,
    // The first question of every importer; only the ones after it mean that the module is really used.
    get: (_target, property) => (property === "__esModule" ? true : (Reflect.get(load(), property) as unknown)),
  });
  presetModule(file, deferred);
}

/** The SDK keeps a stack trace of every promise, for a debug option. Formatting them would take longer than the rest. */
export function withoutPromiseTraces<A extends unknown[], R>(original: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return original(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}
