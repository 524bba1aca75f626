import { TEXT_FUNCTION } from "./text";

/** Where the checks stay in the image. */
export const WINDOWS_LIBRARY = "C:\\ProgramData\\ami-lifecycle";
export const WINDOWS_CHECK_PATH = `${WINDOWS_LIBRARY}\\check.ps1`;

/**
 * User data as EC2Launch v2 takes it. Once, and detached: the agent goes on and ends, for sysprep must not run while the
 * agent does.
 */
export const userData = (script: string): string =>
  `<powershell>\n${script}</powershell>\n<persist>false</persist>\n<detach>true</detach>\n`;

/** What every script begins with. What goes wrong is an error that ends what is under way. */
export const preamble = (token: string): string => `$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Token = ${token}
`;

/** A text that stands between these lines is taken as it is. It must be our own: no line of it may begin with `'@`. */
export const hereString = (text: string): string => `@'\n${text}\n'@`;

/**
 * The functions that a bake, its checks and a boot proof share; user data is short of room, so a bake holds them once.
 *
 * The marker lines of ../../markers.ts go to the serial port: EC2 shows it as the console. The agent and the watchdog write
 * there too, and only one at a time can, so it is tried again. What others wrote cannot forge a line: control characters
 * go first, then the mark itself.
 */
export const LIBRARY = `${TEXT_FUNCTION}

function Say([string]$Text) {
  $line = "[ami-lifecycle] $Token $Text"
  Write-Host $line
  for ($try = 0; $try -lt 60; $try++) {
    try {
      $port = New-Object IO.Ports.SerialPort 'COM1', 115200
      $port.WriteTimeout = 5000
      $port.Open()
      try { $port.Write("\`r\`n$line\`r\`n") } finally { $port.Dispose() }
      return
    } catch { Start-Sleep -Milliseconds 500 }
  }
}

function Say-Evidence([string]$File) {
  foreach ($line in @(Get-Content -LiteralPath $File -Tail 20 -ErrorAction SilentlyContinue)) {
    $text = ($line -replace '[^\\x20-\\x7e]', ' ').Replace('[ami-lifecycle]', '(ami-lifecycle)')
    Say ('| ' + $text.Substring(0, [Math]::Min(240, $text.Length)))
  }
}

function Write-Text([string]$Path, [string]$Text, [bool]$Mark) {
  [void][IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Path))
  [IO.File]::WriteAllText($Path, $Text, (New-Object Text.UTF8Encoding $Mark))
}

function Invoke-File([string]$File, [string]$Log, [int]$Seconds) {
  $command = "\`$ErrorActionPreference = 'Stop'; & '$File'; exit \`$LASTEXITCODE"
  $process = Start-Process powershell.exe -PassThru -WindowStyle Hidden -RedirectStandardOutput "$Log.out" -RedirectStandardError "$Log.err" -ArgumentList @('-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-Command', $command)
  $null = $process.Handle
  $ended = $process.WaitForExit($Seconds * 1000)
  if (-not $ended) { $process.Kill() }
  Get-Content -LiteralPath "$Log.out", "$Log.err" -ErrorAction SilentlyContinue
  if (-not $ended) { throw "still running after $Seconds seconds" }
  if ($process.ExitCode -ne 0) { throw "exit $($process.ExitCode)" }
}
`;

/**
 * How a machine ends: the first verdict is the only one, and it powers itself off. The watchdog is a process, not a
 * scheduled task: nothing of it can end up in the image.
 */
export const endFunctions = (work: string, pauseSeconds: number, limitMinutes: number): string => `
$Work = '${work}'

function Say-Verdict([string]$Text) {
  try { [IO.File]::Open("$Work\\verdict", 'CreateNew').Dispose() } catch { return $false }
  Say $Text
  return $true
}

function Stop-Machine {
  Start-Sleep -Seconds ${pauseSeconds}
  shutdown.exe /s /f /t 0
  Start-Sleep -Seconds 300
}

function Fail-Machine([string]$Text) {
  if (Say-Verdict "FAILED $Text") { Stop-Machine }
  exit 1
}

function Start-Watchdog([string]$Self) {
  Copy-Item -LiteralPath $Self -Destination "$Work\\self.ps1"
  Start-Process powershell.exe -WindowStyle Hidden -ArgumentList @('-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', "$Work\\self.ps1", 'limit')
}

function Watch-Limit {
  Start-Sleep -Seconds ${Math.max(1, Math.round(limitMinutes * 60))}
  [void](Say-Verdict 'FAILED time limit of ${limitMinutes} minutes')
  Stop-Machine
}

function Wait-Agent {
  $agent = Start-Process "$env:ProgramFiles\\Amazon\\EC2Launch\\EC2Launch.exe" -PassThru -WindowStyle Hidden -ArgumentList @('status', '--block')
  [void]$agent.WaitForExit(300000)
}
`;
