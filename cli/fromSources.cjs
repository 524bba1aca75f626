// Runs the command without a build, for `npm run simulate` and the tests. A program that is simulated brings its own
// compiler and options, and lines of what is compiled twice are wrong: then only the command's own files are compiled
// here, and tables and rules of the components that throw nothing. The other commands run no program, and share the rules of the
// components and the stacks' config with it.
const path = require("node:path");

const own =
  process.argv[2] === "simulate"
    ? String.raw`(?:cli|simulation)/|components/internal/(?:(?:instanceTypes|resourceRules)/\w+|cidr|cron|fleetDefaults|known|names|nearest|own|pointers|problems|recoveryRecord|recoveryTable|rules?|scalingRules|serverRules|startTries|tags|versions|volumeRules)\.ts$`
    : "(?:cli|simulation|stacks|components/internal|components/gates)/";

require("./transpileCache.cjs");
require("ts-node").register({
  cwd: path.dirname(path.dirname(module.filename)),
  transpileOnly: true,
  ignore: [`^(?!${own})`],
});
// Node.js reads the source maps itself, also those of ES modules, unless somebody else formats the traces.
Error.prepareStackTrace = undefined;
require("./main.ts");
