import type { FirewallStep } from "../../../recipe";
import { writeText } from "../shell";
import type { LinuxSystem } from "../systems";
import { need } from "./packages";

/** Of the table of nftables, and of firewalld's zone. */
const NFT_TABLE = "ami_lifecycle";
const ZONE = "ami-lifecycle";

interface Port {
  /** `80` or `8000-8010`. */
  ports: string;
  protocol: string;
}

const portOf = (text: string): Port => {
  const [ports = "", protocol = ""] = text.split("/");
  return { ports, protocol };
};

/**
 * Only what is named is open. Answers, the loopback interface, ICMP (IPv6 does not work without) and DHCP are let in;
 * what goes out is not touched, so that Session Manager and updates go on.
 */
export function firewallStep({ allow }: FirewallStep, system: LinuxSystem): string {
  return FIREWALLS[system.firewall](allow.map(portOf), system);
}

/** The rules as the firewall shows them, for the check. */
export function firewallRules({ allow }: FirewallStep, { firewall }: LinuxSystem): string[] {
  return allow.map(portOf).map(({ ports, protocol }) => {
    if (firewall === "nftables") return nftRule({ ports, protocol });
    return `${firewall === "ufw" ? ports.replace("-", ":") : ports}/${protocol}`;
  });
}

const nftRule = ({ ports, protocol }: Port) => `${protocol} dport ${ports} accept`;

const nftables = (allow: Port[]): string =>
  `#!/usr/sbin/nft -f
# By pulumi-ami-lifecycle. A table of its own, so that those of others stay.
table inet ${NFT_TABLE}
delete table inet ${NFT_TABLE}
table inet ${NFT_TABLE} {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    meta l4proto { icmp, ipv6-icmp } accept
    udp sport 67 udp dport 68 accept
    udp sport 547 udp dport 546 accept
${allow.map((port) => `    ${nftRule(port)}\n`).join("")}  }
}
`;

const zone = (allow: Port[]): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<zone>
  <short>${ZONE}</short>
  <service name="dhcpv6-client"/>
${allow.map(({ ports, protocol }) => `  <port port="${ports}" protocol="${protocol}"/>\n`).join("")}</zone>
`;

const FIREWALLS: Record<LinuxSystem["firewall"], (allow: Port[], system: LinuxSystem) => string> = {
  nftables(allow, { family }) {
    const file = family === "debian" ? "/etc/nftables.conf" : "/etc/sysconfig/nftables.conf";
    return `${need("nft", "nftables")}
${writeText(nftables(allow), file)}
systemctl enable --now nftables.service
nft -f ${file}`;
  },
  ufw(allow) {
    const rules = allow.map(({ ports, protocol }) => `ufw allow ${ports.replace("-", ":")}/${protocol}\n`).join("");
    // Resetting leaves copies of the old rules behind, with the date in their names.
    return `${need("ufw")}
ufw --force reset
rm -f /etc/ufw/*.rules.[0-9]*
ufw default deny incoming
ufw default allow outgoing
${rules}ufw --force enable
systemctl enable ufw.service`;
  },
  firewalld(allow) {
    return `${need("firewall-cmd", "firewalld")}
${writeText(zone(allow), `/etc/firewalld/zones/${ZONE}.xml`)}
systemctl enable --now firewalld.service
firewall-cmd --reload
firewall-cmd --set-default-zone=${ZONE}`;
  },
};

/** `firewall_is RULE…` in shell: it is on, it comes back at boot, it closes what is not named, and has each rule. */
export const FIREWALL_CHECKS: Record<LinuxSystem["firewall"], string> = {
  nftables: `
firewall_is() {
  local rules rule
  systemctl is-enabled nftables.service || return
  rules=$(nft -n list chain inet ${NFT_TABLE} input) || return
  printf '%s\\n' "$rules"
  [[ $rules == *"policy drop;"* ]] || return
  for rule in "$@"; do printf '%s\\n' "$rules" | sed 's/^[[:space:]]*//' | grep -qxF -- "$rule" || return; done
}
`,
  ufw: `
firewall_is() {
  local status rule
  systemctl is-enabled ufw.service || return
  status=$(LC_ALL=C ufw status verbose) || return
  printf '%s\\n' "$status"
  [[ $status == *"Status: active"* && $status == *"deny (incoming)"* ]] || return
  for rule in "$@"; do printf '%s\\n' "$status" | grep -qE -- "^$rule +ALLOW IN +Anywhere" || return; done
}
`,
  firewalld: `
firewall_is() {
  local rule
  systemctl is-enabled firewalld.service || return
  firewall-cmd --state || return
  [ "$(firewall-cmd --get-default-zone)" = ${ZONE} ] || { firewall-cmd --get-default-zone; return 1; }
  for rule in "$@"; do
    firewall-cmd --zone=${ZONE} --query-port="$rule" >/dev/null || { echo "$rule is closed"; return 1; }
  done
}
`,
};
