import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { prepareVenv } from "./emulator/venv";

export interface PowerShellReading {
  /** What the parser did not understand, with its line. */
  errors: string[];
  /** Names of the commands that are called, in order. */
  commands: string[];
  /** Names of the functions that are defined, in order. */
  functions: string[];
}

/** Reads scripts by a grammar of PowerShell (tree-sitter's): Windows' own parser runs nowhere in these tests. */
export async function parsePowerShell(): Promise<(scripts: readonly string[]) => PowerShellReading[]> {
  const python = await prepareVenv();
  return (scripts) => {
    const options = { input: JSON.stringify(scripts), encoding: "utf8", maxBuffer: 1 << 28 } as const;
    return JSON.parse(execFileSync(python, [join(__dirname, "powershell.py")], options)) as PowerShellReading[];
  };
}
