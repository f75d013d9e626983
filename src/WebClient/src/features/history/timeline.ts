import type { Party, TimelineEntry } from '@/lib/api/types';
import type { Translations } from '@/lib/i18n/en';

export type TimelineText = keyof Translations['timeline'] extends infer K
  ? K extends `${infer Stem}_${'one' | 'other'}`
    ? Stem
    : K
  : never;
export type TimelineShape = 'outgoing' | 'incoming' | 'rang' | 'silent' | 'answered' | 'stopped' | 'ended' | 'other';

/** A moment of a call as words: which text, with which values. The view fills in the language. */
export interface TimelineLine {
  shape: TimelineShape;
  /** Null for a kind that this client does not know yet: the kind itself is shown. */
  text: TimelineText | null;
  actor?: string;
  other?: string;
  number?: string;
  devices?: readonly string[];
  ms?: number;
  /** In small under the sentence: why, in the server's snake_case. */
  reason?: string;
}

const nameOf = (party: Party | null | undefined): string | undefined => party?.name || party?.number || party?.extension || undefined;

/** The line of an entry for a reader with this extension, who is "you". */
export function lineOf(entry: TimelineEntry, viewer: string): TimelineLine {
  const { actor, other } = entry;
  const you = actor?.extension === viewer;
  const named = [...(entry.devices ?? [])].filter((device) => device !== actor?.extension && device !== '');
  const ms = entry.ms ?? 0;
  const line = (shape: TimelineShape, text: TimelineText, more: Partial<TimelineLine> = {}): TimelineLine => {
    const made: TimelineLine = { shape, text, ...more };
    const [actorName, otherName] = [nameOf(actor), nameOf(other)];
    if (actorName !== undefined) made.actor = actorName;
    if (otherName !== undefined) made.other = otherName;
    return made;
  };
  const why = (reason = entry.reason): Partial<TimelineLine> => (reason ? { reason } : {});
  const on = named.length > 0 ? { devices: named } : {};

  switch (entry.kind) {
    case 'called':
      if (!other) return line(you ? 'outgoing' : 'incoming', you ? 'youCalledSomebody' : 'calledSomebody');
      if (you) return line('outgoing', 'youCalled');
      return line('incoming', other.extension === viewer ? 'calledYou' : 'called');
    case 'rang':
      if (named.length === 0) return line('rang', you ? 'youRang' : 'rang');
      return line('rang', you ? 'youRangOn' : 'rangOn', { devices: [...(entry.devices ?? [])] });
    case 'skipped':
      if (named.length === 0) return line('silent', you ? 'youSkipped' : 'skipped', why());
      return line('silent', you ? 'youSkippedOn' : 'skippedOn', { ...on, ...why() });
    case 'answered':
      if (named.length === 0) return line('answered', you ? 'youAnswered' : 'answered', { ms });
      return line('answered', you ? 'youAnsweredOn' : 'answeredOn', { ...on, ms });
    case 'not_answered':
      return notAnswered();
    case 'unknown_number': {
      const number = other?.number ?? actor?.number;
      return number ? line('silent', 'unknownNumber', { number }) : line('silent', 'unknownNumberBare');
    }
    case 'ended': {
      const after = ms > 0 ? { ms } : {};
      if (!actor) return line('ended', ms > 0 ? 'systemEndedAfter' : 'systemEnded', { ...after, ...why() });
      if (you) return line('ended', ms > 0 ? 'youEndedAfter' : 'youEnded', { ...after, ...why() });
      return line('ended', ms > 0 ? 'endedAfter' : 'ended', { ...after, ...why() });
    }
    default:
      return { shape: 'other', text: null, ...why() };
  }

  function notAnswered(): TimelineLine {
    switch (entry.reason) {
      case 'declined':
        return line('stopped', you ? 'youDeclined' : 'declined', { ms });
      case 'busy':
        return line('silent', you ? 'youBusy' : 'busy');
      case 'timeout':
      case 'failed':
        return line('silent', you ? 'youUnreached' : 'unreached', why());
      case 'answered_elsewhere':
      case 'cancelled':
        if (named.length === 0) return line('stopped', you ? 'youStopped' : 'stopped', { ms, ...why() });
        return line('stopped', you ? 'youStoppedOn' : 'stoppedOn', { ...on, ms, ...why() });
      default:
        return line('stopped', you ? 'youNotAnswered' : 'notAnswered', { ms, ...(entry.reason === 'no_answer' ? {} : why()) });
    }
  }
}

/** The small print of an entry: the codes that went over the wire. */
export function codesOf(entry: TimelineEntry): string | null {
  const codes = [entry.sipStatus ? `SIP ${entry.sipStatus}` : null, entry.q850 ? `Q.850 ${entry.q850}` : null].filter(
    (code) => code !== null,
  );
  return codes.length > 0 ? codes.join(' · ') : null;
}
