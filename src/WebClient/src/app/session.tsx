import { createContext, useContext } from 'react';
import type { Me } from '@/lib/api/types';

export interface SessionState {
  me: Me;
  signOut: () => void;
}

export const SessionContext = createContext<SessionState | null>(null);

/** Who is signed in. */
export function useSession(): SessionState {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionContext');
  return session;
}
