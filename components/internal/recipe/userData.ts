import { gzipSync } from "fflate";
import type { Problem } from "../problems";
import { USER_DATA_LIMIT } from "../rules";

export interface UserData {
  userDataBase64: string;
  /** Bytes as sent: what EC2's limit is about. */
  bytes: number;
  scriptBytes: number;
  gzipped: boolean;
}

/**
 * A script as user data: as it stands when it fits, else gzipped, with nothing of the time or the machine in it.
 * Windows' agent undoes no gzip.
 */
export function encodeUserData(script: string, mayGzip = true): UserData {
  const plain = Buffer.from(script, "utf8");
  const gzipped = mayGzip && plain.length > USER_DATA_LIMIT;
  const sent = gzipped ? gzip(plain) : plain;
  return { userDataBase64: sent.toString("base64"), bytes: sent.length, scriptBytes: plain.length, gzipped };
}

/** Not Node's zlib: its bytes differ between processors, and other bytes would replace the base instance. */
function gzip(plain: Buffer): Buffer {
  const packed = Buffer.from(gzipSync(plain, { level: 9, mtime: 0 }));
  packed.fill(0, 4, 8); // time
  packed[9] = 255; // operating system: unknown
  return packed;
}

/** Pure: the one thing that can be wrong with a rendered recipe. */
export function userDataProblems(
  { bytes, scriptBytes, gzipped }: Omit<UserData, "userDataBase64">,
  path = "recipe",
): Problem[] {
  if (bytes <= USER_DATA_LIMIT) return [];
  return [
    {
      path,
      given: `a script of ${scriptBytes} bytes${gzipped ? `, ${bytes} when gzipped` : ""}`,
      allowed: `at most ${USER_DATA_LIMIT} bytes of user data ${gzipped ? "when gzipped (EC2's limit)" : "(EC2's limit; Windows takes no gzip)"}`,
      fix: gzipped
        ? "Move large file contents to a repository (app step) or download them in a run step"
        : "Download large file contents in a run step",
    },
  ];
}
