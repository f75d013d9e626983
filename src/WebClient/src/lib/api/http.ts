/** A refusal of the server, as RFC 9457 problem details; status 0 when it could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail?: string,
    readonly reference?: string,
    /** Seconds, from Retry-After. */
    readonly retryAfter?: number,
  ) {
    super(detail ?? title);
    this.name = 'Problem';
  }
}

interface Session {
  signedIn: boolean;
  antiforgery: string;
}

let antiforgery: string | undefined;
let onSignedOut: () => void = () => {};

/** Called when the server says that nobody is signed in (any more). */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

async function problemFrom(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('Retry-After'));
  const body = (await response.json().catch(() => ({}))) as { title?: string; detail?: string; traceId?: string };
  return new Problem(
    response.status,
    body.title ?? response.statusText,
    body.detail,
    body.traceId,
    Number.isFinite(wait) && wait > 0 ? wait : undefined,
  );
}

async function send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['X-XSRF-TOKEN'] = antiforgery ?? (await getSession()).antiforgery;
  const init: RequestInit = { method, headers, credentials: 'same-origin', signal: signal ?? null };
  if (body !== undefined) init.body = JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'unreachable');
  }
  if (response.ok) return response;
  throw await problemFrom(response);
}

async function guarded(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  try {
    return await send(method, path, body, signal);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) onSignedOut();
    throw error;
  }
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await guarded('GET', path, undefined, signal)).json() as Promise<T>;
}

export async function put(path: string, body: unknown): Promise<void> {
  await guarded('PUT', path, body);
}

/** Who this browser is to the server; brings a fresh antiforgery token. */
export async function getSession(): Promise<Session> {
  const session = (await (await send('GET', '/session', undefined)).json()) as Session;
  antiforgery = session.antiforgery;
  return session;
}

export async function signIn(login: string, password: string): Promise<void> {
  await getSession(); // a token belongs to a person: take a new one before, and again after
  const session = (await (await send('POST', '/session', { login, password })).json()) as Partial<Session>;
  if (session.antiforgery) antiforgery = session.antiforgery;
  else await getSession();
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/session', undefined).catch((error) => {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
  });
  antiforgery = undefined;
}
