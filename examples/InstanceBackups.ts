import { InstanceBackups } from "pulumi-ami-lifecycle";

// Servers with the tag backup=daily: an image every night, a week's worth of them, and a month's in another region.
const daily = new InstanceBackups("daily", {
  targetTags: { backup: "daily" },
  schedule: { startTime: "02:00" },
  retain: { count: 7 },
  copies: { "eu-west-1": { retain: { interval: 1, unit: "MONTHS" } } },
});

// Those with backup=weekly: each Sunday, with a reboot, so that what is in memory is on the disk.
new InstanceBackups("weekly", {
  targetTags: { backup: "weekly" },
  schedule: { cron: "cron(0 4 ? * SUN *)" },
  retain: { interval: 12, unit: "WEEKS" },
  reboot: true,
});

export const backups = daily.listCommand;
