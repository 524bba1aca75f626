const NAME = "ami-lifecycle";
const PACKAGE = "pulumi-ami-lifecycle";

/** How the command is called where the package is installed. */
export const INSTALLED = `npx ${NAME}`;

/**
 * How the user calls it: in a clone of this repository nothing is installed under its name, and npm's script does the
 * same. `npm run` says which script it runs, and of which package.
 */
export function calledAs(env: NodeJS.ProcessEnv = process.env): string {
  const { npm_lifecycle_event: script, npm_package_name: owner } = env;
  // A program of the user's own may have a script `simulate`, too, which says nothing of another one.
  return script === NAME || (script === "simulate" && owner === PACKAGE) ? `npm run ${NAME} --` : INSTALLED;
}
