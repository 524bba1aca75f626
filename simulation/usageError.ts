/** A wrong call of a command, as opposed to a problem of the program. */
export class UsageError extends Error {}
