/** Text as it is compared: without accents, case, spaces and the signs that people put between digits. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s.\-/()’']/g, '')
    .toLowerCase();

/** True when the query is somewhere in one of the fields, or each of its words is somewhere in them. */
export function matches(query: string, fields: readonly (string | null | undefined)[]): boolean {
  const needle = plain(query);
  if (needle === '') return true;
  const texts = fields.filter((field): field is string => !!field).map(plain);
  if (texts.some((text) => text.includes(needle))) return true;
  if (!/\p{L}/u.test(needle)) return false; // a number, in groups: its groups are not words
  const words = query.trim().split(/\s+/).map(plain);
  return words.length > 1 && words.every((word) => texts.some((text) => text.includes(word)));
}
