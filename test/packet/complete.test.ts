import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runsOf } from '../../adapters/packet/runs.ts';
import type { VaultPort } from '../../adapters/ports.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { instant } from '../../domain/instant.ts';
import { type CoverDocument, coverOf } from '../../domain/packet/cover.ts';
import { type Cover, Language, type PacketFacts } from '../../domain/packet/facts.ts';
import { missingFrom } from '../../domain/packet/missing.ts';
import { type PacketItem, profileOf } from '../../domain/packet/profile.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { aCase, aRegister, build, bytesOf, HOLDER, subjectOf, tempFolder, vaultIn, verify } from './support.ts';

let db: TestDatabase;
let folder: Awaited<ReturnType<typeof tempFolder>>;
let vault: VaultPort;
let id: AggregateId;
let whole: Cover;

const at = instant('2025-11-01T10:00:00Z');

beforeAll(async () => {
  db = await testDatabase();
  folder = await tempFolder();
  vault = vaultIn(folder.dir);
  await aRegister(db);
  ({ id } = await aCase(db, vault, 'm:1'));
  const [certificate, report] = [await vault.put(Buffer.from('certificate')), await vault.put(Buffer.from('%PDF-1.7 report'))];
  whole = {
    recipient: { name: '上海市公安局 / LKA', language: Language.zh, jurisdiction: ['DE', 'CN'] },
    legalBasis: 'Voluntary; the marketplace may report suspected crimes.',
    brands: [
      {
        holder: HOLDER,
        contact: { name: 'Jo Weber', mail: 'jo@lumora.test', phone: '+49 30 1' },
        appraisal: { text: 'Not made by us: the crown is cast, not milled.', at },
        priceStatement: { text: 'The genuine watch is sold at 4,900 EUR.', at },
      },
    ],
    documents: [
      { kind: 'certificate', digest: certificate, title: 'Registration 017', about: 'LUM-1' },
      { kind: 'examination', digest: report, title: 'Report 7', about: 'E-1' },
    ],
    exhibits: [
      {
        id: 'E-1',
        case: id,
        what: 'watch in a box',
        source: 'test purchase, order 7',
        custody: [{ at, what: 'received', to: 'inspection agency', check: 'seal 12 whole' }],
      },
    ],
  };
});
afterAll(async () => {
  await folder?.remove();
  await db?.close();
});

describe('a packet with everything that the police expect', () => {
  it('lacks nothing, has its documents, and verifies', async () => {
    const built = await build(vault, await subjectOf(db, [id], whole));
    expect(built.missing).toEqual([]);
    const bytes = await bytesOf(built);
    expect((await verify(bytes)).broken).toBeUndefined();
    expect(built.packet?.files.map(({ path }) => path)).toEqual(expect.arrayContaining(['data/cover.en.pdf', 'data/cover.zh-CN.pdf']));
    // A file without a name is called after how it begins.
    const documents = built.packet?.files.flatMap(({ path }) => /documents\/\w+\.(\w+)$/.exec(path)?.[1] ?? []);
    expect(documents?.sort()).toEqual(['bin', 'pdf']);
    for (const text of ['"complete": true', 'E-1: watch in a box', 'seal 12 whole', 'certificate']) expect(bytes.includes(text)).toBe(true);
  });

  type Without = readonly [item: PacketItem, change: (cover: Cover) => Cover];
  const without: readonly Without[] = [
    ['recipient', ({ recipient: _, ...rest }) => rest],
    ['legal-basis', ({ legalBasis: _, ...rest }) => rest],
    ['certificate', (cover) => ({ ...cover, documents: cover.documents.slice(1) })],
    ['examination', (cover) => ({ ...cover, documents: cover.documents.slice(0, 1) })],
    ['contact', (cover) => ({ ...cover, brands: cover.brands.map(({ contact: _, ...rest }) => rest) })],
    ['appraisal', (cover) => ({ ...cover, brands: cover.brands.map(({ appraisal: _, ...rest }) => rest) })],
    ['price-statement', (cover) => ({ ...cover, brands: cover.brands.map(({ priceStatement: _, ...rest }) => rest) })],
  ];
  it.each(without)('without its %s: exactly that is missing, with a cure', async (item, change) => {
    const { missing, packet } = await build(vault, await subjectOf(db, [id], change(whole)));
    expect(missing).toEqual([
      expect.objectContaining({ item, refuses: false, what: expect.stringMatching(/./), cure: expect.stringMatching(/\.$/) }),
    ]);
    expect(packet).toBeDefined();
  });

  it('says the same in every language, with nothing left to fill in', async () => {
    const subject = await subjectOf(db, [id], whole);
    const facts: PacketFacts = { ...subject, captures: new Map(), vault: new Map() };
    const profile = profileOf('police');
    const missing = profile === undefined ? [] : missingFrom({ ...facts, cover: { brands: [], documents: [], exhibits: [] } }, profile, []);
    expect(missing.length).toBeGreaterThan(8);
    const covers = Object.values(Language).map((language) =>
      coverOf({ facts, missing, discloses: ['seller'], withheld: ['person', 'note', 'unheard-of'], asOf: at }, language),
    );
    const shape = ({ sections }: CoverDocument) => sections.map(({ blocks }) => blocks.map((block) => ('rows' in block ? block.rows.length : 0)));
    for (const cover of covers) {
      expect(shape(cover)).toEqual(shape(covers[0] as CoverDocument));
      expect(JSON.stringify(cover).replace(cover.footer, '')).not.toMatch(/\{\w+\}"?[^,:\]}]/);
      expect(cover.footer).toMatch(/\{page\}.*\{pages\}/);
    }
    expect(new Set(covers.map(({ title }) => title)).size).toBe(covers.length);
  });
});

describe('text of a cover', () => {
  it('is set in the font that has each character; what none has is named, never lost', () => {
    const text = (runs: ReturnType<typeof runsOf>) => runs.map((run) => run.text).join('|');
    expect(runsOf('Uhr ő Ω Ж', ['latin', 'chinese'], 'regular')).toEqual([{ font: 'latin-regular', text: 'Uhr ő Ω Ж' }]);
    expect(text(runsOf('Uhr 手表 1:1', ['latin', 'chinese'], 'bold'))).toBe('Uhr |手表 |1:1');
    expect(text(runsOf('a\u202eb\u0000\n😀c', ['latin', 'chinese'], 'regular'))).toBe('a b [U+1F600]c');
  });
});
