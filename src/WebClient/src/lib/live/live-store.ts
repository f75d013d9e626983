import type { LiveCall, PresenceChange, PresenceSnapshot } from '@/lib/api/types';
import { backoff } from './backoff';
import { after, type PresenceView, viewOf } from './presence';

/** One connection to the hub. `closed` settles when it is over, however that came. */
export interface HubConnection {
  subscribePresence(): Promise<PresenceSnapshot>;
  readonly closed: Promise<void>;
  stop(): void;
}

export interface HubHandlers {
  presenceChanged(change: PresenceChange): void;
  callChanged(call: LiveCall): void;
  callRecorded(callId: string): void;
}

/** Connects, or rejects: with `Unauthorized` when the session is over. */
export type Connect = (handlers: HubHandlers) => Promise<HubConnection>;
export class Unauthorized extends Error {}

export interface ConnectionState {
  phase: 'idle' | 'connecting' | 'connected';
  /** Local milliseconds at which the connection was lost; null while there is one. */
  downSince: number | null;
}

export interface LiveCallView extends LiveCall {
  /** How it was before it ended, so that an unanswered ring can be told from a talk. */
  wasAnswered: boolean;
}

interface Options {
  connect: Connect;
  now?: () => number;
  random?: () => number;
  onUnauthorized?: () => void;
  onCallRecorded?: (callId: string) => void;
  /** The connection came back: whatever was read before may be old. */
  onReconnected?: () => void;
}

const endedStaysMs = 1_500;
const mostBuffered = 500;
const mostRounds = 5;

/**
 * What is live: everybody's presence, my calls, and whether the hub is there. Fed by the hub, read through `subscribe` and the getters, each of which
 * gives the same object until it changes. Knows nothing of the page.
 */
export class LiveStore {
  #presence: PresenceView | null = null;
  #calls: readonly LiveCallView[] = [];
  #connection: ConnectionState = { phase: 'idle', downSince: null };
  #listeners = new Set<() => void>();
  #hub: HubConnection | null = null;
  #buffered: PresenceChange[] | null = null;
  #run = 0;
  #wake: (() => void) | null = null;
  #told = new Set<string>(); // the calls that this connection spoke of
  #leaving = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #now: () => number;
  readonly #random: () => number;

  constructor(private readonly options: Options) {
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly presence = (): PresenceView | null => this.#presence;
  readonly calls = (): readonly LiveCallView[] => this.#calls;
  readonly connection = (): ConnectionState => this.#connection;

  start(): void {
    if (this.#connection.phase !== 'idle') return;
    this.#connection = { phase: 'connecting', downSince: this.#now() };
    this.#changed();
    void this.#keepConnected(++this.#run);
  }

  stop(): void {
    this.#run++;
    this.#hub?.stop();
    this.#hub = null;
    this.#wake?.();
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
    this.#presence = null;
    this.#calls = [];
    this.#connection = { phase: 'idle', downSince: null };
    this.#changed();
  }

  /** Does not wait for the next attempt. */
  readonly retryNow = (): void => this.#wake?.();

  async #keepConnected(run: number): Promise<void> {
    for (let attempt = 0, before = false; run === this.#run; attempt++) {
      await this.#pause(backoff(attempt, this.#random));
      if (run !== this.#run) return;
      try {
        this.#told.clear();
        const hub = await this.options.connect(this.#handlers(run));
        if (run !== this.#run) {
          hub.stop();
          return;
        }
        this.#hub = hub;
        if (await this.#resubscribe(run, hub)) {
          attempt = 0;
          if (before) this.options.onReconnected?.();
          before = true;
        } else hub.stop();
        await hub.closed;
      } catch (error) {
        if (error instanceof Unauthorized && run === this.#run) {
          this.stop();
          this.options.onUnauthorized?.();
          return;
        }
      }
      if (run !== this.#run) return;
      this.#hub = null;
      this.#buffered = null;
      if (this.#connection.phase === 'connected') {
        this.#connection = { phase: 'connecting', downSince: this.#now() };
        this.#changed();
      }
    }
  }

  /** Takes a snapshot, then the changes that came while it was on its way. False when the hub gave none. */
  async #resubscribe(run: number, hub: HubConnection): Promise<boolean> {
    for (let round = 0; round < mostRounds; round++) {
      this.#buffered = [];
      let snapshot: PresenceSnapshot;
      try {
        snapshot = await hub.subscribePresence();
      } catch {
        return false;
      }
      if (run !== this.#run || this.#hub !== hub) return false;
      const missed = this.#take(snapshot, this.#buffered ?? []);
      if (this.#connection.phase !== 'connected') {
        this.#connection = { phase: 'connected', downSince: null };
        // After an absence nobody told us how our calls ended; those that live are told again.
        this.#calls = this.#calls.filter((call) => call.state === 'ended' || this.#told.has(call.callId));
      }
      this.#changed();
      if (!missed) break;
      await this.#pause(100 * 2 ** round);
      if (run !== this.#run || this.#hub !== hub) return false;
    }
    this.#buffered = null;
    return true;
  }

  /** True when one of the changes does not follow from the snapshot. */
  #take(snapshot: PresenceSnapshot, changes: PresenceChange[]): boolean {
    let view = viewOf(snapshot);
    let missed = false;
    for (const change of changes.sort((a, b) => a.version - b.version)) {
      const next = after(view, change);
      if (next) view = next;
      else missed = true;
    }
    this.#presence = view;
    return missed;
  }

  #handlers(run: number): HubHandlers {
    const mine =
      <T>(handle: (value: T) => void) =>
      (value: T) => {
        if (run === this.#run) handle(value);
      };
    return {
      presenceChanged: mine((change) => this.#presenceChanged(run, change)),
      callChanged: mine((call) => this.#callChanged(call)),
      callRecorded: mine((callId) => this.options.onCallRecorded?.(callId)),
    };
  }

  #presenceChanged(run: number, change: PresenceChange): void {
    if (this.#buffered) {
      if (this.#buffered.length < mostBuffered) this.#buffered.push(change);
      return;
    }
    if (!this.#presence || !this.#hub) return;
    const next = after(this.#presence, change);
    if (next === this.#presence) return;
    if (next) {
      this.#presence = next;
      this.#changed();
      return;
    }
    const hub = this.#hub;
    void this.#resubscribe(run, hub).then((done) => {
      if (!done && run === this.#run && this.#hub === hub) hub.stop(); // a hub that gives no snapshot is of no use: start over
    });
  }

  #callChanged(call: LiveCall): void {
    this.#told.add(call.callId);
    const known = this.#calls.find((c) => c.callId === call.callId);
    if (known && known.version >= call.version) return;
    if (!known && call.state === 'ended') return;
    const view: LiveCallView = { ...call, wasAnswered: call.state === 'answered' || (known?.wasAnswered ?? false) };
    this.#calls = known ? this.#calls.map((c) => (c === known ? view : c)) : [...this.#calls, view];
    if (call.state === 'ended' && !this.#leaving.has(call.callId)) {
      const forget = () => {
        this.#leaving.delete(call.callId);
        this.#calls = this.#calls.filter((c) => c.callId !== call.callId);
        this.#changed();
      };
      this.#leaving.set(call.callId, setTimeout(forget, endedStaysMs));
    }
    this.#changed();
  }

  #pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      const self = this;
      function done() {
        clearTimeout(timer);
        self.#wake = null;
        resolve();
      }
      this.#wake = done;
    });
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
