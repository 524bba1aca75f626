const DAY = 24 * 60 * 60 * 1000;

/** The moment, that many days from now at midnight UTC, at which an image counts as deprecated. EC2 knows minutes. */
export function deprecationTime(days: number, now = Date.now()): string {
  return new Date(Math.ceil(now / DAY + days) * DAY).toISOString();
}
