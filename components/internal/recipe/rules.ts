import type { TextRule } from "./fields";

/** What names may look like on the systems in the table. */
const PATH = /^(?=.)(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+)+$/u;
/** Directories that live in memory: what is written there is not in an image. */
const IN_MEMORY = /^\/(?:proc|sys|dev|run|var\/run)(?:\/|$)/;

export const RULES = {
  any: { pattern: /^/, allowed: "text", fix: "Write it as text" },
  some: { pattern: /\S/, allowed: "text that is not empty", fix: "Write something, or leave it out" },
  packageName: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9+._:~^]*(?:-[A-Za-z0-9+._:~^]+)*(?:[=/][A-Za-z0-9+._:~^-]+)?$/,
    allowed: "the name of a package, such as nginx",
    fix: "Use the name the system's package manager knows it by",
  },
  unit: {
    pattern: /^(?=.{1,255}$)[A-Za-z0-9:_][A-Za-z0-9:_.\\@-]*$/,
    allowed: "the name of a systemd unit, such as nginx or nginx.service",
    fix: "Use the unit's name as systemctl shows it",
  },
  user: {
    pattern: /^[a-z_][a-z0-9_-]{0,30}$/,
    allowed: "a user's name: small letters, digits, _ and -, at most 31, beginning with a letter or _",
    fix: "Use such a name",
  },
  group: {
    pattern: /^[a-z_][a-z0-9_-]{0,30}$/,
    allowed: "a group's name: small letters, digits, _ and -, at most 31, beginning with a letter or _",
    fix: "Use such a name",
  },
  port: {
    pattern: /^\d{1,5}(?:-\d{1,5})?\/(?:tcp|udp)$/,
    allowed: "a port such as 80/tcp, 53/udp or 8000-8010/tcp, from 1 to 65535",
    fix: "Write the port, or first-last, then /tcp or /udp",
  },
  owner: {
    pattern: /^(?:[a-z_][a-z0-9_-]{0,30}|[0-9]{1,9})(?::(?:[a-z_][a-z0-9_-]{0,30}|[0-9]{1,9}))?$/,
    allowed: "an owner as user or user:group",
    fix: "Use such a name",
  },
  path: {
    pattern: PATH,
    allowed: "an absolute path without . and .. in it",
    fix: "Begin it with / and end it with a name",
  },
  mode: {
    pattern: /^[0-7]{3,4}$/,
    allowed: 'an octal mode such as "0644"',
    fix: "Use three or four digits from 0 to 7",
  },
  nodeVersion: {
    pattern: /^(?:1[89]|[2-9][0-9])$/,
    allowed: 'the major version of Node.js, 18 or later, such as "22"',
    fix: "Use the major version alone",
  },
  repository: {
    pattern: /^(?!-)(?!\w+::)[^\s\p{Cc}]+$/u,
    allowed: "an address that git clone takes",
    fix: "Use an address such as https://example.com/team/app.git",
  },
  revision: {
    pattern: /^(?![-/.])(?!.*(?:\.\.|@\{|\/\/|[/.]$))[^\s\p{Cc}~^:?*[\\]+$/u,
    allowed: "a branch, a tag or a full commit id",
    fix: "Use the name without refs/heads/ and without operators",
  },
  script: {
    pattern: /^(?![/-])(?!.*(?:^|\/)\.\.(?:\/|$))[^\p{Cc}]+$/u,
    allowed: "a path relative to the directory, such as server.js",
    fix: "Leave out the directory",
  },
  processName: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/,
    allowed: "letters, digits, _ . and -",
    fix: "Use such a name",
  },
  url: {
    pattern: /^https?:\/\/[^\s\p{Cc}/?#]+(?:[/?#][^\s\p{Cc}]*)?$/u,
    allowed: "an address that begins with http:// or https://",
    fix: "Use an address such as http://127.0.0.1/",
  },
  variable: {
    pattern: /^[^\p{Cc}]*$/u,
    allowed: "text of one line",
    fix: "Put longer text in a file and its path in the variable",
  },
  windowsFeature: {
    pattern: /^[A-Za-z][A-Za-z0-9_-]{0,99}$/,
    allowed: "the name of a Windows feature, such as Web-Server",
    fix: "Use the name that Get-WindowsFeature lists",
  },
  // Not the reserved characters, nor a segment that Windows would shorten.
  windowsPath: {
    pattern: /^[A-Za-z]:(?:[\\/](?!\.{1,2}(?:[\\/]|$))[^\\/:*?"<>|\p{Cc}]*[^\\/:*?"<>|\p{Cc}. ])+$/u,
    allowed: "an absolute path such as C:\\web\\index.html, without . and .. in it",
    fix: "Begin it with a drive and end it with a name",
  },
  windowsUser: {
    pattern: /^[a-z_][a-z0-9_-]{0,19}$/,
    allowed: "a user's name: small letters, digits, _ and -, at most 20, beginning with a letter or _",
    fix: "Use such a name",
  },
  windowsGroup: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9 _-]{0,255}$/,
    allowed: "a local group's name, such as Administrators",
    fix: "Use the name that Get-LocalGroup lists",
  },
  windowsService: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_.$-]{0,255}$/,
    allowed: "a service's short name, such as W3SVC",
    fix: "Use the name that Get-Service lists first",
  },
  // pam_env, which reads /etc/environment, ends a line at # and reads about a thousand bytes of it.
  systemVariable: {
    pattern: /^[^#\p{Cc}]{0,900}$/u,
    allowed: "text of one line without #, at most 900 characters (what /etc/environment can hold)",
    fix: "Put it in a file and its path in the variable",
  },
} satisfies Record<string, TextRule>;

export function isInMemory(path: string): boolean {
  return IN_MEMORY.test(path);
}
