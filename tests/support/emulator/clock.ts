/** The emulator's clock: the real one, which a test may put forward so that it never has to wait for minutes. */
let ahead = 0;

export const now = (): number => Date.now() + ahead;

export function advanceClock(ms: number): void {
  ahead += ms;
}

export function resetClock(): void {
  ahead = 0;
}
