export type SortKey = 'name' | 'extension' | 'department';
const sortKeys: readonly SortKey[] = ['name', 'extension', 'department'];

/** What the address of the People page says. */
export interface PeopleSearch {
  q?: string;
  team?: true;
  available?: true;
  sort?: SortKey;
  down?: true;
}

/** Whatever stands in the address, only what is understood is taken. */
export function readPeopleSearch(search: Record<string, unknown>): PeopleSearch {
  const read: PeopleSearch = {};
  if ((typeof search.q === 'string' || typeof search.q === 'number') && String(search.q).trim() !== '')
    read.q = String(search.q).slice(0, 100);
  if (search.team === true) read.team = true;
  if (search.available === true) read.available = true;
  const sort = sortKeys.find((key) => key === search.sort);
  if (sort && sort !== 'name') read.sort = sort;
  if (search.down === true) read.down = true;
  return read;
}
