import { useEffect, useMemo, useReducer, useRef } from 'react';
import { Lingering } from '@/lib/lingering';
import { type Profile, useAvailable } from '@/lib/live/use-live';

const none: ReadonlySet<string> = new Set();

/** People after the live filter, in the order given; `leaving` are those that no longer match and go in a moment. */
export function useVisiblePeople(
  people: readonly Profile[],
  availableOnly: boolean,
  isHeld: boolean,
): { rows: readonly Profile[]; leaving: ReadonlySet<string> } {
  const available = useAvailable();
  const lingering = useRef<Lingering>(null);
  lingering.current ??= new Lingering();
  const [round, look] = useReducer((n: number) => n + 1, 0);
  const result = useMemo(() => {
    void round; // time passes: look again
    if (!availableOnly) {
      lingering.current?.reset();
      return { rows: people, leaving: none };
    }
    const matching = new Set(people.filter((person) => available.has(person.extension)).map((person) => person.extension));
    const { shown, leaving } = lingering.current?.update(matching, Date.now(), isHeld) ?? { shown: matching, leaving: none };
    return { rows: people.filter((person) => shown.has(person.extension)), leaving };
  }, [people, available, availableOnly, isHeld, round]);
  const someLeave = result.leaving.size > 0 && !isHeld;
  useEffect(() => {
    if (!someLeave) return;
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [someLeave]);
  return result;
}
