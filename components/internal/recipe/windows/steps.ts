import { type FullStep, kindOf } from "../defaults";
import { sortedPairs } from "../steps/files";
import { psList, psText } from "./text";

/** One step as the body of a function. Any error ends it. */
export function windowsStep(step: FullStep): string {
  const { packages, file, user, firewall, environment, service, disableServices, run } = step;
  switch (kindOf(step)) {
    case "packages":
      return `Install-Features ${psList(packages!)}`;
    case "file":
      return `Write-Text ${psText(windowsPath(file!.path))} ${psText(file!.content)} $false`;
    case "user":
      return `Make-User ${psText(user!.name)} ${psList(user!.groups)}`;
    case "firewall":
      return `Set-Firewall ${psList(firewall!.allow)}`;
    case "environment":
      return sortedPairs(environment!)
        .map(([name, value]) => `[Environment]::SetEnvironmentVariable(${psText(name)}, ${psText(value)}, 'Machine')`)
        .join("\n");
    case "service":
      return `Set-OneService ${psText(service!.name)} ${service!.enabled ? "$true" : "$false"}`;
    case "disableServices":
      return `foreach ($name in ${psList(disableServices!)}) { if (Get-Service -Name $name -ErrorAction SilentlyContinue) { Set-OneService $name $false } }`;
    case "run":
      // With a byte order mark, or Windows PowerShell reads it in the code page of the machine.
      return `Write-Text "$Work\\run.ps1" ${psText(run!)} $true
Invoke-File "$Work\\run.ps1" "$Work\\run" 86000`;
    default:
      throw new Error(`Windows takes no ${kindOf(step)} step: validate the recipe first.`);
  }
}

/** With backslashes, as Windows shows it. */
export const windowsPath = (path: string): string => path.replaceAll("/", "\\");

/** The functions that the recipe's steps call; what no step needs is left out, for user data is short of room. */
export function windowsStepFunctions(steps: readonly FullStep[]): string {
  const kinds = new Set(steps.map(kindOf));
  return [
    kinds.has("packages") ? FEATURES : "",
    kinds.has("user") ? USER : "",
    kinds.has("firewall") ? FIREWALL : "",
    kinds.has("service") || kinds.has("disableServices") ? SERVICE : "",
  ].join("");
}

const FEATURES = `
function Install-Features([string[]]$Names) {
  $done = Install-WindowsFeature -Name $Names
  $done | Format-List -Property @('Success', 'RestartNeeded', 'ExitCode')
  if (-not $done.Success) { throw 'the features were not installed' }
}
`;

// The password is known to nobody: who needs one sets another when the instance runs.
const USER = `
function Make-User([string]$Name, [string[]]$Groups) {
  if (-not (Get-LocalUser -Name $Name -ErrorAction SilentlyContinue)) {
    $bytes = New-Object byte[] 33
    [Security.Cryptography.RandomNumberGenerator]::Create().GetBytes($bytes)
    $password = ConvertTo-SecureString ('aA1!' + [Convert]::ToBase64String($bytes)) -AsPlainText -Force
    New-LocalUser -Name $Name -Password $password -PasswordNeverExpires | Out-Null
  }
  foreach ($group in $Groups) {
    if (-not (Get-LocalGroupMember -Group $group | Where-Object { $_.Name -like "*\\$Name" })) {
      Add-LocalGroupMember -Group $group -Member $Name
    }
  }
}
`;

// Core networking (DHCP, ICMP for IPv6) stays open; what goes out is not touched.
const FIREWALL = `
function Set-Firewall([string[]]$Allow) {
  Get-NetFirewallRule -Direction Inbound -Enabled True -Action Allow | Where-Object { $_.Group -ne '@FirewallAPI.dll,-25000' } | Disable-NetFirewallRule
  Get-NetFirewallRule -Group 'ami-lifecycle' -ErrorAction SilentlyContinue | Remove-NetFirewallRule
  foreach ($one in $Allow) {
    $port, $protocol = $one.Split('/')
    New-NetFirewallRule -Name "ami-lifecycle-$port-$protocol" -DisplayName "ami-lifecycle $one" -Group 'ami-lifecycle' -Direction Inbound -Action Allow -Protocol $protocol -LocalPort $port | Out-Null
  }
  Set-NetFirewallProfile -All -Enabled True -DefaultInboundAction Block -DefaultOutboundAction Allow
}
`;

const SERVICE = `
function Set-OneService([string]$Name, [bool]$On) {
  if ($On) {
    Set-Service -Name $Name -StartupType Automatic
    Restart-Service -Name $Name -Force
  } else {
    Stop-Service -Name $Name -Force
    Set-Service -Name $Name -StartupType Disabled
  }
}
`;
