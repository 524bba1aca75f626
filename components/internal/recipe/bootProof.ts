import { bootToken } from "../markers";
import { CHECK_PATH } from "./checkScript";
import { endFunctions, MARKER_FUNCTIONS, PREAMBLE } from "./script";
import { encodeUserData } from "./userData";
import { windowsBootProof } from "./windows/bootProof";

export interface BootProofOptions {
  /** Digest of the recipe the image was made from. */
  digest: string;
  /**
   * Minutes after which the throwaway instance powers itself off, whatever became of its gate.
   * @default 20
   */
  minutes?: number;
  /**
   * Seconds it stays up after its verdict: the gate reads it and terminates the instance.
   * @default 300
   */
  pauseSeconds?: number;
  /**
   * Whether the image is one of Windows.
   * @default false
   */
  windows?: boolean;
}

export interface BootProof {
  userDataBase64: string;
  script: string;
}

/**
 * User data of a throwaway instance made from an image: waits for the boot to end, then runs the checks in the image.
 * It works in a unit of its own, for cloud-init is itself part of the boot it waits for.
 */
export function renderBootProof({
  digest,
  minutes = 20,
  pauseSeconds = 300,
  windows = false,
}: BootProofOptions): BootProof {
  const script = windows
    ? windowsBootProof(digest, minutes, pauseSeconds)
    : linuxBootProof(digest, minutes, pauseSeconds);
  return { userDataBase64: encodeUserData(script, !windows).userDataBase64, script };
}

const linuxBootProof = (digest: string, minutes: number, pauseSeconds: number): string => `#!/bin/bash
# Boot proof of recipe ${digest}, rendered by pulumi-ami-lifecycle
TOKEN=${bootToken(digest)}
WORK=/run/ami-lifecycle-proof
PAUSE=${pauseSeconds}
${PREAMBLE}
${MARKER_FUNCTIONS}${endFunctions("ami-lifecycle-proof", "$WORK/proof")}
begin() {
  mkdir -p /run && mkdir "$WORK" 2>/dev/null || exit 0 # it has run since this machine started
  cp -- "\${BASH_SOURCE[0]}" "$WORK/proof"
  limit ${Math.max(1, Math.round(minutes * 60))}
  detach prove
}

prove() {
  local number
  say "boot: start"
  await_cloud_init
  # A degraded machine is judged by its checks, not by a unit that nobody asked about.
  if [ -d /run/systemd/system ]; then timeout 180 systemctl is-system-running --wait >/dev/null 2>&1; fi
  say "boot: ok"
  if [ ! -x ${CHECK_PATH} ]; then
    verdict "FAILED no check script in the image: ${CHECK_PATH}"
  elif ${CHECK_PATH} "$TOKEN" >"$WORK/checks"; then
    verdict OK
  else
    number=$(sed -n 's/^\\[ami-lifecycle\\] [^ ]* check \\(.*\\): failed$/\\1/p' "$WORK/checks" | head -n 1)
    verdict "FAILED checks $number"
  fi
  power_off
}

case \${1:-begin} in
  begin) begin ;;
  prove) prove ;;
  limit)
    verdict "FAILED time limit of ${minutes} minutes"
    power_off
    ;;
esac
`;
