import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Person, PresenceChange, PresenceSnapshot, PresenceStatus } from '@/lib/api/types';
import { backoff } from './backoff';
import { type HubHandlers, LiveStore, Unauthorized } from './live-store';

const person = (extension: string, status: PresenceStatus = 'available'): Person => ({
  extension,
  displayName: `Person ${extension}`,
  status,
  since: '2026-11-17T13:51:02.000Z',
  onlineDevices: 1,
  devices: 1,
});
const snapshot = (version: number, people: Person[], epoch = 1): PresenceSnapshot => ({ epoch, version, people });
const change = (previous: number, version: number, changed: Person[], removed: string[] = [], epoch = 1): PresenceChange => ({
  epoch,
  previous,
  version,
  changed,
  removed,
});

/** A hub whose every answer the test gives by hand. */
class FakeHub {
  handlers!: HubHandlers;
  connects = 0;
  refuse: unknown = null;
  asked: ((answer: PresenceSnapshot) => void)[] = [];
  refused: ((error: unknown) => void)[] = [];
  drop: () => void = () => {};
  stopped = 0;

  readonly connect = async (handlers: HubHandlers) => {
    this.connects++;
    if (this.refuse) throw this.refuse;
    this.handlers = handlers;
    const closed = new Promise<void>((resolve) => {
      this.drop = resolve;
    });
    return {
      subscribePresence: () =>
        new Promise<PresenceSnapshot>((resolve, reject) => {
          this.asked.push(resolve);
          this.refused.push(reject);
        }),
      closed,
      stop: () => {
        this.stopped++;
        this.drop();
      },
    };
  };

  async answer(value: PresenceSnapshot): Promise<void> {
    await vi.advanceTimersByTimeAsync(0);
    this.asked.shift()?.(value);
    this.refused.shift();
    await vi.advanceTimersByTimeAsync(0);
  }
}

const started: LiveStore[] = [];
async function start(hub: FakeHub, options: Partial<ConstructorParameters<typeof LiveStore>[0]> = {}) {
  const store = new LiveStore({ connect: hub.connect, random: () => 0.5, ...options });
  started.push(store);
  store.start();
  await vi.advanceTimersByTimeAsync(0);
  return store;
}
const status = (store: LiveStore, extension: string) => store.presence()?.people.get(extension)?.status;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const store of started.splice(0)) store.stop();
  vi.useRealTimers();
});

describe('presence', () => {
  test('PRES-06: a change that follows the snapshot is taken, and others stay the same objects', async () => {
    const hub = new FakeHub();
    const store = await start(hub);
    await hub.answer(snapshot(7, [person('100'), person('101')]));
    const before = store.presence()?.people.get('100');

    hub.handlers.presenceChanged(change(7, 8, [person('101', 'ringing')]));

    expect(status(store, '101')).toBe('ringing');
    expect(store.presence()?.people.get('100')).toBe(before);
    expect(hub.asked).toHaveLength(0);
  });

  test('somebody who was removed is gone', async () => {
    const hub = new FakeHub();
    const store = await start(hub);
    await hub.answer(snapshot(1, [person('100'), person('101')]));

    hub.handlers.presenceChanged(change(1, 2, [], ['101']));

    expect([...(store.presence()?.people.keys() ?? [])]).toEqual(['100']);
  });

  test('a repeated or older change alters nothing', async () => {
    const hub = new FakeHub();
    const store = await start(hub);
    await hub.answer(snapshot(5, [person('100', 'on_call')]));
    const view = store.presence();

    hub.handlers.presenceChanged(change(3, 4, [person('100', 'ringing')]));
    hub.handlers.presenceChanged(change(4, 5, [person('100', 'ringing')]));

    expect(store.presence()).toBe(view);
    expect(hub.asked).toHaveLength(0);
  });

  test('a gap asks for one new snapshot, however many changes come meanwhile', async () => {
    const hub = new FakeHub();
    const store = await start(hub);
    await hub.answer(snapshot(1, [person('100')]));

    hub.handlers.presenceChanged(change(2, 3, [person('100', 'ringing')]));
    hub.handlers.presenceChanged(change(3, 4, [person('100', 'on_call')]));
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.asked).toHaveLength(1);
    expect(status(store, '100')).toBe('available');
    await hub.answer(snapshot(3, [person('100', 'ringing')]));

    expect(status(store, '100')).toBe('on_call');
    expect(store.presence()?.version).toBe(4);
  });

  test('changes that arrive in the wrong order end in the right state', async () => {
    const hub = new FakeHub();
    const store = await start(hub);
    await hub.answer(snapshot(1, [person('100')]));

    hub.handlers.presenceChanged(change(2, 3, [person('100', 'on_call')]));
    hub.handlers.presenceChanged(change(1, 2, [person('100', 'ringing')]));
    await hub.answer(snapshot(3, [person('100', 'on_call')]));

    expect(status(store, '100')).toBe('on_call');
  });

  test('changes that overtake the first snapshot are applied to it, once and in order', async () => {
    const hub = new FakeHub();
    const store = await start(hub);

    hub.handlers.presenceChanged(change(2, 3, [person('100', 'on_call')]));
    hub.handlers.presenceChanged(change(1, 2, [person('100', 'ringing')]));
    hub.handlers.presenceChanged(change(0, 1, [person('100', 'offline')]));
    await hub.answer(snapshot(1, [person('100')]));

    expect(status(store, '100')).toBe('on_call');
    expect(store.presence()?.version).toBe(3);
  });

  test('a change that does not follow from the snapshot just taken leads to another, after a pause', async () => {
    const hub = new FakeHub();
    const store = await start(hub);

    hub.handlers.presenceChanged(change(4, 5, [person('100', 'ringing')]));
    await hub.answer(snapshot(3, [person('100')]));
    expect(hub.asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(100);
    await hub.answer(snapshot(5, [person('100', 'ringing')]));

    expect(status(store, '100')).toBe('ringing');
  });

  test('another epoch asks for a snapshot, and a lower version of it is newer', async () => {
    const hub = new FakeHub();
    const store = await start(hub);
    await hub.answer(snapshot(900, [person('100', 'on_call')]));

    hub.handlers.presenceChanged(change(0, 1, [person('100')], [], 2));
    await hub.answer(snapshot(1, [person('100')], 2));

    expect(store.presence()).toMatchObject({ epoch: 2, version: 1 });
    expect(status(store, '100')).toBe('available');
  });
});

describe('the connection', () => {
  test('when it is lost, what was known stays, it says since when, and it comes back by itself', async () => {
    const hub = new FakeHub();
    const onReconnected = vi.fn();
    const store = await start(hub, { onReconnected });
    await hub.answer(snapshot(1, [person('100')]));
    expect(store.connection()).toEqual({ phase: 'connected', downSince: null });

    hub.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.connection()).toEqual({ phase: 'connecting', downSince: Date.now() });
    expect(status(store, '100')).toBe('available');
    await vi.advanceTimersByTimeAsync(1_000);
    await hub.answer(snapshot(1, [person('100', 'on_call')], 2));

    expect(store.connection().phase).toBe('connected');
    expect(status(store, '100')).toBe('on_call');
    expect(onReconnected).toHaveBeenCalledTimes(1);
  });

  test('attempts are bounded in pace, and Try now does not wait', async () => {
    const hub = new FakeHub();
    hub.refuse = new Error('refused');
    const store = await start(hub);

    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.connects).toBeLessThan(10);
    const before = hub.connects;
    store.retryNow();
    await vi.advanceTimersByTimeAsync(0);

    expect(hub.connects).toBe(before + 1);
  });

  test('the wait doubles to a limit, a fifth more or less', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoff(attempt, () => 0.5))).toEqual([0, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(backoff(5, () => 0)).toBe(12_000);
    expect(backoff(5, () => 1)).toBe(18_000);
  });

  test('a session that is over ends it', async () => {
    const hub = new FakeHub();
    hub.refuse = new Unauthorized();
    const onUnauthorized = vi.fn();
    const store = await start(hub, { onUnauthorized });

    await vi.advanceTimersByTimeAsync(60_000);

    expect(hub.connects).toBe(1);
    expect(onUnauthorized).toHaveBeenCalledTimes(1);
    expect(store.connection().phase).toBe('idle');
  });

  test('a hub that gives no snapshot is left and tried again', async () => {
    const hub = new FakeHub();
    const store = await start(hub);

    hub.asked.shift();
    hub.refused.shift()?.(new Error('no'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(hub.stopped).toBe(1);
    await hub.answer(snapshot(1, [person('100')]));

    expect(store.connection().phase).toBe('connected');
  });

  test('what a stopped store still hears changes nothing', async () => {
    const hub = new FakeHub();
    const store = await start(hub);
    await hub.answer(snapshot(1, [person('100')]));

    store.stop();
    hub.handlers.presenceChanged(change(1, 2, [person('100', 'ringing')]));
    await vi.advanceTimersByTimeAsync(60_000);

    expect(store.presence()).toBeNull();
    expect(hub.connects).toBe(1);
  });
});

describe('my calls', () => {
  const call = (version: number, state: 'ringing' | 'answered' | 'ended', callId = 'c1') => ({
    callId,
    version,
    state,
    direction: 'inbound' as const,
    number: '101',
    name: 'Bram Hoekstra',
    since: '2026-11-17T13:51:02.000Z',
  });

  test('a call rings, is answered and ended; then it stays for a moment', async () => {
    const hub = new FakeHub();
    const store = await start(hub);
    await hub.answer(snapshot(1, []));

    hub.handlers.callChanged(call(1, 'ringing'));
    hub.handlers.callChanged(call(2, 'answered'));
    hub.handlers.callChanged(call(1, 'ringing'));
    expect(store.calls()).toMatchObject([{ state: 'answered' }]);
    hub.handlers.callChanged(call(3, 'ended'));
    expect(store.calls()).toMatchObject([{ state: 'ended', wasAnswered: true }]);
    await vi.advanceTimersByTimeAsync(1_500);

    expect(store.calls()).toEqual([]);
  });

  test('after an absence only the calls that we are told of again are left', async () => {
    const hub = new FakeHub();
    const store = await start(hub);
    await hub.answer(snapshot(1, []));
    hub.handlers.callChanged(call(1, 'answered', 'gone'));
    hub.handlers.callChanged(call(1, 'answered', 'still'));

    hub.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    hub.handlers.callChanged(call(1, 'answered', 'still'));
    await hub.answer(snapshot(1, []));

    expect(store.calls().map((c) => c.callId)).toEqual(['still']);
  });
});
