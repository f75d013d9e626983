/** One clock for the page: it ticks once a second while somebody looks at it, and is corrected by the server's time. */
export class Clock {
  #offset = 0;
  #tick = 0;
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly local: () => number = Date.now) {}

  /** Now, in milliseconds of the server's clock. */
  now(): number {
    return this.local() + this.#offset;
  }

  /** The last whole second that was announced; changes once a second while subscribed. */
  readonly seconds = (): number => {
    if (this.#timer === undefined) this.#tick = Math.floor(this.now() / 1000);
    return this.#tick;
  };

  /** The server said `serverTime` in answer to a request that was sent and received at these local times. */
  correct(serverTime: number, sentAt: number, receivedAt: number): void {
    if (!Number.isFinite(serverTime)) return;
    const offset = serverTime - (sentAt + receivedAt) / 2;
    // Within the error of the measurement the old correction is as good: timers don't jump back and forth.
    if (Math.abs(offset - this.#offset) > Math.max(250, (receivedAt - sentAt) / 2)) this.#offset = offset;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#timer === undefined) this.#announce();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  };

  #announce(): void {
    this.#tick = Math.floor(this.now() / 1000);
    const untilNext = 1000 - (((this.now() % 1000) + 1000) % 1000);
    this.#timer = setTimeout(() => {
      this.#announce();
      for (const listener of this.#listeners) listener();
    }, untilNext + 5);
  }
}

export const clock = new Clock();
