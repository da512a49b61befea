import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { accessLogSchema, foundSchema, replaySchema } from '../../api/schemas/audit.ts';
import type { feedsSchema } from '../../api/schemas/calendars.ts';
import type { CaseView } from '../../api/schemas/case.ts';
import type { packetSchema } from '../../api/schemas/exhibits.ts';
import type { countsSchema, Lines } from '../../api/schemas/lists.ts';
import type { Queue } from '../../api/schemas/queue.ts';
import type { detectorsSchema, policiesSchema, policyDiffSchema, policySchema, SellerView } from '../../api/schemas/register.ts';
import type { appraisalsSchema, appraisalViewSchema, CandidatesOut, ReferralOut, ReferralsOut, totalsSchema } from '../../api/schemas/referrals.ts';
import type { Session } from '../../api/schemas/session.ts';
import { keepCsrf, read } from './client.ts';

/** The three lists, and where each stands. */
export type ListKind = 'cases' | 'appeals' | 'sanctions';
export type Filters = Readonly<Record<string, string | undefined>>;
const HEAVY_PAGE = 8;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await read<Session>('/api/session', signal);
    keepCsrf(session.csrf);
    return session;
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

/** The reviewer's queue: every item comes with all that a verdict needs, so that the next one is there at once. */
export function queueQuery(holder: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['live', 'queue', holder],
    queryFn: ({ pageParam, signal }) => read<Queue>(`/api/queue${search({ holder, limit: String(HEAVY_PAGE), cursor: pageParam })}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function listQuery(kind: ListKind, filters: Filters) {
  return infiniteQueryOptions({
    queryKey: ['live', kind, filters],
    queryFn: ({ pageParam, signal }) => read<Lines>(`/api/${kind}${search({ ...filters, cursor: pageParam })}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function viewQuery(kind: ListKind, id: string, at?: string) {
  return queryOptions({
    queryKey: at === undefined ? ['live', 'view', id] : ['view', id, at],
    queryFn: ({ signal }) => read<CaseView>(`/api/${kind}/${encodeURIComponent(id)}${search({ at })}`, signal),
  });
}

export function referralsQuery(filters: Filters) {
  return infiniteQueryOptions({
    queryKey: ['live', 'referrals', filters],
    queryFn: ({ pageParam, signal }) => read<ReferralsOut>(`/api/referrals${search({ ...filters, cursor: pageParam })}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function referralQuery(id: string, at?: string) {
  return queryOptions({
    queryKey: at === undefined ? ['live', 'view', id] : ['view', id, at],
    queryFn: ({ signal }) => read<ReferralOut>(`/api/referrals/${encodeURIComponent(id)}${search({ at })}`, signal),
  });
}

export const totalsQuery = queryOptions({
  queryKey: ['live', 'totals'],
  queryFn: ({ signal }) => read<z.output<typeof totalsSchema>>('/api/referral-totals', signal),
});

export const candidatesQuery = infiniteQueryOptions({
  queryKey: ['live', 'candidates'],
  queryFn: ({ pageParam, signal }) => read<CandidatesOut>(`/api/referral-candidates${search({ limit: '200', cursor: pageParam })}`, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export const appraisalsQuery = infiniteQueryOptions({
  queryKey: ['live', 'appraisals'],
  queryFn: ({ pageParam, signal }) => read<z.output<typeof appraisalsSchema>>(`/api/appraisals${search({ cursor: pageParam })}`, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export function appraisalQuery(id: string) {
  return queryOptions({
    queryKey: ['live', 'appraisal', id],
    queryFn: ({ signal }) => read<z.output<typeof appraisalViewSchema>>(`/api/appraisals/${encodeURIComponent(id)}`, signal),
  });
}

export const feedsQuery = queryOptions({
  queryKey: ['calendars'],
  queryFn: ({ signal }) => read<z.output<typeof feedsSchema>>('/api/calendars', signal),
});

export function packetQuery(id: string) {
  return queryOptions({
    queryKey: ['live', 'packet', id],
    queryFn: ({ signal }) => read<z.output<typeof packetSchema>>(`/api/packets/${encodeURIComponent(id)}`, signal),
  });
}

export const countsQuery = queryOptions({
  queryKey: ['live', 'counts'],
  queryFn: ({ signal }) => read<z.output<typeof countsSchema>>('/api/counts', signal),
});

export function sellerQuery(id: string) {
  return queryOptions({
    queryKey: ['live', 'seller', id],
    queryFn: ({ signal }) => read<SellerView>(`/api/sellers/${encodeURIComponent(id)}`, signal),
  });
}

export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: ({ signal }) => read<z.output<typeof policiesSchema>>('/api/policies', signal),
});

export const detectorsQuery = queryOptions({
  queryKey: ['policies', 'detectors'],
  queryFn: ({ signal }) => read<z.output<typeof detectorsSchema>>('/api/detectors', signal),
});

export function policyQuery(digest: string) {
  return queryOptions({
    queryKey: ['policies', digest],
    queryFn: ({ signal }) => read<z.output<typeof policySchema>>(`/api/policies/${digest}`, signal),
  });
}

export function policyDiffQuery(digest: string, since: string) {
  return queryOptions({
    queryKey: ['policies', digest, since],
    queryFn: ({ signal }) => read<z.output<typeof policyDiffSchema>>(`/api/policies/${digest}/diff${search({ since })}`, signal),
  });
}

export function foundQuery(text: string) {
  return queryOptions({
    queryKey: ['found', text],
    queryFn: ({ signal }) => read<z.output<typeof foundSchema>>(`/api/audit/find${search({ text })}`, signal),
    enabled: text !== '',
  });
}

export const accessLogQuery = queryOptions({
  queryKey: ['access-log'],
  queryFn: ({ signal }) => read<z.output<typeof accessLogSchema>>('/api/audit/access-log?limit=20', signal),
});

export function replayQuery(id: string, language: string) {
  return queryOptions({
    queryKey: ['replay', id, language],
    queryFn: ({ signal }) => read<z.output<typeof replaySchema>>(`/api/audit/${encodeURIComponent(id)}/replay?language=${language}`, signal),
  });
}

function search(values: Filters): string {
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]]));
  const text = new URLSearchParams(given).toString();
  return text === '' ? '' : `?${text}`;
}
