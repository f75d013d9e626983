/**
 * Which rows a live filter shows. A row that no longer matches stays, dimmed, for a second, and for as long as the list is held still because
 * somebody's pointer or focus is in it; what comes is shown at once, for its place follows from a stable order.
 */
export class Lingering {
  #leaving = new Map<string, number>();
  #shown = new Set<string>();

  constructor(private readonly staysMs = 1_000) {}

  /** The ids to show and, of these, the ones that are leaving. `now` in milliseconds. */
  update(matching: ReadonlySet<string>, now: number, isHeld: boolean): { shown: ReadonlySet<string>; leaving: ReadonlySet<string> } {
    for (const id of this.#shown) if (!matching.has(id) && !this.#leaving.has(id)) this.#leaving.set(id, now);
    for (const [id, since] of this.#leaving) if (matching.has(id) || (!isHeld && now - since >= this.staysMs)) this.#leaving.delete(id);
    this.#shown = new Set([...matching, ...this.#leaving.keys()]);
    return { shown: this.#shown, leaving: new Set(this.#leaving.keys()) };
  }

  /** Forgets what was shown: the filter itself changed. */
  reset(): void {
    this.#leaving.clear();
    this.#shown.clear();
  }
}
