import { knownText } from "../wire";
import type { RecordedResource } from "../types";
import type { Lines } from "./lines";
import { flag, isSaid, textOr } from "../values";

/** An image in another region, whose snapshots have to be brought there. */
export function copy({ inputs, region }: RecordedResource, lines: Lines): void {
  lines.used("its snapshots", "snapshot", "writtenGiB", 1);
  const from = knownText(inputs.sourceAmiRegion);
  if (from === region && region !== undefined) return;
  const notes = [
    from === undefined ? "unless the source is in this region too; at this region's price" : `at the price of ${from}`,
  ];
  // AWS charges by the region that the data leaves.
  const isInTheEast = [from, region].every((one) => one === "us-east-1" || one === "us-east-2");
  const rate = isInTheEast ? "transferInTheEast" : "transfer";
  lines.used("copying from another region", rate, "writtenGiB", 1, {
    isOnce: true,
    priceOf: { region: from ?? region },
    notes,
  });
}

/** A key, and what is asked of it; AWS charges for the first two rotations. */
export function key({ inputs }: RecordedResource, lines: Lines): void {
  const isRotated = isSaid(inputs.enableKeyRotation) && flag(inputs.enableKeyRotation) !== false;
  const notes = [isRotated ? "$1 more after each of the first two rotations" : undefined];
  lines.rate("key", "key", 1, { notes });
  lines.used("what is asked of it", "keyRequests", "kmsMillions", 1);
}

/** A rule is free of charge; a deleted snapshot that it keeps costs as before. An image in the bin is its snapshots. */
export function recycleBin({ inputs: { resourceType: said } }: RecordedResource, lines: Lines): void {
  const type = knownText(said);
  const what = "deleted snapshots that it keeps";
  if (type === "EC2_IMAGE") return;
  if (type === "EBS_SNAPSHOT") return lines.used(what, "snapshot", "binGB", 1);
  if (type !== undefined) return lines.unpriced("what it keeps", "GB-month", 1, `of type ${type}`);
  lines.used(what, "snapshot", "binGB", undefined, { notes: ["what it keeps is known only later"] });
}

/** A parameter of the standard tier is free of charge. */
export function parameter({ inputs: { tier: said } }: RecordedResource, lines: Lines): void {
  const tier = textOr(said, "Standard");
  if (tier === "Standard") return;
  if (tier === "Advanced") return lines.rate("advanced parameter", "parameter", 1);
  const notes = [tier === undefined ? "its tier is known only later" : "if AWS makes it an advanced one"];
  lines.rate("advanced parameter", "parameter", undefined, { notes });
}

export function zone(_: RecordedResource, lines: Lines): void {
  lines.rate("hosted zone", "hostedZone", 1);
  lines.used("what is asked of it", "dnsQueries", "dnsMillions", 1);
}

/** A topic is free of charge, what is sent to it is not. */
export function topic(_: RecordedResource, lines: Lines): void {
  const notes = ["without SMS, e-mail and other deliveries"];
  lines.used("what is sent to it", "topicRequests", "snsMillions", 1, { notes });
}
