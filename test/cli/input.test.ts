import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporalClient } from '../../client/connection.ts';
import { readStack } from '../../embedded/stack-record.ts';
import { migrate } from '../../store/schema/migrate.ts';
import { runToEnd, start, Terminal, until } from './support.ts';

const SAMPLES = join(import.meta.dirname, '..', '..', 'samples');
const terminal = new Terminal();
let database: Client;

beforeAll(async () => {
  expect((await terminal.json(['up', '--detach', '--no-samples'])).json).toMatchObject({
    ready: true,
    data: terminal.data,
    mailbox: expect.stringContaining('http://'),
  });
  database = new Client({ connectionString: terminal.databaseUrl() });
  await database.connect();
  for (const name of ['organisations.jsonl', 'people.jsonl', 'rights.csv']) {
    expect((await terminal.json(['import', name.replace(/\..*/, ''), join(SAMPLES, name)])).json).toMatchObject({ wrong: 0 });
  }
});
afterAll(async () => {
  await database?.end();
  await terminal.close();
});

async function count(table: string, like = '%'): Promise<number> {
  const { rows } = await database.query<{ n: number }>(`select count(*)::int as n from ${table} where id like $1`, [like]);
  return rows[0]?.n ?? 0;
}

const line = (id: string, more: object = {}) =>
  JSON.stringify({ listing_id: id, market: 'DE', title: `Thing ${id}`, price: 10, currency: 'EUR', seller_id: 'S1', ...more });

describe('a file that is not what it should be', () => {
  const FILES: readonly (readonly [name: string, content: string | Uint8Array, expected: object])[] = [
    [
      'half a line',
      `${line('h:1')}\n${line('h:2')}\n${line('h:3').slice(0, 40)}`,
      { imported: 2, wrong: 1, problems: [{ line: 3, code: 'half-line' }] },
    ],
    [
      'a line of 10 MB',
      `${line('l:1')}\n${line('l:2', { description: 'x'.repeat(10_000_000) })}\n${line('l:3')}\n`,
      { imported: 2, wrong: 1, problems: [{ line: 2, code: 'line-too-long' }] },
    ],
    ['UTF-16', Buffer.from(`\ufeff${line('u:1')}\n`, 'utf16le'), { imported: 1, wrong: 0, problems: [] }],
    [
      'gzip with latin-1, an unknown field and an image that is not there',
      gzipSync(
        Buffer.concat([
          Buffer.from(`${line('g:1', { colour: 'red' })}\n${line('g:2', { images: ['/images/none.png'] })}\n`),
          Buffer.from(`${line('g:3', { title: 'Füße' })}\n`, 'latin1'),
        ]),
      ),
      {
        imported: 2,
        wrong: 1,
        warnings: 1,
        problems: [
          { line: 1, code: 'unknown-field' },
          { line: 3, code: 'not-utf-8' },
        ],
      },
    ],
    ['half a gzip', gzipSync(`${line('z:1')}\n`.repeat(2_000)).subarray(0, 60), { wrong: 1, problems: [{ code: 'broken-gzip' }] }],
  ];

  it.each(FILES)('%s: told by line with a cure, and the rest is imported', async (name, content, expected) => {
    const { code, json, stderr } = await terminal.json(['import', 'listings', terminal.file(`${name}.jsonl`, content)]);
    const found = json as { wrong: number; problems: readonly { line: number; cure: string }[] };
    expect(json).toMatchObject({ kind: 'listings', ...expected });
    expect(code).toBe(found.wrong > 0 ? 1 : 0);
    for (const problem of found.problems) {
      expect(stderr).toContain(`line ${problem.line}: `);
      expect(problem.cure).not.toBe('');
    }
  });

  it('an answer file with a wrong line is fed for the rest', async () => {
    const file = terminal.file(
      'answers.csv',
      'listing_id,holder,verdict,reason_code\nx:1,org-velorix,maybe,checked\nx:2,org-velorix,genuine,checked\n',
    );
    const { code, json, stderr } = await terminal.json(['answer', file]);
    expect([code, json]).toEqual([1, { sent: 0, refused: 1, pending: 0, wrong: 1 }]);
    expect(stderr).toMatch(/line 2: verdict: "maybe" is not one of[\s\S]*line 3: There is no such case for you/);
  });
});

describe('an import that is killed', () => {
  it('is completed by the next one, with the result of an import that was not', async () => {
    const lines = Array.from({ length: 6_000 }, (_, n) => line(`k:${n}`));
    const file = terminal.file('many.jsonl', `${lines.join('\n')}\n`);
    const child = start('cli/main.ts', ['--data', terminal.data, 'import', 'listings', file]);
    const over = runToEnd(child);
    await until(async () => (await count('listing', 'k:%')) > 0, 'the first batch');
    child.kill('SIGKILL');
    await over;
    const stored = await count('listing', 'k:%');
    expect(stored % 500).toBe(0);
    expect(stored).toBeLessThan(6_000);
    expect(await terminal.json(['import', 'listings', file])).toMatchObject({ code: 0, json: { imported: 6_000, wrong: 0 } });
    expect(await count('listing', 'k:%')).toBe(6_000);
  });
});

interface Line {
  readonly id: string;
  readonly holder: string;
}

describe('messages', () => {
  let own: Line;
  let second: Line;
  const verdict = (id: string, as: string, ...more: readonly string[]) => [
    'verdict',
    id,
    'counterfeit',
    '--reason-code',
    'packaging',
    '--as',
    as,
    ...more,
  ];

  beforeAll(async () => {
    await terminal.json(['import', 'listings', join(SAMPLES, 'listings.jsonl')]);
    const swept = await terminal.json(['sweep', '--marketplace', 'bazaar']);
    expect(swept).toMatchObject({ code: 0, json: [{ marketplace: 'bazaar', refused: 0 }] });
    const { json } = await terminal.json(['cases']);
    const [first, ...others] = json as readonly Line[];
    const next = others.find(({ holder }) => holder === first?.holder);
    if (first === undefined || next === undefined) throw new Error('too few cases');
    [own, second] = [first, next];
  });

  it('a verdict for an unknown case and for a foreign one are answered alike', async () => {
    const stranger = own.holder === 'org-velorix' ? 'desk:org-quillmark' : 'desk:org-velorix';
    const ids = [own.id, `case:${'0'.repeat(32)}`, 'no id at all'];
    const answers = await Promise.all(ids.map((id) => terminal.json(verdict(id, stranger, '--message-id', 'alike'))));
    expect(answers[0]).toMatchObject({ code: 1, json: { kind: 'not-accepted', code: 'unknown-case' } });
    for (const other of answers) expect([other.code, other.json, other.stderr]).toEqual([answers[0]?.code, answers[0]?.json, answers[0]?.stderr]);
    expect(await count('inbox', 'alike')).toBe(0);
  });

  it('an answer file with two verdicts for one case: both lines are told, neither is sent', async () => {
    const [{ listing }] = (await terminal.json(['cases', '--holder', own.holder])).json as readonly [{ readonly listing: string }];
    const rows = [`${listing},${own.holder},counterfeit,packaging`, `${listing},${own.holder},genuine,checked`];
    const before = await count('inbox', 'answer:%');
    const { code, json, stderr } = await terminal.json([
      'answer',
      terminal.file('torn.csv', `listing_id,holder,verdict,reason_code\n${rows.join('\n')}\n`),
    ]);
    expect([code, json]).toEqual([1, { sent: 0, refused: 0, pending: 0, wrong: 2 }]);
    expect(stderr).toMatch(/^lines 2 and 3: the case about .* is answered counterfeit \(line 2\), genuine \(line 3\), and none of them is sent/m);
    expect(await count('inbox', 'answer:%')).toBe(before);
  });

  it('a message id that is too long is wrong usage', async () => {
    expect(await terminal.json(verdict(own.id, `desk:${own.holder}`, '--message-id', 'x'.repeat(300)))).toMatchObject({
      code: 2,
      json: { error: { code: 'wrong-message-id' } },
    });
  });

  it('while Temporal stands still a verdict is accepted and pending, doctor says so; afterwards it is decided', async () => {
    const server = terminal.temporal();
    process.kill(server, 'SIGSTOP');
    try {
      const [doctor, sent] = await Promise.all([
        terminal.json(['doctor']),
        terminal.json(verdict(own.id, `desk:${own.holder}`, '--message-id', 'meanwhile')),
      ]);
      expect(sent).toMatchObject({ code: 0, json: { kind: 'pending', messageId: 'meanwhile' } });
      expect(doctor.code).toBe(1);
      const { findings } = doctor.json as { findings: readonly { part: string; ok: boolean; cure?: string }[] };
      expect(findings.filter(({ ok }) => !ok)).toMatchObject([
        { part: 'temporal', cure: expect.stringContaining('Messages are accepted meanwhile') },
        { part: 'worker', cure: expect.any(String) },
      ]);
      expect(findings.find(({ part }) => part === 'postgres')?.ok).toBe(true);
    } finally {
      process.kill(server, 'SIGCONT');
    }
    await until(
      async () => (await database.query("select from inbox where id = 'meanwhile' and answer is not null")).rowCount === 1,
      'the verdict to be decided',
      45_000,
    );
    expect(await terminal.json(verdict(own.id, `desk:${own.holder}`, '--message-id', 'meanwhile'))).toMatchObject({
      code: 0,
      json: { kind: 'done', n: 2 },
    });
  });

  it('with a wrong address of Temporal a verdict is accepted all the same, and the dispatcher sees to it', async () => {
    const away = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const sent = await terminal.json(verdict(second.id, `desk:${second.holder}`, '--message-id', 'astray'), away);
    expect(sent).toMatchObject({ code: 0, json: { kind: expect.stringMatching(/done|pending/) } });
    await until(
      async () => (await database.query("select from inbox where id = 'astray' and answer is not null")).rowCount === 1,
      'the verdict to be decided',
      45_000,
    );
  });
});

describe('what status and doctor say of what went wrong', () => {
  interface Found {
    readonly findings: readonly { readonly part: string; readonly ok: boolean; readonly what: string; readonly cure?: string }[];
    readonly revived?: number;
  }
  const wrongOf = (json: unknown) => (json as Found).findings.filter(({ ok }) => !ok);

  it('a terminated workflow: an open case that nothing drives, with the cure, which works', async () => {
    const { json } = await terminal.json(['cases', '--status', 'awaiting-confirmation', '--limit', '1']);
    const [{ id }] = json as readonly [Line];
    // What was opened a moment ago may still wait for its start.
    await database.query("update aggregate set opened_at = '2025-01-01T00:00:00.000Z' where id = $1", [id]);
    expect((await terminal.json(['status'])).json).toMatchObject({ undriven: 0, faults: 0 });
    const stack = readStack(terminal.data);
    if (stack.state !== 'running' || stack.addresses.temporal === undefined) throw new Error('the stack does not run');
    const temporal = temporalClient({ address: stack.addresses.temporal, namespace: 'interdict' });
    await temporal.workflow.getHandle(id).terminate('for the test');
    await temporal.connection.close();
    expect((await terminal.json(['status'])).json).toMatchObject({ undriven: 1 });
    const found = await terminal.json(['doctor']);
    expect(found.code).toBe(1);
    expect(wrongOf(found.json)).toMatchObject([
      {
        part: 'workflows',
        what: expect.stringMatching(new RegExp(`^no workflow drives 1 of \\d+ open cases.*${id}`)),
        cure: expect.stringContaining('doctor --revive'),
      },
    ]);
    const revived = await terminal.json(['doctor', '--revive']);
    expect([revived.code, wrongOf(revived.json), (revived.json as Found).revived]).toEqual([0, [], 1]);
    expect((await terminal.json(['status'])).json).toMatchObject({ undriven: 0 });
  });

  it('a message that ended in a fault, until its sender is heard', async () => {
    const fault = JSON.stringify({ kind: 'fault', message: 'message meanwhile could not be decided: made up' });
    const { rows } = await database.query<{ answer: unknown }>("select answer from inbox where id = 'meanwhile'");
    await database.query("update inbox set answer = $1 where id = 'meanwhile'", [fault]);
    try {
      expect((await terminal.json(['status'])).json).toMatchObject({ faults: 1 });
      const found = await terminal.run(['doctor']);
      expect(found.code).toBe(1);
      expect(found.stdout).toMatch(/WRONG 1 message .*meanwhile to case:.*made up.*: .*again under a new message id/);
    } finally {
      await database.query("update inbox set answer = $1 where id = 'meanwhile'", [JSON.stringify(rows[0]?.answer)]);
    }
  });
});

describe('every command', () => {
  it('has words without --json, and no JSON', async () => {
    const { code, stdout, stderr } = await terminal.run(['status']);
    expect([code, stdout, stderr]).toEqual([0, expect.stringMatching(/^embedded stack on .*: running\ncases: .*actioned/), '']);
  });

  it.each([
    ['cases', '--status', 'awaiting-confirmation', '--limit', '2'],
    ['appeals'],
    ['policy', 'list'],
    ['policy', 'status'],
    ['policy', 'activate', '--shipped'],
    ['policy', 'check', join(import.meta.dirname, '..', '..', 'policies', 'default.yaml')],
    ['doctor', '--revive'],
  ])('%s: with --json one document, and words on standard error', async (...args) => {
    const { code, json, stderr } = await terminal.json(args);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^$|\w+ \w+/)]);
    expect(json).toBeTypeOf('object');
  });
});

describe('a login that owns its tables', () => {
  it('is refused by the worker and by every command, with the cure', async () => {
    await database.query("create role landlord login password 'x' createrole");
    await database.query('grant interdict_engine, interdict_portal to landlord');
    await database.query('create database landlord owner landlord');
    const address = new URL(terminal.databaseUrl());
    Object.assign(address, { username: 'landlord', password: 'x', pathname: '/landlord' });
    await migrate(address.href);
    const env = { DATABASE_URL: address.href, ENGINE_DATABASE_URL: address.href };
    const worker = await runToEnd(start('worker/main.ts', ['--data', terminal.data], env));
    expect([worker.code, worker.stderr]).toEqual([
      1,
      expect.stringMatching(/interdict worker: The database role landlord owns \d+ tables.*ENGINE_DATABASE_URL/),
    ]);
    const command = await terminal.json(['cases'], env);
    expect(command).toMatchObject({ code: 1, json: { error: { code: 'unsafe-database-role', message: expect.stringContaining('landlord owns') } } });
  });
});
