const hues = [20, 55, 95, 150, 200, 232, 282, 340];

/** The first letters of the first and the last name; a number has none and shows a sign. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s]+/).filter((word) => /^\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? [...word][0] : ''));
  return letters.join('').toLocaleUpperCase() || '#';
}

/** A name always gets the same hue. */
export function hueOf(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hues[hash % hues.length] ?? 0;
}
