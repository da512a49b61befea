import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fieldsByHand, schemaByHand } from '../../commands/by-hand.ts';
import { BY_THE_ENGINE, CATALOGUE, COMMANDS } from '../../commands/catalogue.ts';
import { bodySchema, contentOf, describedAs, nameByHand, partsOf, sampleBody } from '../../commands/command.ts';
import { commandForms } from '../../commands/forms.ts';
import { readMoney } from '../../domain/money.ts';
import { commandsPage } from '../../scripts/write-commands.ts';
import en from '../../web/words/en.json' with { type: 'json' };
import zh from '../../web/words/zh.json' with { type: 'json' };

const LANGUAGES = { en, zh };
const NAMED = CATALOGUE.map((command) => [command.name, command] as const);
const twice = (all: readonly string[]) => all.filter((one, index) => all.indexOf(one) !== index);

describe('the catalogue', () => {
  it('names every address, command line and step once', () => {
    const ways = CATALOGUE.flatMap(({ byHand }) => byHand);
    expect(twice(CATALOGUE.map(({ path }) => path))).toEqual([]);
    expect(twice(ways.map(({ cli }) => cli))).toEqual([]);
    expect(twice(ways.flatMap(({ steps }) => steps))).toEqual([]);
    for (const [kind, { name }] of Object.entries(COMMANDS)) expect(partsOf(name)[1]).toBe(kind);
  });

  it.each(NAMED)('%s: every field says what it is, and the sample is valid', (_, command) => {
    for (const [name, field] of Object.entries(command.fields)) expect([name, describedAs(field)]).toEqual([name, expect.stringMatching(/\S/)]);
    const body = sampleBody(command);
    expect(bodySchema(command).parse(body)).toEqual(body);
    const { clear, personal } = contentOf(command, body);
    expect(clear.kind).toBe(partsOf(command.name)[1]);
    const kept = Object.entries(command.fields).filter(([name, field]) => field.personal === true && Object.hasOwn(body, name));
    expect(Object.keys(personal)).toEqual(kept.map(([name, field]) => field.as ?? name));
    for (const name of Object.keys(personal)) expect(Object.keys(clear)).not.toContain(name);
  });

  it.each(NAMED)('%s: what a way by hand names is one of its fields', (_, command) => {
    for (const way of command.byHand) {
      const fields = Object.keys(fieldsByHand(command, way));
      for (const name of [...(way.positional ?? []), ...Object.keys(way.options ?? {}), ...Object.keys(way.names ?? {})])
        expect(fields).toContain(name);
      expect(twice(fields.map((name) => nameByHand(way, name)))).toEqual([]);
      for (const name of Object.keys(way.fixed ?? {})) expect(Object.keys(command.fields)).toContain(name);
    }
  });

  it('a body with anything else in it is refused by place', () => {
    const read = bodySchema(COMMANDS.liftSanction).safeParse({ reason: 'ok', colour: 'red' });
    expect(read.error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['colour'] }]);
    expect(() => contentOf(COMMANDS.recordReceipt, { reference: ' ' })).toThrow(/is empty/);
  });
});

describe('what people write by hand', () => {
  const read = (field: Parameters<typeof schemaByHand>[0] | undefined, written: unknown) =>
    field === undefined ? undefined : schemaByHand(field).safeParse(written);

  it('an amount of money is the one that the domain reads, and the log keeps it in the smallest unit', () => {
    const { price } = COMMANDS.orderTestPurchase.fields;
    for (const words of ['CNY 1,200.00', '1.200,50 EUR', 'JPY 500', 'KWD 1.250']) {
      const body = { exhibit: 'E-1', order: '1', price: read(price, words)?.data };
      expect(contentOf(COMMANDS.orderTestPurchase, body).clear['price']).toEqual(readMoney(words));
    }
    expect(read(price, 'twelve')?.error?.issues[0]?.message).toMatch(/is not a valid amount of money/);
  });

  it('durations, goods and amounts with their source are read; what is none says what to write', () => {
    expect(read(COMMANDS.extendWindow.fields.length, '8 working-hours')?.data).toEqual({ n: 8, unit: 'working-hours' });
    expect(read(COMMANDS.extendWindow.fields.length, '8 moons')?.error?.issues[0]?.message).toMatch(/write a number and one of minutes/);
    const { goods, values } = COMMANDS.recordAuthorityAction.fields;
    expect(read(goods, ['125 watches'])?.data).toEqual([{ what: 'watches', quantity: 125 }]);
    expect(read(goods, ['watches'])?.error?.issues[0]?.message).toMatch(/125 watches/);
    expect(read(values, ['CNY 2,000,000=press release'])?.data).toEqual([
      { value: { amount: '2000000.00', currency: 'CNY' }, source: 'press release' },
    ]);
    expect(read(values, ['CNY 2,000,000'])?.error?.issues[0]?.message).toMatch(/with its source/);
  });
});

describe('what follows from the catalogue', () => {
  it('docs/commands.md is its page (node scripts/write-commands.ts)', () => {
    expect(readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8')).toBe(commandsPage());
  });

  it.each(Object.entries(LANGUAGES))('%s names every button and every field of a form', (_, texts) => {
    const forms = commandForms();
    const buttons = CATALOGUE.filter(({ hasForm, fields }) => hasForm && !Object.values(fields).some(({ isButton }) => isButton === true));
    const asked = CATALOGUE.filter(({ hasForm }) => hasForm).flatMap(({ name }) => forms[partsOf(name)[1]]?.fields ?? []);
    const values = asked.flatMap(({ family = '', values: all = [] }) => all.map((value) => `${family}.${value}`));
    const keys = [...buttons.map(({ name }) => `command.${partsOf(name)[1]}`), ...asked.map(({ name }) => `form.${name}`), ...values];
    expect([...new Set(keys)].filter((key) => !Object.hasOwn(texts, key))).toEqual([]);
  });

  it('every text that labels a field labels one that a form has', () => {
    const fields = new Set(Object.values(commandForms()).flatMap((form) => form.fields.map(({ name }) => `form.${name}`)));
    const others = ['form.choose', 'form.stop', 'form.pending'];
    expect(Object.keys(en).filter((key) => key.startsWith('form.') && !fields.has(key) && !others.includes(key))).toEqual([]);
  });

  it('replay has words for every command of the engine', () => {
    for (const summary of Object.values(BY_THE_ENGINE)) expect(summary).toMatch(/^[a-z].*[^.]$/);
  });
});
