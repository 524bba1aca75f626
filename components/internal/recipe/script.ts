/** What every script begins with: cloud-init and systemd give neither a home nor the whole path. */
export const PREAMBLE = `export HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022`;

/**
 * The marker lines of ../markers.ts. They go to standard output, which cloud-init keeps, and to the console, which EC2
 * shows; seen twice they mean the same. What others wrote (evidence, streamed output) cannot forge one: terminal
 * sequences and control characters go first, then the mark itself.
 */
export const MARKER_FUNCTIONS = `
say() { # TEXT
  printf '[ami-lifecycle] %s %s\\n' "$TOKEN" "$1"
  [ ! -c /dev/console ] || { printf '[ami-lifecycle] %s %s\\n' "$TOKEN" "$1"; } 2>/dev/null >/dev/console || :
}

harmless() {
  LC_ALL=C sed -u -e 's/\\x1b\\[[0-9;?]*[A-Za-z]//g' -e 's/[[:cntrl:]]/ /g' -e 's/\\[ami-lifecycle\\]/(ami-lifecycle)/g'
}

evidence() { # FILE: its last lines
  local line
  tail -n 20 -- "$1" 2>/dev/null | harmless | LC_ALL=C cut -c 1-240 | while IFS= read -r line; do say "| $line"; done
}
`;

/** The `size` lines: bytes in use on each disk that becomes part of the image. Images of snaps and memory are none. */
export const SIZE_FUNCTION = `
sizes() { # WHEN
  local source used target
  sync
  LC_ALL=C df -l -B1 --output=source,used,target | while read -r source used target; do
    case $source:$target in
      *:/) ;;
      /dev/loop*:* | *:/run/* | *:/dev/*) continue ;;
      /dev/*:*) ;;
      *) continue ;;
    esac
    say "size $1: $used $target"
  done
}
`;

/**
 * How a machine ends. The first verdict is the only one. Powering off from a script of cloud-init kills cloud-init
 * half-way, so what comes after the steps runs in a unit of its own, and waits for cloud-init first.
 */
export function endFunctions(unit: string, self: string): string {
  return `
verdict() { # TEXT: said once
  ( set -C && : >"$WORK/verdict" ) 2>/dev/null || return 0
  say "$1"
}

detach() { # STAGE: that stage of this script in a unit of its own, or here without systemd
  if [ -d /run/systemd/system ]; then
    systemd-run --quiet --collect --unit="${unit}-$1" /bin/bash "${self}" "$1" && return
  fi
  /bin/bash "${self}" "$1"
}

await_cloud_init() { # at most five minutes
  command -v cloud-init >/dev/null && timeout 300 cloud-init status --wait >/dev/null 2>&1 || :
}

power_off() { # after a while: the console can be read only while the machine runs
  sync
  sleep "$PAUSE"
  sync
  if [ -d /run/systemd/system ]; then systemctl poweroff && sleep 120; fi
  poweroff -f
}

limit() { # SECONDS: the machine powers off then, whatever it is doing
  if [ -d /run/systemd/system ]; then
    systemd-run --quiet --collect --unit=${unit}-limit --on-active="$1" --timer-property=AccuracySec=1s \\
      /bin/bash "${self}" limit && return
  fi
  ( sleep "$1"; exec /bin/bash "${self}" limit ) >/dev/null 2>&1 &
}
`;
}
