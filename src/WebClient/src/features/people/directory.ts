import type { Profile } from '@/lib/live/use-live';
import { matches } from '@/lib/search';
import type { PeopleSearch, SortKey } from './people-search';

const collators = new Map<string, Intl.Collator>();
function collator(language: string): Intl.Collator {
  const known = collators.get(language) ?? new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  collators.set(language, known);
  return known;
}

const keyOf: Record<SortKey, (person: Profile) => string> = {
  name: (person) => person.displayName,
  extension: (person) => person.extension,
  department: (person) => person.department ?? '',
};

/** People in an order that no status can change. Who has no department comes last, either way. */
export function sorted(people: readonly Profile[], sort: SortKey, down: boolean, language: string): Profile[] {
  const { compare } = collator(language);
  const key = keyOf[sort];
  const direction = down ? -1 : 1;
  return [...people].sort(
    (a, b) =>
      Number(key(a) === '') - Number(key(b) === '') ||
      direction * compare(key(a), key(b)) ||
      compare(a.displayName, b.displayName) ||
      compare(a.extension, b.extension),
  );
}

export const found = (people: readonly Profile[], search: PeopleSearch, team: string | null | undefined): Profile[] =>
  people.filter(
    (person) =>
      (!search.team || !team || person.department === team) &&
      matches(search.q ?? '', [person.displayName, person.department, person.extension, person.email]),
  );
