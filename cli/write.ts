// Who reads may have had enough, as `head` has: no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

/** Writes to standard output, all of it before the promise resolves: `process.exit` does not wait for pipes. */
export function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
