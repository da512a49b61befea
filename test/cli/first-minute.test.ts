import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runToEnd, start, Terminal } from './support.ts';

/** Servers, a past and two sweeps on whatever else the machine does. */
const STARTS_WITHIN_MS = 240_000;

const announced = z.object({
  portal: z.string(),
  mailbox: z.string(),
  marketplace: z.string(),
  links: z.array(z.object({ who: z.string(), role: z.string(), url: z.string() })),
});
const lines = z.object({
  lines: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      isFinal: z.boolean(),
      listing: z.string(),
      due: z.string().nullable(),
      dueRule: z.string().nullable(),
    }),
  ),
});
const referral = z.object({
  id: z.string(),
  status: z.string(),
  draft: z.object({ packet: z.string().nullable(), missing: z.array(z.object({ item: z.string(), where: z.string() })) }).nullable(),
});

const terminal = new Terminal();
const before = new Date().toISOString();
let running: ChildProcess;
let said = '';
let place: z.output<typeof announced>;

async function up(): Promise<void> {
  said = '';
  running = start('cli/main.ts', ['--data', terminal.data, '--json', 'up'], {}, true);
  running.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [line] = await Promise.race([
    once(running.stdout?.setEncoding('utf8') ?? running, 'data'),
    once(running, 'exit').then(([code]) => {
      throw new Error(`ended with ${code}: ${said}`);
    }),
  ]);
  place = announced.parse(JSON.parse(String(line)));
}

async function down(): Promise<void> {
  const stopped = once(running, 'close');
  running.kill('SIGINT');
  await stopped;
}

/** Somebody who has opened the link that was printed for the role. */
class Person {
  readonly #cookie: string;
  readonly #csrf: string;
  #sent = 0;

  private constructor(cookie: string, csrf: string) {
    this.#cookie = cookie;
    this.#csrf = csrf;
  }

  static async signIn(role: RegExp): Promise<Person> {
    const link = place.links.find((one) => role.test(one.role));
    const token = link?.url.split('/').at(-1);
    const reply = await fetch(`${place.portal}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: place.portal },
      body: JSON.stringify({ token }),
    });
    expect([link?.role, reply.status]).toEqual([expect.stringMatching(role), 204]);
    const cookie = reply.headers
      .getSetCookie()
      .map((text) => text.split(';')[0])
      .join('; ');
    const session: unknown = await (await fetch(`${place.portal}/api/session`, { headers: { cookie } })).json();
    return new Person(cookie, z.object({ csrf: z.string() }).parse(session).csrf);
  }

  async read(path: string): Promise<unknown> {
    const reply = await fetch(`${place.portal}${path}`, { headers: { cookie: this.#cookie } });
    const body: unknown = await reply.json();
    expect([path, reply.status, body]).toEqual([path, 200, body]);
    return body;
  }

  /** Sends a message and returns the events of its decision. */
  async say(path: string, body: object): Promise<readonly string[]> {
    this.#sent += 1;
    const headers = { cookie: this.#cookie, 'x-csrf-token': this.#csrf, origin: place.portal, 'content-type': 'application/json' };
    const reply = await fetch(`${place.portal}${path}`, {
      method: 'POST',
      headers: { ...headers, 'idempotency-key': `first-minute-${this.#csrf.slice(0, 20)}-${this.#sent}` },
      body: JSON.stringify(body),
    });
    const answer: unknown = await reply.json();
    expect([path, reply.status, answer]).toEqual([path, 200, expect.objectContaining({ state: 'done' })]);
    return z.object({ events: z.array(z.string()) }).parse(answer).events;
  }

  async keep(text: string): Promise<string> {
    const headers = { cookie: this.#cookie, 'x-csrf-token': this.#csrf, origin: place.portal, 'content-type': 'application/pdf' };
    const reply = await fetch(`${place.portal}/api/documents`, { method: 'POST', headers, body: text });
    return z.object({ digest: z.string() }).parse(await reply.json()).digest;
  }
}

async function rows(sql: string): Promise<readonly Record<string, unknown>[]> {
  const database = new Client({ connectionString: terminal.databaseUrl() });
  await database.connect();
  try {
    return (await database.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await database.end();
  }
}

beforeAll(up, STARTS_WITHIN_MS);
afterAll(() => terminal.close(), 60_000);

describe('the first minute after npm start', () => {
  it('finds a past that the log has made, marked as a sample, before the start, with nothing overdue', async () => {
    expect(said).toContain('samples: their past is told');
    const [past] = await rows(`select count(*)::int as decisions, max(at) as last from decision
      where aggregate in (select id from aggregate where kind <> 'case' or listing like 'bazaar:2%')`);
    expect(past?.['decisions']).toBeGreaterThan(30);
    expect(await rows(`select id from inbox where id not like 'sample:%' and id not like 'letter:%'`)).toEqual([]);
    const [first] = await rows(`select min(at) as at from decision`);
    expect(String(first?.['at']) < before).toBe(true);
    const now = new Date().toISOString();
    expect(await rows(`select id, due from aggregate where not is_final and due <= '${now}'`)).toEqual([]);
    expect(await rows(`select id from outbox where state in ('refused', 'possibly-sent')`)).toEqual([]);
  });

  it('the brand reviewer answers the oldest', async () => {
    const reviewer = await Person.signIn(/^brand-reviewer$/);
    const queue = z
      .object({ at: z.string(), nextDue: z.string(), items: z.array(z.object({ id: z.string() })) })
      .parse(await reviewer.read('/api/queue'));
    expect(queue.nextDue > queue.at).toBe(true);
    const verdict = { verdict: 'counterfeit', reasonCode: 'packaging', basis: 'image' };
    expect(await reviewer.say(`/api/cases/${queue.items[0]?.id}/verdict`, verdict)).toContain('VerdictGiven');
  });

  it('the account manager gives the silent brand more time', async () => {
    const manager = await Person.signIn(/^account-manager$/);
    const [silent] = lines.parse(await manager.read('/api/cases?open=true&dueRule=confirmation.lapse')).lines;
    expect([silent?.listing, silent?.status]).toEqual(['bazaar:2031', 'awaiting-confirmation']);
    expect(await manager.say(`/api/cases/${silent?.id}/extension`, { n: 8, unit: 'working-hours' })).toEqual(['WindowExtended']);
  });

  it('the seller contests a removal, and sees the one that is contested already', async () => {
    const seller = await Person.signIn(/^seller$/);
    const removed = lines.parse(await seller.read('/api/cases')).lines.filter(({ status }) => status === 'actioned');
    expect(removed.map(({ listing }) => listing).sort()).toEqual(['bazaar:2011', 'bazaar:2012', 'bazaar:2014']);
    const target = removed.find(({ listing }) => listing === 'bazaar:2012');
    expect(await seller.say(`/api/cases/${target?.id}/counter-notice`, { statement: 'Here is the invoice.' })).toContain('ReviewAsked');
  });

  it('the officers approve a closure and decide an appeal', async () => {
    const officer = await Person.signIn(/^governance-officer$/);
    const waiting = lines.parse(await officer.read('/api/sanctions?status=proposed')).lines;
    expect(waiting).toHaveLength(1);
    expect(await officer.say(`/api/sanctions/${waiting[0]?.id}/decision`, { decision: 'approve', reason: 'Two counterfeits.' })).toContain(
      'SanctionApproved',
    );
    await expect
      .poll(async () => (await (await fetch(`${place.marketplace}/shops/S-DE-taschenhof`)).json()).status, { timeout: 30_000 })
      .toBe('closed');
    const appeals = lines.parse(await officer.read('/api/appeals?open=true')).lines;
    const older = appeals.find(({ listing }) => listing === 'bazaar:2011');
    expect(await officer.say(`/api/appeals/${older?.id}/decision`, { decision: 'uphold', reason: 'No invoice.' })).toContain('AppealDecided');
  });

  it('the agent and the liaison complete the referral that lacks two things, and the liaison is the second person who lets it go', async () => {
    const [liaison, agent] = [await Person.signIn(/liaison/), await Person.signIn(/^agent/)];
    const [line] = z.object({ lines: z.array(z.object({ id: z.string() })) }).parse(await liaison.read('/api/referrals?open=true')).lines;
    const path = `/api/referrals/${line?.id}`;
    const look = async () => referral.parse(await liaison.read(path));
    const missing = async () => [...new Set((await look()).draft?.missing.map(({ item }) => item))];
    expect([(await look()).status, await missing()]).toEqual(['incomplete', ['certificate', 'examination']]);
    const about = (await look()).draft?.missing.find(({ item }) => item === 'certificate')?.where;

    const words = { appraisal: 'Neither is ours.', priceStatement: 'EUR 690 and EUR 310.', contact: 'Jonna Reitmeier' };
    const documents = [{ kind: 'certificate', about, digest: await agent.keep('%PDF-1.4 a certificate') }];
    const given = { brand: 'org-nordblauer', ...words, documents };
    expect(await agent.say(`/api/appraisals/${line?.id}/answer`, given)).toContain('AppraisalGiven');
    await expect.poll(missing, { timeout: 30_000 }).toEqual(['examination']);

    const waiver = { item: 'examination', reason: 'Both were removed before one could be bought.' };
    expect(await liaison.say(`${path}/waiver`, waiver)).toContain('ApprovalAsked');
    const approval = { decision: 'approve', packet: (await look()).draft?.packet, reason: 'Complete.' };
    expect(await liaison.say(`${path}/decision`, approval)).toContain('SubmissionOrdered');
    await expect.poll(async () => (await look()).status, { timeout: 30_000 }).toBe('with-recipient');
  });

  it('the auditor finds, replays and verifies whatever is sealed', async () => {
    const auditor = await Person.signIn(/auditor/);
    const { found } = z.object({ found: z.array(z.object({ id: z.string() })) }).parse(await auditor.read('/api/audit/find?text=bazaar:2014'));
    expect(found.length).toBeGreaterThan(0);
    const sealed = (await rows(`select distinct aggregate from seal`)).map(({ aggregate }) => String(aggregate));
    expect(sealed.length).toBeGreaterThanOrEqual(9);
    for (const id of sealed) {
      expect(await auditor.read(`/api/audit/${id}/replay`), id).toMatchObject({ ok: true });
      expect(await auditor.read(`/api/audit/${id}/verify`), id).toMatchObject({ ok: true });
    }
  });
});

describe('afterwards', () => {
  it(
    'a sealed case of the past is verified and replayed from its file with everything stopped, and the next start adds nothing',
    async () => {
      const [one] = await rows(`select id from aggregate where listing = 'bazaar:2014' and kind = 'case'`);
      const file = join(dirname(terminal.data), 'case.json');
      expect(await terminal.run(['history', 'export', String(one?.['id']), '--out', file])).toMatchObject({ code: 0 });
      const count = async () => (await rows('select count(*)::int as n from aggregate'))[0]?.['n'];
      const n = await count();
      await down();
      for (const command of [
        ['verify', file],
        ['replay', file, '--flow'],
      ])
        expect([command[0], await terminal.run(command)]).toMatchObject([command[0], { code: 0 }]);

      await up();
      expect(said).not.toContain('samples:');
      expect(await count()).toBe(n);
      await down();
      expect(await runToEnd(start('cli/main.ts', ['--data', terminal.data, 'status']))).toMatchObject({ code: 3 });
    },
    STARTS_WITHIN_MS,
  );
});
