import * as fs from "node:fs";
import * as path from "node:path";
import { Refusal } from "./refusal";

/** A file's text; refused when it is not UTF-8, because its bytes could not be kept. Empty for one that is not there. */
export function readText(file: string): string {
  if (!fs.existsSync(file)) return "";
  const bytes = fs.readFileSync(file);
  const text = bytes.toString("utf8");
  if (Buffer.from(text, "utf8").equals(bytes)) return text;
  throw new Refusal(`${path.basename(file)} is not UTF-8: change it by hand.`);
}

/** Writes the file as a whole or not at all, with the mode it has; refused when somebody else changed it meanwhile. */
export function saveText(file: string, before: string, after: string): void {
  // A link stays one.
  const target = fs.existsSync(file) ? fs.realpathSync(file) : file;
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
  try {
    fs.writeFileSync(beside, after, { flag: "wx", flush: true });
    if (stat !== undefined) fs.chmodSync(beside, stat.mode & 0o7777);
    if (readText(target) !== before) throw new Refusal(`${path.basename(file)} was changed meanwhile: try again.`);
    fs.renameSync(beside, target);
  } finally {
    fs.rmSync(beside, { force: true });
  }
}
