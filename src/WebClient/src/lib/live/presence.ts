import type { Person, PresenceChange, PresenceSnapshot } from '@/lib/api/types';

/** Everybody's presence at one version. Immutable: a change makes a new one, and a person who did not change stays the same object. */
export interface PresenceView {
  epoch: number;
  version: number;
  people: ReadonlyMap<string, Person>;
}

export function viewOf(snapshot: PresenceSnapshot): PresenceView {
  return { epoch: snapshot.epoch, version: snapshot.version, people: new Map(snapshot.people.map((person) => [person.extension, person])) };
}

/** The view after a change; the same view when the change is old; null when something in between is missing, so that a snapshot is needed. */
export function after(view: PresenceView, change: PresenceChange): PresenceView | null {
  if (change.epoch !== view.epoch) return null;
  if (change.version <= view.version) return view;
  if (change.previous > view.version) return null;
  // Entries are whole states, so a change that begins before our version and ends after it is as good as one that begins at it.
  const people = new Map(view.people);
  for (const extension of change.removed) people.delete(extension);
  for (const person of change.changed) people.set(person.extension, person);
  return { epoch: change.epoch, version: change.version, people };
}

export const samePerson = (a: Person, b: Person): boolean =>
  a.extension === b.extension &&
  a.displayName === b.displayName &&
  a.department === b.department &&
  a.email === b.email &&
  a.status === b.status &&
  a.since === b.since &&
  a.onlineDevices === b.onlineDevices &&
  a.devices === b.devices;
