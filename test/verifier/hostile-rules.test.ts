import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import inspector from 'node:inspector';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateId } from '../../domain/ids.ts';
import { type HistoryFile, historyText } from '../../domain/history-file.ts';
import { PacketPath, rulesPath } from '../../domain/packet/paths.ts';
import { ledgerText } from '../../domain/packet/texts.ts';
import { type Audit, auditHistory } from '../../verifier/audit.ts';
import { nodeRulebook } from '../../verifier/entry/node-rulebook.ts';
import { verifyPage } from '../../verifier/entry/verify-page.ts';
import { parseHistory } from '../../verifier/parse-history.ts';
import { verifyPacket } from '../../verifier/packet/verify-packet.ts';
import { auditLines, verifiedLines } from '../../verifier/report.ts';
import { aCase, aRegister, build, bytesOf, remadePacket, sourceOf, subjectOf, tempFolder, vaultIn } from '../packet/support.ts';
import { hasBrowser, launch } from '../web/browser.ts';
import { testDatabase } from '../support/database.ts';
import { type Canaries, canaries, hostileRules } from './hostile-rules.ts';
import { withRules } from './support.ts';

/** What ends only at the limit should end soon; what comes to an answer may be slow on a busy machine. */
const LIMITS = { pass: { ms: 20_000, mb: 64 }, stop: { ms: 250, mb: 64 } };
const IN_PAGE = { pass: { ms: 5_000, mb: 64 }, stop: { ms: 500, mb: 64 } };
const OWN_RULES = /^THE FILE'S OWN RULES JUDGED THE FILE: this verifier does not know the rules [0-9a-f]{64}/;
const MAIN = fileURLToPath(new URL('../../verifier/main.ts', import.meta.url));

let watch: Canaries;
let folder: Awaited<ReturnType<typeof tempFolder>>;
let history: HistoryFile;
let packetWith: (text: string) => Promise<Buffer>;

beforeAll(async () => {
  watch = await canaries();
  folder = await tempFolder();
  const db = await testDatabase();
  await aRegister(db);
  const vault = vaultIn(folder.dir);
  const { id } = await aCase(db, vault, 'm:1');
  const subject = await subjectOf(db, [id as AggregateId]);
  const [one] = subject.cases;
  if (one === undefined) throw new Error('no case');
  history = parseHistory(historyText(one.history));
  const whole = await bytesOf(await build(vault, subject));
  packetWith = (text) => packetOf(whole, text);
  await db.close();
});
/** The same packet as if these rules had decided its case. */
async function packetOf(whole: Buffer, text: string): Promise<Buffer> {
  return remadePacket(whole, (files) => {
    const path = [...files.keys()].find((name) => name.startsWith(PacketPath.cases)) ?? '';
    const was = parseHistory(files.get(path)?.toString() ?? '');
    const now = withRules(was, text);
    files.set(path, Buffer.from(historyText(now)));
    for (const digest of Object.keys(was.rules)) files.delete(rulesPath(digest));
    for (const digest of Object.keys(now.rules)) files.set(rulesPath(digest), Buffer.from(text));
    files.set(PacketPath.ledger, Buffer.from(ledgerText([now])));
    const summary = files.get(PacketPath.summary)?.toString() ?? '';
    files.set(PacketPath.summary, Buffer.from(summary.replace(was.seal?.root ?? '', now.seal?.root ?? '')));
  });
}

afterAll(async () => {
  await watch?.close();
  await folder?.remove();
});

const RULES = hostileRules({ dir: 'DIR', port: 1 }).map(([name, ends]) => [name, ends] as const);

function textOf(name: string): string {
  return hostileRules(watch).find(([each]) => each === name)?.[2] ?? '';
}

/** What holds whatever the text does: nothing outside moved, and no report says that anything was proved. */
async function expectNothingMoved(lines: readonly string[]): Promise<void> {
  expect(await watch.moved()).toEqual([]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what rules say must not reach the terminal as it is
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u202e]/);
}

describe('rules from anybody, more than forty kinds', () => {
  it('are at least forty', () => {
    expect(RULES.length).toBeGreaterThanOrEqual(40);
  });

  it.each(RULES)('%s: replay', async (name, ends) => {
    const audit: Audit = await auditHistory(withRules(history, textOf(name)), await nodeRulebook({ unknownRules: true, limits: LIMITS[ends] }));
    const lines = auditLines(audit);
    await expectNothingMoved(lines);
    expect(audit.unknownRules).toHaveLength(1);
    expect(audit.broken === null).toBe(ends === 'pass');
    expect([lines.at(0), lines.at(-1)]).toEqual([expect.stringMatching(OWN_RULES), expect.stringMatching(OWN_RULES)]);
  });

  it.each(RULES)('%s: the check of a packet', async (name, ends) => {
    const verified = await verifyPacket(sourceOf(await packetWith(textOf(name))), await nodeRulebook({ unknownRules: true, limits: LIMITS[ends] }));
    const lines = verifiedLines(verified);
    await expectNothingMoved(lines);
    expect(verified.checks.every(({ ok }) => ok)).toBe(ends === 'pass');
    expect([lines.at(0), lines.at(-1)]).toEqual([expect.stringMatching(OWN_RULES), expect.stringMatching(OWN_RULES)]);
  });

  it('are not run at all unless that is asked for', async () => {
    const known = await nodeRulebook();
    const audit = await auditHistory(withRules(history, textOf('the global object')), known);
    expect(audit.decisions.every(({ undecided }) => undecided === true)).toBe(true);
    expect(audit.broken?.what).toContain('--unknown-rules');
    expect(auditLines(audit).join('\n')).not.toMatch(/SAME|OWN RULES JUDGED/);
    const verified = await verifyPacket(sourceOf(await packetWith(textOf('the global object'))), known);
    expect(verified.checks.find(({ ok }) => !ok)?.what).toContain('--unknown-rules');
    expect(verifiedLines(verified).join('\n')).not.toMatch(/OWN RULES JUDGED/);
  });

  it('do move the canaries where a text runs as ordinary code: the canaries can move', async () => {
    const own = await canaries();
    const text = hostileRules(own).find(([name]) => name === 'the global object')?.[2] ?? '';
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', text], { env: {} }).catch(() => {});
    expect((await own.moved()).join(' ')).toMatch(/child file/);
    inspector.close();
    await own.close();
  });

  it('whose own words overflow, as a whole process: the exit code, the report and the canaries', async () => {
    const path = join(folder.dir, 'hostile.json');
    await writeFile(path, historyText(withRules(history, textOf('deep recursion while an error is formatted'))));
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [MAIN, ...args], { env: {} }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
      );
    const asked = await run('replay', path, '--unknown-rules');
    expect(asked).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^THE FILE'S OWN RULES[\s\S]*NOT PROVED[\s\S]*\nTHE FILE'S OWN RULES[^\n]*\n$/),
    });
    const refused = await run('replay', path);
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/NOT DECIDED AGAIN [\s\S]*--unknown-rules/) });
    expect(await watch.moved()).toEqual([]);
  });
});

describe.skipIf(!hasBrowser())('rules from anybody, in the page that checks a file', () => {
  let browser: Browser;
  let pages: Readonly<Record<keyof typeof IN_PAGE, Page>>;
  const requests: string[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    browser = await launch();
    pages = { pass: await pageWith('pass'), stop: await pageWith('stop') };
  });
  afterAll(() => browser?.close());

  async function pageWith(ends: keyof typeof IN_PAGE): Promise<Page> {
    const html = join(folder.dir, `verify-${ends}.html`);
    await writeFile(html, await verifyPage(IN_PAGE[ends]));
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('popup', () => said.push('popup'));
    await page.goto(`file://${html}`);
    page.on('request', (request) => requests.push(request.url()));
    return page;
  }

  it.each(RULES)('%s', async (name, ends) => {
    const page = pages[ends];
    const text = historyText(withRules(history, textOf(name)));
    await page.setInputFiles('input[type=file]', { name: 'case.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: 'Let the rules in the file judge it' }).click();
    const judge = page.getByText("The file's own rules judged the file", { exact: false });
    await judge.first().waitFor();
    expect(await judge.count()).toBe(2);
    const head = await page.locator('#main > div > p').nth(1).textContent();
    expect(head?.startsWith('Nothing is broken')).toBe(ends === 'pass');
    expect(await watch.moved()).toEqual([]);
    // The worker is an address that the page itself made.
    expect(requests.filter((url) => !url.startsWith('blob:'))).toEqual([]);
    expect(said).toEqual([]);
    expect([await page.title(), await page.evaluate('Object.keys(localStorage).length')]).toEqual([expect.stringContaining('Check an exported'), 0]);
  });
});
