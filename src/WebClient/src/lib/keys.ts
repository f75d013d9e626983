/** True where typing belongs to a field, so that single keys are not ours. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !isSwitch(target)
  );
}

const isSwitch = (target: HTMLElement) => target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type);

/** `G` then another key, within a second. Returns what was typed as one name: `g p`, `?`, `/`, `Escape`. */
export class KeySequence {
  #first: { key: string; at: number } | null = null;

  constructor(private readonly now: () => number = Date.now) {}

  next(key: string): string {
    const name = key.length === 1 ? key.toLowerCase() : key;
    const first = this.#first;
    this.#first = null;
    if (first && this.now() - first.at <= 1_000) return `${first.key} ${name}`;
    if (name === 'g') this.#first = { key: name, at: this.now() };
    return name;
  }
}
