// Runs the command without a build, for `npm run simulate` and the tests. Only the command's own files are compiled here:
// the program that is simulated brings its own compiler and options, and lines of what is compiled twice are wrong.
const path = require("node:path");

require("ts-node").register({
  cwd: path.dirname(path.dirname(module.filename)),
  transpileOnly: true,
  ignore: [String.raw`^(?!(?:cli|simulation)/|components/internal/nearest\.ts$)`],
});
// Node.js reads the source maps itself, also those of ES modules, unless somebody else formats the traces.
Error.prepareStackTrace = undefined;
require("./main.ts");
