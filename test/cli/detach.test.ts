import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Terminal } from './support.ts';

const SAMPLES = join(import.meta.dirname, '..', '..', 'samples');
const terminal = new Terminal();
afterAll(() => terminal.close());

interface Told {
  readonly portal: string;
  readonly links: readonly { readonly who: string; readonly role: string; readonly url: string }[];
}

it('a stack that goes on in the background says where it is and hands out the links to sign in', { timeout: 240_000 }, async () => {
  const first = await terminal.json(['up', '--detach', '--no-samples']);
  expect(first.json, first.stderr).toMatchObject({ ready: true, data: terminal.data, portal: expect.stringMatching(/^http:/), links: [] });
  for (const name of ['organisations.jsonl', 'people.jsonl'])
    expect((await terminal.json(['import', name.replace(/\..*/, ''), join(SAMPLES, name)])).json).toMatchObject({ wrong: 0 });
  expect((await terminal.run(['down'])).code).toBe(0);

  const { json, stderr } = await terminal.json(['up', '--detach', '--no-samples']);
  const { links } = json as Told;
  expect(
    links.map(({ role }) => role),
    stderr,
  ).toEqual(expect.arrayContaining(['governance-officer', 'brand-reviewer', 'account-manager', 'compliance-auditor', 'authority-liaison']));
  // They are for whoever started it, not for a file that stays.
  for (const { url } of links) expect(readFileSync(join(terminal.data, 'up.log'), 'utf8')).not.toContain(url);
  for (const { url } of links.slice(0, 2)) expect((await fetch(url)).status).toBe(200);
  expect((await terminal.run(['down'])).code).toBe(0);

  const { stdout } = await terminal.run(['up', '--detach', '--no-samples']);
  expect(stdout).toMatch(/Sign in \(each link works once\):\n(?: {2}\S.* http:\/\/\S+\/sign-in\/\S+\n)+/);
  expect(stdout).toMatch(/interdict -- down/);
  expect(stdout).not.toMatch(/Ctrl-C/);
  expect((await terminal.run(['down'])).code).toBe(0);
});
