// What the server says, as it says it: /openapi/v1.json and the hub. Times are ISO 8601 in UTC.

export type PresenceStatus = 'offline' | 'available' | 'ringing' | 'on_call' | 'do_not_disturb';

export interface Person {
  extension: string;
  displayName: string;
  department?: string | null;
  email?: string | null;
  status: PresenceStatus;
  /** When the status became what it is; null when nothing is known before the server's start. */
  since?: string | null;
  onlineDevices: number;
  devices: number;
}

export interface PresenceSnapshot {
  epoch: number;
  version: number;
  people: Person[];
}

export interface PresenceChange {
  epoch: number;
  previous: number;
  version: number;
  changed: Person[];
  removed: string[];
}

export interface LiveCall {
  callId: string;
  version: number;
  state: 'ringing' | 'answered' | 'ended';
  direction: 'inbound' | 'outbound';
  number: string;
  name?: string | null;
  since: string;
}

export interface Phone {
  device: string;
  online: boolean;
  userAgent?: string | null;
  registeredAt?: string | null;
  expiresAt?: string | null;
}

export interface Me {
  login: string;
  extension: string;
  displayName: string;
  department?: string | null;
  email?: string | null;
  roles: string[];
  tenant: { id: string; name: string; domain: string };
  phones: Phone[];
  serverTime: string;
}

export type CallDirection = 'inbound' | 'outbound' | 'missed';
export type CallOutcome = 'answered' | 'no_answer' | 'busy' | 'declined' | 'cancelled' | 'blocked' | 'failed' | 'voicemail' | 'abandoned';

export interface CallRow {
  id: string;
  direction: CallDirection;
  number: string;
  name?: string | null;
  department?: string | null;
  lineUsed: string;
  startedAt: string;
  ringMs: number;
  talkMs: number;
  totalMs: number;
  outcome: CallOutcome;
  endedBy: 'caller' | 'callee' | 'system';
  reason: string;
  flagged: boolean;
}

export interface CallPage {
  items: CallRow[];
  next?: string | null;
}

export interface Party {
  number: string;
  name?: string | null;
  extension?: string | null;
  department?: string | null;
}

export interface CallLeg {
  leg: number;
  party: Party;
  device: string;
  offeredAt: string;
  ringingAt?: string | null;
  answeredAt?: string | null;
  endedAt?: string | null;
  sipStatus?: number | null;
  q850?: number | null;
  reason?: string | null;
  media?: { packetsReceived: number; bytesReceived: number; packetsSent: number; bytesSent: number } | null;
  quality?: QualitySummary | null;
}

export interface QualitySummary {
  mosAverage?: number | null;
  mosMinimum?: number | null;
  lossPercent: number;
}

/** A leg second by second, from `from` on, seen from the server. Jitter and round trip in microseconds, MOS in hundredths; 0: not known. */
export interface QualitySeries {
  from: string;
  receivedPackets: number[];
  receivedBytes: number[];
  sentPackets: number[];
  sentBytes: number[];
  lost: number[];
  jitter: number[];
  roundTrip: number[];
  rFactor: number[];
  mos: number[];
  remoteLost: number[];
  remoteJitter: number[];
}

export interface LegQuality {
  leg: number;
  party: Party;
  device: string;
  summary: QualitySummary;
  series: QualitySeries[];
}

export interface TimelineEntry {
  at: string;
  /** called, rang, skipped, answered, not_answered, unknown_number, ended: more will come. */
  kind: string;
  actor?: Party | null;
  other?: Party | null;
  devices?: string[] | null;
  reason?: string | null;
  ms?: number | null;
  sipStatus?: number | null;
  q850?: number | null;
}

export interface CallDetail {
  call: CallRow;
  sipCallId: string;
  legs: CallLeg[];
  timeline: TimelineEntry[];
}
