import { z } from 'zod';
import { sha256Hex } from '../../domain/canonical.ts';
import { answerBy } from '../../domain/case/deadlines.ts';
import { instant } from '../../domain/instant.ts';
import { feedOf, feedsOf, makeFeed, removeFeed } from '../../store/access/calendar-feeds.ts';
import { work } from '../../store/connection/orm.ts';
import { asParty } from '../../store/queries/as-party.ts';
import { namesOf, titlesOf } from '../../store/queries/lists.ts';
import { openCasesOf } from '../../store/queries/open-cases.ts';
import { calendarOf } from '../calendar.ts';
import type { ServerDeps } from '../deps.ts';
import { Faults } from '../faults.ts';
import { somebody } from '../identity.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, problems, READ_PROBLEMS, tagged, WRITE_PROBLEMS } from '../route.ts';
import { feedsSchema, newFeedSchema } from '../schemas/calendars.ts';

/** Most events of one feed, the soonest first: what a calendar program still takes. */
const MOST_EVENTS = 2_000;

const organisationParam = z.object({ organisation: z.string().min(1).max(256) });

const tags = ['calendar'];
const OF_ORGANISATION = [{ kind: 'organisation', in: 'params', name: 'organisation' }] as const;
const manage = (scope: 'read' | 'write') => ({ operation: 'calendar.manage', scope }) as const;

/** Deadlines in a calendar program, which cannot sign in: each person has an address of their own for an organisation. */
export function addCalendarRoutes(app: App, deps: ServerDeps): void {
  addFeed(app, deps);
  app.get(
    '/api/calendars',
    {
      config: { access: manage('read') },
      schema: { tags, summary: 'Your calendar feeds', response: { 200: feedsSchema, ...READ_PROBLEMS } },
    },
    async (request) => {
      const em = work(deps.engine);
      const feeds = await feedsOf(em, principalOf(request).id);
      const names = await namesOf(
        em,
        feeds.map(({ organisation }) => organisation),
      );
      return { lines: feeds.map(({ organisation, madeAt }) => ({ organisation, madeAt, name: names.get(organisation) ?? organisation })) };
    },
  );
  app.put(
    '/api/calendars/:organisation',
    {
      config: { access: { ...manage('write'), ids: OF_ORGANISATION } },
      schema: {
        tags,
        summary: 'A new address of your feed for an organisation; the former one ends at once',
        params: organisationParam,
        response: { 200: newFeedSchema, ...WRITE_PROBLEMS },
      },
    },
    async (request) => {
      const who = principalOf(request);
      // A key ends when it is revoked; what it had made would live on.
      if (who.session === undefined) refuse('wrong-scope', { detail: 'A feed is made by a person.', cure: 'Sign in and make it there.' });
      return { url: `${deps.origin}/api/calendar/${await makeFeed(work(deps.engine), who.id, request.params.organisation, deps.clock.now())}.ics` };
    },
  );
  app.delete(
    '/api/calendars/:organisation',
    {
      config: { access: { ...manage('write'), ids: OF_ORGANISATION } },
      schema: {
        tags,
        summary: 'Ends your feed for an organisation',
        params: organisationParam,
        response: { 204: z.undefined().describe('Ended'), ...WRITE_PROBLEMS },
      },
    },
    async (request, reply) => {
      await removeFeed(work(deps.engine), principalOf(request).id, request.params.organisation);
      return reply.status(204).send();
    },
  );
}

function addFeed(app: App, deps: ServerDeps): void {
  app.get(
    '/api/calendar/:file',
    {
      schema: {
        tags,
        summary: 'The deadlines of an organisation as iCalendar; the address is the key',
        params: z.object({ file: z.string().max(200).describe('Token and .ics') }),
        response: {
          200: { description: 'One event a case that waits for the brand', content: { 'text/calendar': { schema: z.string() } } },
          304: z.undefined().describe('Not changed'),
          ...problems(400, 404, 406, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const text = await feedBehind(deps, request.params.file);
      if (tagged(request, reply, sha256Hex(text).slice(0, 32))) return reply.status(304).send();
      return reply.type('text/calendar; charset=utf-8').send(text);
    },
  );
}

/** An address that never was, one that was replaced and one whose person has no mandate any more are answered alike. */
async function feedBehind(deps: ServerDeps, file: string): Promise<string> {
  const em = work(deps.engine);
  const token = /^([A-Za-z0-9_-]{43})\.ics$/.exec(file)?.[1];
  const feed = token === undefined ? undefined : await feedOf(em, token);
  const who = feed && (await somebody(deps, feed.who));
  if (feed === undefined || who === undefined || !who.organisations.includes(feed.organisation)) refuse('not-found');
  const { organisation } = feed;
  const party = { organisations: [organisation], seenAs: who.seenAs };
  const cases = await asParty(deps.portal, party, (portal) => openCasesOf(portal, organisation, MOST_EVENTS));
  const dated = [];
  for (const one of cases) {
    // Where the state cannot be read, the projection's instant stands: an event too early is better than none.
    const next = { at: instant(one.due), rule: '' };
    dated.push({ ...one, deadline: await new Faults(deps, one.id).contain('calendar', () => answerBy(one.state), next) });
  }
  const titles = await titlesOf(
    em,
    cases.map(({ listing }) => listing),
  );
  const name = (await namesOf(em, [organisation])).get(organisation) ?? organisation;
  return calendarOf({ name, cases: dated, titles, origin: deps.origin });
}
