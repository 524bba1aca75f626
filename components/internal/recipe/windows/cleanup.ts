import { keptUsers } from "../cleanup";
import type { FullRecipe } from "../defaults";
import type { OperatingSystem } from "../systems";
import { windowsPath } from "./steps";
import { psList } from "./text";

/** What must be gone, with wildcards: removed, and looked for afterwards. */
const REMOVED = [
  "C:\\ProgramData\\ssh\\ssh_host_*",
  "C:\\ProgramData\\ssh\\administrators_authorized_keys",
  "C:\\ProgramData\\Amazon\\SSM\\InstanceData\\*",
  "C:\\ProgramData\\Amazon\\SSM\\Logs\\*",
  "C:\\ProgramData\\Amazon\\SSM\\Vault\\*",
  ...[
    ".ssh",
    ".aws",
    ".azure",
    ".kube",
    ".pulumi",
    ".gnupg",
    ".git-credentials",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
  ],
  ".docker\\config.json",
  "AppData\\Roaming\\Microsoft\\Windows\\PowerShell\\PSReadLine\\*",
  "AppData\\Roaming\\Microsoft\\Credentials\\*",
  "AppData\\Local\\Microsoft\\Credentials\\*",
].map((path) => (path.startsWith("C:") ? path : `C:\\Users\\*\\${path}`));

/** Emptied as far as they can be: what runs holds some of it open. */
const EMPTIED = ["C:\\Users\\*\\AppData\\Local\\Temp\\*", "C:\\Windows\\Temp\\*"];

/**
 * What must not be in an image is removed; nothing a file step wrote is. sysprep comes after it, and takes the computer's
 * name, its security identifier, the event logs of the set-up and the Administrator's password.
 */
export function windowsCleanup(recipe: FullRecipe, system: OperatingSystem): string {
  const files = recipe.steps.flatMap(({ file }) => (file ? [windowsPath(file.path)] : []));
  return `
$Keep = ${psList(files)}
$KeepUsers = ${psList(keptUsers(recipe, system))}
$Gone = ${psList(REMOVED)}

function Find-Gone {
  Get-ChildItem -Path $Gone -Force -ErrorAction SilentlyContinue | ForEach-Object {
    if ($_.PSIsContainer) { Get-ChildItem -LiteralPath $_.FullName -Recurse -Force -File -ErrorAction SilentlyContinue } else { $_ }
  } | Where-Object { $Keep -notcontains $_.FullName }
}

function Find-Strangers {
  Get-LocalUser | Where-Object { [int64]($_.SID.Value.Split('-')[-1]) -ge 1000 -and $KeepUsers -notcontains $_.Name }
}

function Clean-Machine {
  Stop-Service -Name @('AmazonSSMAgent', 'sshd') -Force -ErrorAction SilentlyContinue
  foreach ($user in @(Find-Strangers)) {
    Get-CimInstance Win32_UserProfile -Filter "SID = '$($user.SID.Value)'" | Remove-CimInstance
    Remove-LocalUser -SID $user.SID
  }
  Find-Gone | Remove-Item -Force
  Get-ChildItem -Path ${psList(EMPTIED)} -Force -ErrorAction SilentlyContinue | Where-Object { $_.FullName -ne $Work } | Remove-Item -Recurse -Force -ErrorAction SilentlyContinue
  Remove-ItemProperty -Path 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon' -Name @('DefaultPassword', 'AutoAdminLogon') -ErrorAction SilentlyContinue
  Clear-DnsClientCache
  foreach ($log in @('Application', 'System', 'Security', 'Windows PowerShell')) { Clear-EventLog -LogName $log }
  $left = @(Find-Gone | ForEach-Object { $_.FullName }) + @(Find-Strangers | ForEach-Object { "$($_.Name) is a login user" })
  if ($left) { throw "still there: $($left -join ', ')" }
}
`;
}
