import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Terminal } from './support.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
const terminal = new Terminal();
afterAll(() => rmSync(join(terminal.data, '..'), { recursive: true, force: true }));

const NOBODY = ['--as', 'x'];
const WRONG: [words: RegExp, ...args: string[]][] = [
  [/unknown command 'frobnicate'/, 'frobnicate'],
  [/unknown option '--nope'/, 'cases', '--nope'],
  [/missing required argument 'file'/, 'import', 'listings'],
  [/kind: "gossip" is not one of listings, rights, organisations/, 'import', 'gossip', 'x.csv'],
  [/no such file.*nowhere\.csv.*Check the path/, 'import', 'listings', 'nowhere.csv'],
  [/"soon" is not a valid instant.*2025-10-01T09:00:00Z/, 'cases', '--due-before', 'soon'],
  [/--limit: "many" is not a whole number/, 'cases', '--limit', 'many'],
  [/--limit: "many" is not a whole number/, 'returns', '--limit', 'many'],
  [/verdict: "fake" is not one of counterfeit, genuine/, 'verdict', 'case:1', 'fake', '--reason-code', 'x', ...NOBODY],
  [/by its id, or by --listing and --holder/, 'verdict', 'genuine', '--reason-code', 'x', ...NOBODY],
  [/required option '--as <who>' not specified/, 'cancel', 'case:1'],
  [/"a while" is not a valid duration.*working-hours/, 'extend', 'case:1', '--by', 'a while', ...NOBODY],
  [/--port: "80" is not a port/, 'up', '--detach', '--port', '80'],
  [/nothing says under which address.*INTERDICT_ORIGIN/, 'portal', '--host', '0.0.0.0'],
  [/There is no benchmark "x"/, 'bench', 'x'],
  [/no such file/, 'policy', 'check', 'nowhere.yaml'],
  [/no such file/, 'verify', 'nowhere.json'],
];

describe('wrong usage', () => {
  it.each(WRONG)('%s: exit 2, one JSON document, words on standard error', async (words: RegExp, ...args: string[]) => {
    const { code, json, stderr } = await terminal.json(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
    expect(json).toMatchObject({ error: expect.anything() });
  });

  it('says the same without --json, and keeps standard output empty', async () => {
    const { code, stdout, stderr } = await terminal.run(['frobnicate']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/unknown command 'frobnicate'\n\(add --help for the options\)/);
  });

  it('names every wrong setting at once', async () => {
    const { code, json } = await terminal.json(['cases'], { DATABASE_URL: 'mysql://x', INTERDICT_PORT: 'x', SMTP_URL: 'nonsense' });
    expect(code).toBe(2);
    for (const name of ['DATABASE_URL', 'INTERDICT_PORT', 'SMTP_URL'])
      expect(json).toMatchObject({ error: { code: 'wrong-settings', message: expect.stringContaining(name) } });
  });

  it('help is done, and with --json leaves standard output to one document', async () => {
    const words = await terminal.run(['--help']);
    expect([words.code, words.stdout]).toEqual([0, expect.stringMatching(/Usage: interdict[\s\S]*verdict[\s\S]*replay/)]);
    const { code, stderr } = await terminal.json(['verdict', '--help']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('--reason-code')]);
  });

  it('a reader that goes away (`| head`) is no fault', async () => {
    const due = [
      'calendar',
      'due',
      '--unit',
      'working-days',
      '--n',
      '3',
      '--from',
      '2025-09-30T02:00:00Z',
      '--country',
      'CN',
      '--zone',
      'Asia/Shanghai',
    ];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...due], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const said: string[] = [];
    child.stderr.on('data', (piece) => said.push(String(piece)));
    const [code] = await once(child, 'close');
    expect([code, said.join('')]).toEqual([0, '']);
  });

  it('an impossible clock in a policy is refused with its path and a cure', async () => {
    const shipped = await readFile(join(import.meta.dirname, '..', '..', 'policies', 'default.yaml'), 'utf8');
    const file = terminal.file('impossible.yaml', shipped.replace(/09:00-18:00/, '18:00-09:00'));
    for (const act of ['check', 'activate']) {
      const { code, json } = await terminal.json(['policy', act, file]);
      expect(code).toBe(2);
      expect(json).toMatchObject({
        error: { code: 'wrong-policy', message: expect.stringMatching(/impossible\.yaml[\s\S]*confirmation\.defaultHours[\s\S]*:.*;/) },
      });
    }
  });
});

describe('nothing running', () => {
  const id = `case:${'0'.repeat(32)}`;
  it.each([
    ['cases'],
    ['status'],
    ['sweep'],
    ['verdict', id, 'genuine', '--reason-code', 'checked', ...NOBODY],
    ['import', 'listings', join(import.meta.dirname, '..', '..', 'samples', 'listings.jsonl')],
    ['replay', id],
    ['history', 'export', id, '--out', 'x.json'],
  ])('%s: exit 3 and how to start it', async (...args) => {
    const { code, json, stderr } = await terminal.json(args);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/Nothing runs on/)]);
    expect(json).toMatchObject({ error: expect.anything() });
  });

  it('doctor finds it, down has nothing to do', async () => {
    expect(await terminal.json(['doctor'])).toMatchObject({
      code: 1,
      json: { findings: [expect.anything(), { part: 'configuration', ok: false, cure: expect.stringContaining('npm start') }] },
    });
    expect(await terminal.json(['down'])).toMatchObject({ code: 0, json: { ended: 'not-running' } });
  });

  it('a server that does not answer is told with its address', async () => {
    const away = {
      DATABASE_URL: 'postgres://a:secret@127.0.0.1:1/x',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MARKETPLACE_URL: 'http://127.0.0.1:1',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    };
    const { code, json, stderr } = await terminal.json(['cases'], away);
    expect(code).toBe(3);
    expect(json).toMatchObject({ error: { code: 'not-reachable', message: expect.stringContaining('127.0.0.1:1') } });
    expect(stderr).not.toContain('secret');
  });
});
