import { bootToken } from "../../markers";
import { endFunctions, LIBRARY, preamble, userData, WINDOWS_CHECK_PATH } from "./script";

/** User data of a throwaway instance of Windows: waits until the agent has set it up, then runs the checks in the image. */
export function windowsBootProof(digest: string, minutes: number, pauseSeconds: number): string {
  return userData(`param([string]$Stage = 'prove')
# Boot proof of recipe ${digest}, rendered by pulumi-ami-lifecycle
${preamble(`'${bootToken(digest)}'`)}${LIBRARY}${endFunctions("C:\\Windows\\Temp\\ami-lifecycle-proof", pauseSeconds, minutes)}
if ($Stage -eq 'limit') { Watch-Limit; exit }
Remove-Item -LiteralPath $Work -Recurse -Force -ErrorAction SilentlyContinue
[void][IO.Directory]::CreateDirectory($Work)
trap { Fail-Machine "boot ($(("$_" -replace '[^\\x20-\\x7e]', ' ').Replace('[ami-lifecycle]', '(ami-lifecycle)')))" }
Start-Watchdog $PSCommandPath
Say 'boot: start'
Wait-Agent
Say 'boot: ok'
if (-not (Test-Path -LiteralPath '${WINDOWS_CHECK_PATH}')) { Fail-Machine 'no check script in the image: ${WINDOWS_CHECK_PATH}' }
powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File '${WINDOWS_CHECK_PATH}' $Token "$Work\\checks"
if ($LASTEXITCODE -ne 0) { Fail-Machine "checks $([IO.File]::ReadAllText("$Work\\checks"))" }
if (Say-Verdict 'OK') { Stop-Machine }
`);
}
