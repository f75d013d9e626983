import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import { clock } from '@/lib/clock';
import { get, Problem } from './http';
import type { CallDetail, CallPage, LegQuality, Me } from './types';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      retry: (failures, error) => failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500),
      retryDelay: (failures) => 500 * 2 ** failures,
    },
  },
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  refetchInterval: 15_000, // a second phone on the same device changes nobody's presence: nothing pushes it
  queryFn: async ({ signal }) => {
    const sentAt = Date.now();
    const me = await get<Me>('/me', signal);
    clock.correct(Date.parse(me.serverTime), sentAt, Date.now());
    return me;
  },
});

export const callsQuery = infiniteQueryOptions({
  queryKey: ['calls'],
  queryFn: ({ pageParam, signal }) =>
    get<CallPage>(pageParam === null ? '/calls?limit=50' : `/calls?limit=50&cursor=${encodeURIComponent(pageParam)}`, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next ?? null,
});

export const callQuery = (id: string) =>
  queryOptions({ queryKey: ['call', id], queryFn: ({ signal }) => get<CallDetail>(`/calls/${encodeURIComponent(id)}`, signal) });

export const callQualityQuery = (id: string) =>
  queryOptions({
    queryKey: ['call', id, 'quality'],
    staleTime: Number.POSITIVE_INFINITY, // a finished call stays as it was
    queryFn: ({ signal }) => get<LegQuality[]>(`/calls/${encodeURIComponent(id)}/quality`, signal),
  });
