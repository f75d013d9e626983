import { createContext, useCallback, useContext, useRef, useSyncExternalStore } from 'react';
import type { Person, PresenceStatus } from '@/lib/api/types';
import { clock } from '@/lib/clock';
import type { ConnectionState, LiveCallView, LiveStore } from './live-store';

export const LiveContext = createContext<LiveStore | null>(null);

export function useLive(): LiveStore {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive needs a LiveContext');
  return live;
}

/** One person, or undefined before the first snapshot and after they are gone. Drawn again only when that person changes. */
export function usePerson(extension: string): Person | undefined {
  const live = useLive();
  return useSyncExternalStore(
    live.subscribe,
    useCallback(() => live.presence()?.people.get(extension), [live, extension]),
  );
}

/** What people are besides their status. */
export type Profile = Pick<Person, 'extension' | 'displayName' | 'department' | 'email'>;

/** Who is there, or null before the first snapshot: the same array until somebody comes, goes or is renamed. */
export function useDirectory(): readonly Profile[] | null {
  const live = useLive();
  const last = useRef<readonly Person[] | null>(null);
  return useSyncExternalStore(live.subscribe, () => {
    const people = live.presence()?.people;
    if (!people) last.current = null;
    else if (!sameProfiles(last.current, people)) last.current = [...people.values()];
    return last.current;
  });
}

function sameProfiles(known: readonly Person[] | null, people: ReadonlyMap<string, Person>): boolean {
  return (
    known !== null &&
    known.length === people.size &&
    known.every((was) => {
      const is = people.get(was.extension);
      return (
        is === was || (is !== undefined && is.displayName === was.displayName && is.department === was.department && is.email === was.email)
      );
    })
  );
}

/** Who is available now: the same string until that changes. For filters; a row asks for its own person. */
export function useAvailable(): ReadonlySet<string> {
  const live = useLive();
  const joined = useSyncExternalStore(live.subscribe, () => {
    const people = live.presence()?.people;
    if (!people) return '';
    const available: string[] = [];
    for (const person of people.values()) if (person.status === 'available') available.push(person.extension);
    return available.join(' ');
  });
  const last = useRef<{ joined: string; set: ReadonlySet<string> }>({ joined: '', set: new Set() });
  if (last.current.joined !== joined) last.current = { joined, set: new Set(joined === '' ? [] : joined.split(' ')) };
  return last.current.set;
}

export function useMyCalls(): readonly LiveCallView[] {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.calls);
}

export function useConnection(): ConnectionState {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.connection);
}

/** After this long without the hub, nobody's status is known any more. */
export const unknownAfterMs = 2_000;

/** False when the hub has been away too long to say who is available. */
export function usePresenceIsKnown(): boolean {
  const live = useLive();
  const subscribe = useCallback(
    (listener: () => void) => {
      let stopTicking: (() => void) | undefined;
      const follow = () => {
        const down = live.connection().downSince !== null;
        if (down && !stopTicking) stopTicking = clock.subscribe(listener);
        if (!down) {
          stopTicking?.();
          stopTicking = undefined;
        }
        listener();
      };
      const unsubscribe = live.subscribe(follow);
      follow();
      return () => {
        unsubscribe();
        stopTicking?.();
      };
    },
    [live],
  );
  return useSyncExternalStore(subscribe, () => {
    const { downSince } = live.connection();
    return downSince === null || Date.now() - downSince < unknownAfterMs;
  });
}

export type ShownStatus = PresenceStatus | 'unknown';
