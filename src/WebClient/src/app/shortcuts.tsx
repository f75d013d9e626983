import { Kbd, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isTyping, KeySequence } from '@/lib/keys';
import classes from './shortcuts.module.css';

interface Options {
  /** Closes the top layer, when there is one that has no Escape of its own. */
  onClose: (() => void) | undefined;
  goTo: (to: '/people' | '/history') => void;
}

const regions = ['rail', 'page', 'phone'];

/** The keys that work everywhere, and the map of them. */
export function useShortcuts(options: Options): { open: () => void; dialog: ReactNode } {
  const [isOpen, setOpen] = useState(false);
  const latest = useRef({ ...options, isOpen });
  latest.current = { ...options, isOpen };
  useEffect(() => {
    const keys = new KeySequence();
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key === 'F6') {
        event.preventDefault();
        return jump(event.shiftKey ? -1 : 1);
      }
      if (isTyping(event.target) || latest.current.isOpen) return;
      switch (keys.next(event.key)) {
        case '/': {
          const search = document.querySelector<HTMLInputElement>('[data-search]');
          if (!search) return;
          event.preventDefault();
          search.focus();
          return search.select();
        }
        case '?':
          return setOpen(true);
        case 'Escape':
          return latest.current.onClose?.();
        case 'g p':
          return latest.current.goTo('/people');
        case 'g h':
          return latest.current.goTo('/history');
      }
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return { open: () => setOpen(true), dialog: <KeyMap isOpen={isOpen} onClose={() => setOpen(false)} /> };
}

function jump(by: 1 | -1): void {
  const there = regions.map((id) => document.getElementById(id)).filter((region) => region !== null && region.offsetParent !== null);
  const at = there.findIndex((region) => region?.contains(document.activeElement));
  const region = there[(at + by + there.length) % there.length];
  const first = region?.querySelector<HTMLElement>('a[href], button, input, [tabindex="0"]');
  (first ?? region)?.focus();
}

function KeyMap({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const then = ` ${t('keys.between')} `;
  const rows: [string[], string, string?][] = [
    [['/'], t('keys.search')],
    [['↑', '↓', 'Home', 'End'], t('keys.move'), ' '],
    [['Enter'], t('keys.openRow')],
    [['G', 'P'], t('keys.people'), then],
    [['G', 'H'], t('keys.history'), then],
    [['F6'], t('keys.jump')],
    [['Esc'], t('keys.close')],
    [['?'], t('keys.help')],
  ];
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('keys.title')} lockScroll={false} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <dl className={classes.map}>
        {rows.map(([keys, does, between]) => (
          <div key={does}>
            <dt>
              {keys.map((key, index) => (
                <span key={key}>
                  {index > 0 && <span className={classes.then}>{between}</span>}
                  <Kbd>{key}</Kbd>
                </span>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
