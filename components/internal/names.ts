/** The physical name of a version's image, unique in account and region: two stacks never collide. */
export const imageName = (line: string, stack: string, version: string): string => `${line}/${stack}/${version}`;

/** The name of a server's raw image, which the version is made from. */
export const rawImageName = (image: string): string => `${image}/raw`;

/** Name prefix of what belongs to one version, said once even when the component is already named after it. */
export const versionedName = (name: string, version: string): string =>
  name === version || name.endsWith(`-${version}`) ? name : `${name}-${version}`;

/** The parameter that says what a fleet is proven to run. */
export const liveParameterName = (fleet: string, stack: string): string => `/ami/${fleet}/${stack}/live`;

/** The parameter that says what a fleet without instances would run: staged, and not proven to run it. */
export const stagedParameterName = (fleet: string, stack: string): string => `/ami/${fleet}/${stack}/staged`;

/** The one of the two that a fleet writes. */
export const fleetParameterName = (fleet: string, stack: string, staged = false): string =>
  (staged ? stagedParameterName : liveParameterName)(fleet, stack);

/** The parameter that names one image of a line: of a version, or of a pointer such as `current`. */
export const imageParameterName = (line: string, stack: string, of: string): string => `/ami/${line}/${stack}/${of}`;

/**
 * Instance types for bakes and boot proofs: the smallest current ones with 2 GiB (Windows: 4 GiB), and Nitro, whose
 * console is current.
 */
export const defaultInstanceType = (architecture: string | undefined, windows = false): string => {
  if (windows) return "t3.medium";
  return architecture === "arm64" ? "t4g.small" : "t3.small";
};

/** The architecture of an instance type: Graviton types have a `g` behind their generation, as in t4g or im4gn. */
export const architectureOf = (instanceType: string): string =>
  /^(a1|[a-z]+\d+[a-z]*g[a-z]*)[.]/.test(instanceType) ? "arm64" : "x86_64";

/** A source that no AWS account has, for what must never be made anew: the engine keeps the one in its state. */
export const NO_INSTANCE = "i-00000000000000000";
export const NO_IMAGE = "ami-00000000000000000";

/**
 * The alias of a line's keys. KMS takes no full stop, a stack's name may have one, and no stack's name has a slash: with
 * a slash for each full stop, two stacks never share an alias.
 */
export const keyAliasName = (line: string, stack: string): string => `alias/ami/${line}/${stack.replaceAll(".", "/")}`;
