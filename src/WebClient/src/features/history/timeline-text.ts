import type { TFunction } from 'i18next';
import { list } from '@/lib/format';
import type { TimelineLine } from './timeline';

/** The sentence with `<b>` around who it is about. Values have no marks: what looks like one in a name is shown as it is. */
export function sentenceOf(line: TimelineLine, t: TFunction, language: string, durationOf: (ms: number) => string): string {
  if (!line.text) return '';
  const somebody = t('timeline.somebody');
  const unmarked = (text: string) => text.replaceAll('<', '‹').replaceAll('>', '›');
  const text = t as (key: string, values: Record<string, unknown>) => string; // the key is computed, its type checked in TimelineText
  return text(`timeline.${line.text}`, {
    actor: unmarked(line.actor ?? somebody),
    other: unmarked(line.other ?? somebody),
    number: unmarked(line.number ?? ''),
    devices: unmarked(list(line.devices ?? [], language)),
    count: line.devices?.length ?? 0,
    duration: durationOf(line.ms ?? 0),
  });
}

/** A sentence in pieces, with which of them are strong: no HTML is ever made of a name. */
export function piecesOf(sentence: string): { key: string; text: string; strong: boolean }[] {
  return sentence
    .split(/<b>(.*?)<\/b>/)
    .map((text, index) => ({ key: String(index), text, strong: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
