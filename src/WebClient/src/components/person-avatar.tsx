import type { CSSProperties } from 'react';
import type { ShownStatus } from '@/lib/live/use-live';
import { hueOf, initialsOf } from '@/lib/person';
import classes from './presence.module.css';
import { PresenceBadge } from './presence-badge';

/** A person as initials on their own quiet hue, with their status when it is given. */
export function PersonAvatar({ name, status, size }: { name: string; status?: ShownStatus | undefined; size?: 'sm' | 'md' | 'lg' | 'xl' }) {
  return (
    <span className={classes.avatar} data-size={size} data-initials={initialsOf(name)} style={{ '--hue': hueOf(name) } as CSSProperties}>
      {status && <PresenceBadge status={status} />}
    </span>
  );
}
