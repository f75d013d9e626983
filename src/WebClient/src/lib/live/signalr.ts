import { HttpError, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import type { LiveCall, PresenceChange, PresenceSnapshot } from '@/lib/api/types';
import { type Connect, Unauthorized } from './live-store';

/** The hub over SignalR. Reconnecting is the store's: it knows what must be read again. */
export const connectToHub: Connect = async (handlers) => {
  const hub = new HubConnectionBuilder().withUrl('/hubs/telephony').configureLogging(LogLevel.None).build();
  hub.on('PresenceChanged', (change: PresenceChange) => handlers.presenceChanged(change));
  hub.on('CallChanged', (call: LiveCall) => handlers.callChanged(call));
  hub.on('CallRecorded', ({ callId }: { callId: string }) => handlers.callRecorded(callId));
  const closed = new Promise<void>((resolve) => hub.onclose(() => resolve()));
  try {
    await hub.start();
  } catch (error) {
    throw statusOf(error) === 401 ? new Unauthorized() : error;
  }
  return { subscribePresence: () => hub.invoke<PresenceSnapshot>('SubscribePresence'), closed, stop: () => void hub.stop() };
};

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpError) return error.statusCode;
  const inner = (error as { innerErrors?: unknown[] } | null)?.innerErrors;
  if (Array.isArray(inner)) return inner.map(statusOf).find((status) => status !== undefined);
  return /status code '?401/i.test(String(error)) ? 401 : undefined;
}
