import { createHash } from "node:crypto";
import { type FullRecipe, type FullStep, kindOf } from "../defaults";
import { label } from "../shell";
import { environmentOf } from "../steps";
import { sortedPairs } from "../steps/files";
import { LIBRARY, preamble } from "./script";
import { windowsPath } from "./steps";
import { psList, psText } from "./text";

/** The functions below, each a kind of check. */
type Kind = keyof typeof FUNCTIONS;

export interface WindowsCheck {
  name: string;
  kind: Kind;
  /** Arguments of the function, as PowerShell. */
  words: string[];
}

/** Everything that must be true of a machine made from the image: what follows from the steps, then what is declared. */
export function windowsChecks(recipe: FullRecipe): WindowsCheck[] {
  const found = new Map<string, WindowsCheck>();
  const add = (subject: string, name: string, kind: Kind, ...words: string[]) => {
    // Of two checks of one thing the later counts.
    found.delete(subject);
    found.set(subject, { name: label(name), kind, words });
  };
  for (const step of recipe.steps) addDerived(step, add);
  const environment = sortedPairs(environmentOf(recipe.steps));
  if (environment.length > 0) {
    add(
      "environment",
      "environment",
      "Test-Variables",
      ...[0, 1].map((i) => psList(environment.map((pair) => pair[i]!))),
    );
  }
  for (const { http, service, command } of recipe.checks) {
    if (service !== undefined && !found.has(`service ${service.toLowerCase()}`))
      add(`service ${service.toLowerCase()}`, `service ${service}`, "Test-OneService", psText(service), "'Running'");
    if (http) {
      const words = [psText(http.url), String(http.status), psText(http.contains ?? "")];
      add(JSON.stringify(http), `http ${http.url}`, "Test-Http", ...words);
    }
    if (command !== undefined) add(`command ${command}`, `command ${command}`, "Test-Command", psText(command));
  }
  return [...found.values()];
}

function addDerived(
  step: FullStep,
  add: (subject: string, name: string, kind: Kind, ...words: string[]) => void,
): void {
  const { packages, file, user, firewall, service, disableServices } = step;
  const off = (name: string) =>
    add(`service ${name.toLowerCase()}`, `service ${name} off`, "Test-OneService", psText(name), "'Off'");
  switch (kindOf(step)) {
    case "packages":
      for (const name of packages!) add(`package ${name}`, `package ${name}`, "Test-Feature", psText(name));
      return;
    case "file": {
      const path = windowsPath(file!.path);
      const sum = createHash("sha256").update(file!.content, "utf8").digest("hex");
      return add(`file ${path.toLowerCase()}`, `file ${path}`, "Test-File", psText(path), psText(sum));
    }
    case "user":
      return add(`user ${user!.name}`, `user ${user!.name}`, "Test-User", psText(user!.name), psList(user!.groups));
    case "firewall":
      return add("firewall", "firewall", "Test-Firewall", psList(firewall!.allow));
    case "service":
      if (!service!.enabled) return off(service!.name);
      return add(
        `service ${service!.name.toLowerCase()}`,
        `service ${service!.name}`,
        "Test-OneService",
        psText(service!.name),
        "'Enabled'",
      );
    case "disableServices":
      return disableServices!.forEach(off);
  }
}

/** Each ends without an error when it holds. */
const FUNCTIONS = {
  "Test-Feature": `
function Test-Feature([string]$Name) {
  $state = (Get-WindowsFeature -Name $Name).InstallState
  if ("$state" -ne 'Installed') { throw "$Name is $state" }
}
`,
  "Test-File": `
function Test-File([string]$Path, [string]$Sum) {
  $is = (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash
  if ($is -ne $Sum) { throw "sha256 $is, allowed $Sum" }
}
`,
  "Test-User": `
function Test-User([string]$Name, [string[]]$Groups) {
  [void](Get-LocalUser -Name $Name)
  foreach ($group in $Groups) {
    if (-not (Get-LocalGroupMember -Group $group | Where-Object { $_.Name -like "*\\$Name" })) { throw "not in $group" }
  }
}
`,
  "Test-Firewall": `
function Test-Firewall([string[]]$Allow) {
  foreach ($each in Get-NetFirewallProfile -PolicyStore ActiveStore) {
    if ("$($each.Enabled) $($each.DefaultInboundAction)" -ne 'True Block') { throw "the profile $($each.Name) is open" }
  }
  foreach ($one in $Allow) {
    $port, $protocol = $one.Split('/')
    $rule = Get-NetFirewallRule -Name "ami-lifecycle-$port-$protocol"
    if ("$($rule.Enabled) $($rule.Action)" -ne 'True Allow') { throw "$one is closed" }
  }
}
`,
  "Test-Variables": `
function Test-Variables([string[]]$Names, [string[]]$Values) {
  for ($i = 0; $i -lt $Names.Count; $i++) {
    if ([Environment]::GetEnvironmentVariable($Names[$i], 'Machine') -cne $Values[$i]) { throw "$($Names[$i]) is another" }
  }
}
`,
  "Test-OneService": `
function Test-OneService([string]$Name, [string]$Wanted) {
  $service = Get-Service -Name $Name -ErrorAction SilentlyContinue
  $is = "$($service.Status) $($service.StartType)"
  if ($Wanted -eq 'Off') {
    if ($service -and $is -ne 'Stopped Disabled') { throw "it is $is" }
  } elseif ("$($service.Status)" -ne 'Running' -or ($Wanted -eq 'Enabled' -and "$($service.StartType)" -ne 'Automatic')) {
    throw "it is $is"
  }
}
`,
  // On the machine itself: no proxy, and a certificate cannot be expected to name the loopback address.
  "Test-Http": `
function Test-Http([string]$Url, [int]$Status, [string]$Text) {
  [Net.ServicePointManager]::SecurityProtocol = 'Tls12'
  [Net.ServicePointManager]::ServerCertificateValidationCallback = { $true }
  $request = [Net.WebRequest]::Create($Url)
  $request.Proxy = $null
  $request.Timeout = 10000
  $request.AllowAutoRedirect = $false
  try { $response = $request.GetResponse() } catch {
    $why = $_.Exception
    while ($why -and -not ($why -is [Net.WebException])) { $why = $why.InnerException }
    if (-not $why -or -not $why.Response) { throw }
    $response = $why.Response
  }
  $reader = New-Object IO.StreamReader $response.GetResponseStream()
  try { $body = $reader.ReadToEnd() } finally { $reader.Dispose() }
  if ([int]$response.StatusCode -ne $Status) { throw "status $([int]$response.StatusCode), allowed $Status" }
  if (-not $body.Contains($Text)) { throw "the answer does not contain: $Text" }
}
`,
  "Test-Command": `
function Test-Command([string]$Command) {
  Write-Text "$Dir\\command.ps1" $Command $true
  Invoke-File "$Dir\\command.ps1" "$Dir\\command" 60
}
`,
} as const;

/** A check script in three parts; the middle one is the library. */
export interface CheckScriptParts {
  head: string;
  tail: string;
}

/** As the shell's check script: a line for each check, evidence for those that failed, no verdict; it ends with 1 then. */
export const windowsCheckScript = (checks: readonly WindowsCheck[], digest: string): string => {
  const { head, tail } = checkScriptParts(checks, digest);
  return `${head}${LIBRARY}${tail}`;
};

export function checkScriptParts(checks: readonly WindowsCheck[], digest: string): CheckScriptParts {
  const kinds = [...new Set(checks.map((check) => check.kind))].sort();
  const calls = checks.map(({ name, kind, words }) => `Check ${psText(name)} { ${kind} ${words.join(" ")} }`);
  const head = `param([string]$Given = '${digest}', [string]$Results = '')
# Checks of the recipe ${digest}
${preamble("$Given")}`;
  const tail = `$Window = 60
$Number = 0
$Failed = ''
$Dir = Join-Path $env:TEMP ([Guid]::NewGuid().ToString())
[void][IO.Directory]::CreateDirectory($Dir)

function Check([string]$Name, [scriptblock]$Test) {
  $script:Number++
  $begun = Get-Date
  while ($true) {
    try {
      & $Test *> "$Dir\\log"
      Say "check $Number/${checks.length} $($Name): ok"
      return
    } catch { Add-Content -LiteralPath "$Dir\\log" -Value "$_" -Encoding Unicode }
    if (((Get-Date) - $begun).TotalSeconds -ge $Window) { break }
    Start-Sleep -Seconds 1
  }
  Say-Evidence "$Dir\\log"
  Say "check $Number/${checks.length} $($Name): failed"
  $script:Window = 0
  if (-not $Failed) { $script:Failed = "$Number/${checks.length} $Name" }
}
${kinds.map((kind) => FUNCTIONS[kind]).join("")}
${calls.join("\n")}
Remove-Item -LiteralPath $Dir -Recurse -Force -ErrorAction SilentlyContinue
if ($Results) { Write-Text $Results $Failed $false }
if ($Failed) { exit 1 }
`;
  return { head, tail };
}
