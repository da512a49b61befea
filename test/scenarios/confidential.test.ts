import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { parseStory } from '../../scenarios/runner/document.ts';
import { policyOf } from '../../scenarios/runner/policy.ts';
import { MESSAGES } from '../../scenarios/runner/step-schemas.ts';
import { runScenario } from '../../scenarios/runner/run.ts';
import type { Servers } from '../../scenarios/runner/servers.ts';
import type { Session } from '../../scenarios/runner/session.ts';
import { listCases, readCase } from '../../store/queries/cases.ts';
import { sharedServers } from '../support/servers.ts';
import { Terminal } from '../cli/support.ts';

const FILE = fileURLToPath(new URL('../../scenarios/fake-watches.yaml', import.meta.url));
const SELLER = 'S-goldzeit';
const SELLER_MAIL = 'shop@goldzeit.test';

const storySchema = z.looseObject({
  given: z.looseObject({ recipients: z.unknown() }),
  steps: z.array(z.looseObject({ does: z.string(), after: z.string().optional(), at: z.string().optional() })),
  expect: z.array(z.unknown()),
});

/** What happens to the seller while the authority is at work: another finding, and its own counter-notice. */
const MEANWHILE = [
  {
    at: '2026-01-20T02:00:00Z',
    does: 'import',
    kind: 'listings',
    rows: [{ listing_id: 'bazaar:3', market: 'CN', title: 'Lumora watch 1:1 replica, steel', brand: 'Lumora', seller_id: SELLER }],
  },
  { does: 'sweep', opened: 1 },
  { who: 'reviewer-mara', does: 'verdict', listing: 'bazaar:3', holder: 'org-lumora', verdict: 'counterfeit', 'reason-code': 'packaging' },
  { after: '1 day', who: SELLER, does: 'contest', listing: 'bazaar:3', holder: 'org-lumora', statement: 'I bought it in good faith.', as: 'appeal' },
];

/** The story as it is told, or its twin: the same world at the same instants, in which nobody thinks of a referral. */
async function runTwin(isTwin: boolean): Promise<string> {
  const story = storySchema.parse(parse(await readFile(FILE, 'utf8')));
  const steps = story.steps.flatMap(({ expect: _, ...step }) => {
    const isReferral = MESSAGES.get(String(step.does))?.command.name.startsWith('referral.') === true;
    const { after, at } = step;
    const wait = { does: 'wait', ...(after !== undefined && { after }), ...(at !== undefined && { at }) };
    const meanwhile = step.at === '2026-03-11T02:00:00Z' ? MEANWHILE : [];
    return [...meanwhile, isTwin && isReferral ? wait : step];
  });
  const { recipients: _, ...given } = story.given;
  return stringify({ ...story, given: isTwin ? given : story.given, steps, expect: [] });
}

/** Everything that the seller can get hold of, with chance taken out of ids, salts and digests. */
async function reachable(session: Session): Promise<readonly string[]> {
  const { stack, outside } = session;
  const em = session.em();
  const mails = (await outside.mails()).filter(({ to }) => to.includes(SELLER_MAIL));
  // Soft line breaks may fall into an id.
  const raw = await Promise.all(mails.map(async ({ id }) => (await bytes(`${stack.mailbox.url}/messages/${id}/raw`)).replaceAll('=\r\n', '')));
  const lines = (
    await Promise.all((['case', 'appeal', 'sanction', 'referral'] as const).map((kind) => listCases(em, { kind, seller: SELLER })))
  ).flat();
  const views = await Promise.all(lines.map(({ id }) => readCase(em, id)));
  const state = await bytes(`${stack.marketplace.url}/shops/${SELLER}`);
  const all = {
    raw,
    rows: await rowsOf(stack.databaseUrl),
    views: byTime(views),
    state,
    messages: await outside.shopMessages(SELLER),
    requests: await outside.requests(),
  };
  return Object.entries(all).map(([name, value]) => withoutChance(`${name} ${JSON.stringify(value)}`));
}

async function bytes(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** Every row that the row policies let a seller see, of every table. */
async function rowsOf(url: string): Promise<unknown> {
  const options = `-c role=interdict_portal -c interdict.operator=main -c interdict.organisations={${SELLER}} -c interdict.capacity=seller`;
  const client = new Client({ connectionString: url, options });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege(oid, 'select') order by 1",
    );
    const rows: unknown[] = [];
    for (const { name } of tables.rows) {
      const found = (await client.query<Record<string, unknown>>(`select * from "${name}"`)).rows;
      // The order of all that happens is one for everybody: its numbers tell of no one.
      const seen = name === 'change' ? found.map(({ xid: _, id: __, ...row }) => row) : found;
      if (seen.length > 0) rows.push([name, byTime(seen)]);
    }
    return rows;
  } finally {
    await client.end();
  }
}

/** In the order of the clearest things in a row: what is random says nothing about order. */
function byTime(rows: readonly unknown[]): readonly unknown[] {
  const key = (row: unknown): string => withoutChance(JSON.stringify(row));
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Ids, salts, digests, ports, and the machine's own time. */
const CHANCE = /(?<="signal_again_at":")\d+|[0-9a-f]{64}|[0-9a-f]{32}|(?<=")[\w-]{43}(?=")|msg:[0-9a-f-]{36}|:\d{4,5}\b/g;

function withoutChance(text: string): string {
  return text.replace(CHANCE, '#');
}

let servers: Servers;
beforeAll(async () => {
  servers = await sharedServers();
});
afterAll(() => servers?.stop());

async function played(isTwin: boolean, look: (session: Session) => Promise<void>): Promise<void> {
  const story = parseStory(await runTwin(isTwin), 'twin.yaml');
  const report = await runScenario(servers, { story, policy: await policyOf(story) }, () => {}, look);
  expect([report.error, ...report.failed]).toEqual([undefined]);
}

it.concurrent('a seller who is referred can get hold of the same bytes as one who is not', { timeout: 240_000 }, async () => {
  const found: (readonly string[])[] = [];
  const counts: number[] = [];
  for (const isTwin of [false, true]) {
    await played(isTwin, async (session) => {
      found.push(await reachable(session));
      counts.push((await session.em().execute<unknown[]>('select from referral')).length);
    });
  }
  // One of the two was referred, and what is compared is there.
  expect(counts).toEqual([1, 0]);
  expect(found[0]?.map((text) => text.length > 60 || text.startsWith('messages'))).toEqual(Array(6).fill(true));
  expect(found[0]?.join('')).not.toMatch(/referr|psb-musterstadt/i);
  expect(found[0]).toEqual(found[1]);
});

it.concurrent('the packet that the authority got by mail is whole and decides again', { timeout: 240_000 }, async ({ onTestFinished }) => {
  const terminal = new Terminal();
  onTestFinished(() => terminal.close());
  let file = '';
  await played(false, async (session) => {
    const mails = (await session.outside.mails()).filter(
      ({ to, subject }) => to.includes('economic@psb.musterstadt.test') && subject.startsWith('Referral'),
    );
    const raw = await bytes(`${session.stack.mailbox.url}/messages/${mails[0]?.id}/raw`);
    const { attachments } = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
    expect(attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([['packet.zip', 'application/zip']]);
    file = terminal.file('packet.zip', new Uint8Array(attachments[0]?.content as ArrayBuffer));
  });
  const { code, stdout, stderr } = await terminal.run(['verify', file]);
  expect([code, `${stdout}${stderr}`]).toEqual([0, expect.stringMatching(/decided again/)]);
});
