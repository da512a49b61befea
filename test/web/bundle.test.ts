import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandForms } from '../../commands/forms.ts';
import { MAIL_KINDS } from '../../notifications/write.ts';
import { Capacity } from '../../domain/aggregate.ts';
import { AppealStatus } from '../../domain/appeal/model.ts';
import { CaseStatus, Verdict, VerdictBasis } from '../../domain/case/model.ts';
import { AggregateKind } from '../../domain/ids.ts';
import { ReferralStatus } from '../../domain/referral/model.ts';
import { SanctionStatus } from '../../domain/sanction/model.ts';
import { OutboxState } from '../../store/schema/entities/outbox.ts';
import { INTERNAL_MESSAGES } from '../../store/outbox/messages.ts';
import en from '../../web/words/en.json' with { type: 'json' };
import zh from '../../web/words/zh.json' with { type: 'json' };
import { builtPages } from './browser.ts';

const WEB = join(import.meta.dirname, '../../web');
/** Made up: two seconds on a line of 1 Mbit/s. */
const MOST_FIRST_LOAD = 200 * 1024;

describe('the built pages', () => {
  let pages: string;
  beforeAll(async () => {
    pages = await builtPages();
  });
  const size = (path: string) => gzipSync(readFileSync(path), { level: 9 }).length;

  it('the first load stays small, without charts and without the server’s validator', () => {
    const html = readFileSync(join(pages, 'index.html'), 'utf8');
    const named = [...html.matchAll(/\/assets\/([\w.-]+\.(?:js|css))/g)].map(([, name]) => name ?? '');
    const language = readdirSync(join(pages, 'assets')).filter((name) => /^en-.*\.js$/.test(name));
    expect(language).toHaveLength(2);
    const files = [...new Set(named), ...language];
    const bytes = files.reduce((sum, name) => sum + size(join(pages, 'assets', name)), 0);
    process.stdout.write(`first load: ${(bytes / 1024).toFixed(0)} KiB gzip in ${files.length} files\n`);
    expect(bytes).toBeLessThan(MOST_FIRST_LOAD);
    expect(bytes).toBeGreaterThan(50 * 1024);
    for (const name of files) expect(readFileSync(join(pages, 'assets', name), 'utf8'), name).not.toMatch(/ZodError|recharts-wrapper|jsxDEV/);
  });

  it('holds no script of its own in the page, so that the policy can refuse all of them', () => {
    const html = readFileSync(join(pages, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style|style=/);
  });
});

describe('the texts', () => {
  const files = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const code = files.map((name) => readFileSync(join(WEB, name), 'utf8')).join('\n');

  it('are there in every language, with the same values to put in', () => {
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    const values = (text: string) =>
      [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name).filter((name) => name !== undefined && /^[a-z]/.test(name)))].sort();
    const english: Readonly<Record<string, string>> = en;
    const names = (text: string) => values(text).filter((name) => new RegExp(`\\{${name}[,}]`).test(text));
    for (const [key, text] of Object.entries(zh)) for (const name of names(text)) expect(names(english[key] ?? ''), key).toContain(name);
  });

  it('are all used: by key, or as names that the server gives', () => {
    const asked = Object.values(commandForms()).flatMap(({ fields }) => fields.map(({ family = '' }) => family));
    const families = new Set([...asked, ...[...code.matchAll(/named\('(\w+)'/g)].map(([, one]) => one ?? '')]);
    const built = [...code.matchAll(/t\(`([\w.]+)\$\{/g)].map(([, prefix]) => prefix ?? '');
    const unused = Object.keys(en).filter(
      (key) => !code.includes(`'${key}'`) && !families.has(key.split('.')[0] ?? '') && !built.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });

  const NAMES: readonly (readonly [family: string, names: readonly string[]])[] = [
    ['status', [CaseStatus, AppealStatus, SanctionStatus, ReferralStatus].flatMap((all) => Object.values(all)).filter((name) => name !== 'none')],
    ['letterState', Object.values(OutboxState)],
    ['letter', [...MAIL_KINDS, ...INTERNAL_MESSAGES]],
    ['verdict', Object.values(Verdict)],
    ['basis', Object.values(VerdictBasis)],
    ['capacity', Object.values(Capacity)],
    ['kind', Object.values(AggregateKind)],
  ];
  it.each(NAMES)('name every %s that the server gives', (family, names) => {
    for (const texts of [en, zh]) expect(names.filter((name) => !Object.hasOwn(texts, `${family}.${name}`))).toEqual([]);
  });

  it('take from the server nothing but types', () => {
    const imports = [...code.matchAll(/^import (.*?) from '(.*?)';$/gm)].filter(([, , from]) => /\/api\/schemas\//.test(from ?? ''));
    expect(imports.length).toBeGreaterThan(5);
    for (const [line, what] of imports) expect(what, line).toMatch(/^type /);
  });
});
