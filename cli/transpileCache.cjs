// Keeps what ts-node made of a source in .cache/transpiled: compiling took half of each run, and the tests start the
// command many times.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const CACHE = path.join(__dirname, "../.cache/transpiled");

/** ts-node's own `createTsTranspileModule`, with a memory. */
const remembering = (create) => (ts, options) => {
  const transpile = create(ts, options);
  const compilerOptions = { ...options.compilerOptions, configFile: undefined };
  const settings = JSON.stringify([ts.version, compilerOptions, options.transformers !== undefined]);
  return (source, { fileName, ...rest }, ...more) => {
    const key = JSON.stringify([settings, fileName, rest, more, source]);
    const file = path.join(CACHE, createHash("sha256").update(key).digest("hex"));
    try {
      return { ...JSON.parse(readFileSync(file, "utf8")), diagnostics: [] };
    } catch {
      const made = transpile(source, { fileName, ...rest }, ...more);
      // What is wrong with a source is found anew each time.
      if (made.diagnostics.length > 0) return made;
      mkdirSync(CACHE, { recursive: true });
      const { outputText, sourceMapText } = made;
      writeFileSync(`${file}.${process.pid}`, JSON.stringify({ outputText, sourceMapText }));
      renameSync(`${file}.${process.pid}`, file);
      return made;
    }
  };
};

// The processes that are started, too.
const own = `--require ${JSON.stringify(__filename)}`;
if (!process.env.NODE_OPTIONS?.includes(own))
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} ${own}`.trim();

const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (!request.endsWith("/ts-transpile-module") || loaded.remembers) return loaded;
  loaded.createTsTranspileModule = remembering(loaded.createTsTranspileModule);
  loaded.remembers = true;
  return loaded;
};
