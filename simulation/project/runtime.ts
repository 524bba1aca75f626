import { UsageError } from "../usageError";
import { isData } from "./yamlFile";

/** How the program is run: the options of Pulumi's Node.js language host. */
export interface Runtime {
  /** False: Node.js gets the program as it is. */
  typescript: boolean;
  /** Relative to the program's directory. */
  tsconfig?: string;
  /** Options of Node.js itself. */
  nodeArguments: string[];
}

/** Splits at spaces outside of quotes, as a shell does. */
function words(text: string): string[] {
  const found = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return found.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

/** Reads `runtime` of Pulumi.yaml: a name, or a name with options. */
export function runtimeOf(given: unknown): Runtime {
  const { name, options } = isData(given) ? given : { name: given, options: {} };
  if (name !== "nodejs") {
    const what = name === undefined ? "no runtime" : `the runtime ${JSON.stringify(name)}`;
    throw new UsageError(
      `Pulumi.yaml: the project has ${what}. Only programs of the runtime "nodejs" can be simulated: ` +
        "TypeScript and JavaScript, run by Node.js.",
    );
  }
  const { typescript = true, tsconfig, nodeargs = "" } = isData(options) ? options : {};
  const wrong = (option: string, what: string) =>
    new UsageError(`Pulumi.yaml: runtime.options.${option} must be ${what}`);
  if (typeof typescript !== "boolean") throw wrong("typescript", "true or false");
  if (tsconfig !== undefined && typeof tsconfig !== "string") throw wrong("tsconfig", "a path");
  if (typeof nodeargs !== "string") throw wrong("nodeargs", "text");
  return { typescript, nodeArguments: words(nodeargs), ...(tsconfig !== undefined && { tsconfig }) };
}
