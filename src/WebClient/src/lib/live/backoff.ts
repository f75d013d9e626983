const waits = [0, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Milliseconds to wait before the attempt (0 is the first): bounded, and spread by a fifth so that browsers do not all come back at once. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const wait = waits[Math.min(attempt, waits.length - 1)] ?? 0;
  return Math.round(wait * (0.8 + 0.4 * random()));
}
