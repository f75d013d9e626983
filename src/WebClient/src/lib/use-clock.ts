import { useSyncExternalStore } from 'react';
import { clock } from './clock';

/** The server's time, once a second, in milliseconds. Whoever uses it is drawn once a second: use it in leaves. */
export const useNow = (): number => useSyncExternalStore(clock.subscribe, clock.seconds) * 1000;
