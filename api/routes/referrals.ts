import { z } from 'zod';
import type { AggregateId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { totalsInWords } from '../../domain/referral/totals.ts';
import { work } from '../../store/connection/orm.ts';
import { readTotals } from '../../store/queries/referrals.ts';
import { recipientsPage } from '../../store/queries/referral-lists.ts';
import { cursorOfText, readTextCursor } from '../cursor.ts';
import type { ServerDeps } from '../deps.ts';
import { noteRead } from '../note-read.ts';
import { appraisalFor, appraisalList } from '../referral/appraisals.ts';
import { candidateList } from '../referral/candidates.ts';
import { referralList } from '../referral/lists.ts';
import { recipientOut } from '../referral/parts.ts';
import { referralFor } from '../referral/view.ts';
import { type App, principalOf, READ_PROBLEMS, sendView } from '../route.ts';
import { aggregateParam } from '../schemas/basics.ts';
import { caseQuery } from '../schemas/case.ts';
import {
  appraisalQuery,
  appraisalsSchema,
  appraisalViewSchema,
  candidateQuery,
  candidatesSchema,
  recipientQuery,
  recipientsSchema,
  referralQuery,
  referralsSchema,
  referralViewSchema,
  totalsQuery,
  totalsSchema,
} from '../schemas/referrals.ts';

const tags = ['referrals'];
const OF_ID = [{ kind: 'referral', in: 'params', name: 'id' }] as const;

/** Referrals for the platform's people, what of them a brand is asked, and the recipients. */
export function addReferralRoutes(app: App, deps: ServerDeps): void {
  addLists(app, deps);
  addCandidates(app, deps);
  addView(app, deps);
  addAppraisals(app, deps);
}

function addLists(app: App, deps: ServerDeps): void {
  app.get(
    '/api/referrals',
    {
      config: {
        access: {
          operation: 'referral.read',
          scope: 'read',
          ids: [
            { kind: 'seller', in: 'query', name: 'seller' },
            { kind: 'recipient', in: 'query', name: 'recipient' },
          ],
        },
      },
      schema: {
        tags,
        summary: 'Lists referrals, the earliest deadline first',
        querystring: referralQuery,
        response: { 200: referralsSchema, ...READ_PROBLEMS },
      },
    },
    (request) => referralList(deps, principalOf(request), request.query),
  );
  app.get(
    '/api/referral-totals',
    {
      config: { access: { operation: 'referral.read', scope: 'read', ids: [{ kind: 'referral', in: 'query', name: 'referral' }] } },
      schema: {
        tags,
        summary: 'Sums over outcomes; where sources disagree, a range',
        querystring: totalsQuery,
        response: { 200: totalsSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const { referral, from, until } = request.query;
      const period = {
        ...(referral !== undefined && { id: referral }),
        ...(from !== undefined && { from: instant(from) }),
        ...(until !== undefined && { until: instant(until) }),
      };
      const totals = await readTotals(work(deps.engine), period);
      if (referral !== undefined) await noteRead(deps, principalOf(request), 'referral.read', referral);
      return { facts: { ...totals.facts }, goods: { ...totals.goods }, values: { ...totals.values }, words: [...totalsInWords(totals)] };
    },
  );
  app.get(
    '/api/recipients',
    {
      config: { access: { operation: 'recipient.read', scope: 'read' } },
      schema: {
        tags,
        summary: 'Authorities that take referrals',
        querystring: recipientQuery,
        response: { 200: recipientsSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await recipientsPage(work(deps.engine), { limit: limit + 1, after: readTextCursor(cursor) });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return { lines: page.map(recipientOut), next: rows.length > limit && last !== undefined ? cursorOfText(last.id) : null };
    },
  );
}

function addCandidates(app: App, deps: ServerDeps): void {
  app.get(
    '/api/referral-candidates',
    {
      config: { access: { operation: 'referral.read', scope: 'read' } },
      schema: {
        tags,
        summary:
          'Sellers whose sealed cases an authority may get now, by the rule that opens referrals. A page can be short: sellers without such cases are left out',
        querystring: candidateQuery,
        response: { 200: candidatesSchema, ...READ_PROBLEMS },
      },
    },
    (request) => candidateList(deps, request.query),
  );
}

function addView(app: App, deps: ServerDeps): void {
  app.get(
    '/api/referrals/:id',
    {
      config: { access: { operation: 'referral.read', scope: 'read', ids: OF_ID } },
      schema: {
        tags,
        summary: 'One referral with everything that happened in it, now or at an instant',
        params: aggregateParam,
        querystring: caseQuery,
        response: { 200: referralViewSchema, 304: z.undefined().describe('Unchanged since the given ETag'), ...READ_PROBLEMS },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      // The guard has seen that it has the form of an id.
      const id = request.params.id as AggregateId;
      const view = await referralFor(deps, who, id, request.query.at);
      await noteRead(deps, who, 'referral.read', id);
      return sendView(request, reply, view, request.query.at);
    },
  );
}

function addAppraisals(app: App, deps: ServerDeps): void {
  app.get(
    '/api/appraisals',
    {
      config: { access: { operation: 'appraisal.read', scope: 'read' } },
      schema: {
        tags: ['appraisals'],
        summary: 'What your brands are asked for referrals of their cases',
        querystring: appraisalQuery,
        response: { 200: appraisalsSchema, ...READ_PROBLEMS },
      },
    },
    (request) => appraisalList(deps, principalOf(request), request.query),
  );
  app.get(
    '/api/appraisals/:id',
    {
      config: { access: { operation: 'appraisal.read', scope: 'read', ids: OF_ID } },
      schema: {
        tags: ['appraisals'],
        summary: 'What you are asked in one referral, what you said, and what came of your cases; nothing of anybody else',
        params: aggregateParam,
        response: { 200: appraisalViewSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const view = await appraisalFor(deps, who, request.params.id as AggregateId);
      await noteRead(deps, who, 'appraisal.read', request.params.id);
      return view;
    },
  );
}
