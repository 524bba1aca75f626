/** How often, and how far apart, a refused start of a copy or an image is tried, and what is said in the end. */

/** Snapshots that AWS copies at a time to one region for one account; the quota `Concurrent snapshot copies`. */
export const COPIES_AT_ONCE = 20;

/** The engine ends an error hook at its 100th try, and says no reason: this is one less. */
export const MOST_TRIES = 99;

/** Seconds before try number `attempt` (1 is the first retry): doubling from 15, at most 10 minutes, half of it random. */
export function retryDelay(attempt: number, random: number = Math.random()): number {
  return Math.min(15 * 2 ** (attempt - 1), 600) * (0.5 + random / 2);
}

/** What to do when every try was refused, by what was to be started. */
export const BUSY_NEXT = {
  copy: [
    `copies of others are under way: AWS allows ${COPIES_AT_ONCE} at a time to one region. Run \`pulumi up\` again later`,
    "or raise the quota `Concurrent snapshot copies` of that region",
  ],
  image: ["AWS is throttling the account, or has a fault of its own: run `pulumi up` again later"],
} as const;

export const BUSY_STATE = "Nothing was made; the next `pulumi up` makes only what is missing.";
