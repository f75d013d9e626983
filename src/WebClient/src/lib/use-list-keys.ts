import { type KeyboardEvent, useState } from 'react';

/**
 * Makes a list one tab stop, in which the arrows, Home and End move: its rows are the elements with `data-row`, and the one that was in focus last
 * is the one that Tab comes back to.
 */
export function useListKeys(): {
  tabIndexOf: (id: string, index: number) => 0 | -1;
  onFocusOf: (id: string) => () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
} {
  const [current, setCurrent] = useState<string | null>(null);
  return {
    tabIndexOf: (id, index) => ((current === null ? index === 0 : current === id) ? 0 : -1),
    onFocusOf: (id) => () => setCurrent(id),
    onKeyDown(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
      const at = rows.indexOf(event.target as HTMLElement);
      if (at < 0) return;
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
    },
  };
}
