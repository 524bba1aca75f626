/** A file of this directory that is a subcommand. */
export interface Command {
  /** Runs it with what follows its name; the result is the exit code. A wrong call throws a UsageError. */
  run: (argv: string[]) => Promise<number>;
}

interface Entry {
  /** One line, for the list of all. */
  summary: string;
  /** Loaded when it is asked for: one command must not pay for the others. */
  load: () => Promise<Command>;
}

/** All subcommands. To add one: a file beside this one that exports `run`, and a line here. */
export const COMMANDS: { [name: string]: Entry } = {
  simulate: {
    summary: "runs this directory's program in-process, without an account, against a model of AWS",
    load: () => import("./simulate"),
  },
  versions: {
    summary: "lists the versions a stack's config keeps, and what each of them is",
    load: () => import("./versions"),
  },
  release: {
    summary: "keeps a version and makes it current, in a stack's config",
    load: () => import("./release"),
  },
  rollback: {
    summary: "makes the previous version current again, in a stack's config",
    load: () => import("./rollback"),
  },
  retire: {
    summary: "removes versions from a stack's config",
    load: () => import("./retire"),
  },
  status: {
    summary: "shows what AWS has of a line: images, fleets, pointers, and what does not agree",
    load: () => import("./status"),
  },
  drill: {
    summary: "proves that a recovery region would serve, and measures it",
    load: () => import("./drill"),
  },
  failover: { summary: "makes a recovery region serve, asking that region alone", load: () => import("./failover") },
  failback: { summary: "lets a recovery region wait again", load: () => import("./failback") },
  backup: { summary: "makes an image of a server before a change", load: () => import("./backup") },
  restore: { summary: "launches a server from its backup, beside the old one", load: () => import("./restore") },
};
