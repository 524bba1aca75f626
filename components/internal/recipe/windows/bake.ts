import type { BakeOptions } from "../bake";
import { type FullRecipe, kindOf } from "../defaults";
import { label } from "../shell";
import type { OperatingSystem } from "../systems";
import { checkScriptParts, type WindowsCheck } from "./checks";
import { windowsCleanup } from "./cleanup";
import { endFunctions, hereString, LIBRARY, preamble, userData, WINDOWS_CHECK_PATH } from "./script";
import { windowsStep, windowsStepFunctions } from "./steps";

const WORK = "C:\\Windows\\Temp\\ami-lifecycle";

/**
 * The whole user data of a base instance of Windows. Experimental: nobody has run it on Windows.
 *
 * OK is said only after sysprep has generalized the machine, and before it is powered off: sysprep's own shutdown would
 * leave no time for a verdict, and an OK before sysprep would stand there when sysprep fails.
 */
export function windowsBake(
  recipe: FullRecipe,
  checks: readonly WindowsCheck[],
  system: OperatingSystem,
  digest: string,
  options: BakeOptions,
): string {
  const count = recipe.steps.length;
  const from = options.base === undefined ? "" : `# from ${asciiLabel(options.base)}\n`;
  const { head, tail } = checkScriptParts(checks, digest);
  const steps = recipe.steps.map((step, i) => `Step ${i + 1} '${kindOf(step)}' {\n${windowsStep(step)}\n}`).join("\n");
  return userData(`param([string]$Stage = 'build')
# ${system.title}: recipe ${digest}, rendered by pulumi-ami-lifecycle
${from}${preamble(`'${digest}'`)}$Library = ${hereString(LIBRARY)}
. ([ScriptBlock]::Create($Library))
${endFunctions(WORK, options.pauseSeconds, options.limitMinutes)}
function Step([int]$Number, [string]$Kind, [scriptblock]$Do) {
  $name = "step $Number/${count} $Kind"
  $log = "$Work\\log-$Number"
  Say "$($name): start"
  try { & $Do *> $log } catch {
    Add-Content -LiteralPath $log -Value "$_" -Encoding Unicode
    Say-Evidence $log
    Say "$($name): failed"
    Fail-Machine "$name (exit 1)"
  }
  Say "$($name): ok"
}

function Say-Sizes([string]$When) {
  foreach ($disk in Get-CimInstance Win32_LogicalDisk -Filter 'DriveType = 3' | Sort-Object DeviceID) {
    if ($disk.Size) { Say "size $($When): $($disk.Size - $disk.FreeSpace) $($disk.DeviceID)" }
  }
}
${windowsStepFunctions(recipe.steps)}${recipe.cleanup ? windowsCleanup(recipe, system) : ""}
if ($Stage -eq 'limit') { Watch-Limit; exit }
Remove-Item -LiteralPath $Work -Recurse -Force -ErrorAction SilentlyContinue
[void][IO.Directory]::CreateDirectory($Work)
trap { Fail-Machine "build ($(("$_" -replace '[^\\x20-\\x7e]', ' ').Replace('[ami-lifecycle]', '(ami-lifecycle)')))" }
Start-Watchdog $PSCommandPath
${steps}
Write-Text '${WINDOWS_CHECK_PATH}' (${hereString(head)} + $Library + ${hereString(tail)}) $true
Wait-Agent
powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File '${WINDOWS_CHECK_PATH}' $Token "$Work\\checks"
if ($LASTEXITCODE -ne 0) { Fail-Machine "checks $([IO.File]::ReadAllText("$Work\\checks"))" }
${recipe.cleanup ? CLEANUP : UNCLEANED}
if (Say-Verdict 'OK') { Stop-Machine }
`);
}

/** Comments are data too: what is not plain ASCII, and EC2Launch's own tags, are blotted out. */
const asciiLabel = (text: string): string => label(text, 300).replace(/[^ -;=?-~]/g, "?");

const AGENT = `$agent = "$env:ProgramFiles\\Amazon\\EC2Launch\\EC2Launch.exe"`;

// Nothing of this build is in the image: sysprep is the last that needs the disk, the verdict is in a file of its own.
const CLEANUP = `Say-Sizes 'before'
Say 'cleanup: start'
try {
  & { Clean-Machine } *> "$Work\\cleanup"
  ${AGENT}
  $sysprep = Start-Process $agent -PassThru -WindowStyle Hidden -ArgumentList @('sysprep', '--clean=true', '--shutdown=false', '--block=true')
  $null = $sysprep.Handle
  $sysprep.WaitForExit()
  $state = ''
  for ($try = 0; $try -lt 120 -and $state -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE'; $try++) {
    Start-Sleep -Seconds 5
    $state = (Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State').ImageState
  }
  if ($state -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') {
    Get-Content 'C:\\Windows\\System32\\Sysprep\\Panther\\setuperr.log' -Tail 15 -ErrorAction SilentlyContinue | Add-Content "$Work\\cleanup" -Encoding Unicode
    throw "sysprep did not generalize the machine (exit $($sysprep.ExitCode)): its state is $state"
  }
} catch {
  Add-Content -LiteralPath "$Work\\cleanup" -Value "$_" -Encoding Unicode
  Say-Evidence "$Work\\cleanup"
  Say 'cleanup: failed'
  Fail-Machine 'cleanup'
}
Say 'cleanup: ok'
Say-Sizes 'after'
Get-ChildItem -LiteralPath $Work -Force | Where-Object { $_.Name -ne 'verdict' } | Remove-Item -Recurse -Force -ErrorAction SilentlyContinue`;

// Without it EC2Launch would not run user data on an instance made from the image: nothing could be proven there.
const UNCLEANED = `${AGENT}
& $agent reset
Say-Sizes 'after'`;
