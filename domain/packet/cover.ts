import { moneyWords } from '../money.ts';
import type { Instant } from '../instant.ts';
import type { PacketBrand, PacketCase, PacketFacts } from './facts.ts';
import { Language } from './facts.ts';
import type { MissingItem } from './missing.ts';
import { type CaseOutline, outlineOf } from './outline.ts';
import { documentPath, hexOf } from './paths.ts';
import type { DisclosureKind } from './redaction.ts';
import type { CoverWords } from './words/cover-words.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { es } from './words/es.ts';
import { fr } from './words/fr.ts';
import { ptBr } from './words/pt-br.ts';
import { zhCn } from './words/zh-cn.ts';

/** A cover statement as a document of plain text: whoever draws it decides about nothing but looks. */
export interface CoverDocument {
  readonly language: Language;
  readonly title: string;
  /** `{page}` and `{pages}` are left to whoever draws it. */
  readonly footer: string;
  readonly asOf: Instant;
  readonly opening: readonly string[];
  readonly sections: readonly CoverSection[];
}

export interface CoverSection {
  readonly heading: string;
  readonly blocks: readonly CoverBlock[];
}

export type CoverBlock = { readonly text: string } | { readonly title?: string; readonly rows: readonly (readonly [label: string, value: string])[] };

const WORDS: Readonly<Record<Language, CoverWords>> = {
  [Language.en]: en,
  [Language.de]: de,
  [Language.fr]: fr,
  [Language.es]: es,
  [Language.pt]: ptBr,
  [Language.zh]: zhCn,
};

/** What goes on the cover besides the facts. */
export interface CoverInput {
  readonly facts: PacketFacts;
  readonly missing: readonly MissingItem[];
  readonly discloses: readonly DisclosureKind[];
  readonly withheld: readonly DisclosureKind[];
  readonly asOf: Instant;
}

/** The cover statement in a language. Every language says the same, in the same order. */
export function coverOf(input: CoverInput, language: Language): CoverDocument {
  const words = WORDS[language];
  const { facts, asOf } = input;
  const cases = facts.cases.map((one) => ({ ...one, outline: outlineOf(one.history) }));
  const marketplaces = [...new Set(cases.map(({ outline }) => outline.marketplace))].join(', ');
  return {
    language,
    title: words.title,
    footer: fill(words.footer, { subject: facts.id, page: '{page}', pages: '{pages}' }),
    asOf,
    opening: [fill(words.intro, { cases: String(cases.length), marketplace: marketplaces }), words.suspicion],
    sections: [
      recipientSection(input, words),
      sellerSection(input, words),
      rightsSection(cases, words),
      holdersSection(facts, words),
      casesSection(facts, cases, words),
      ...documentSections(facts, words),
      missingSection(input, words),
      ...withheldSection(input, words),
      { heading: words.heading.check, blocks: words.check.map((text) => ({ text })) },
    ],
  };
}

type Row = readonly [label: string, value: string];

function recipientSection({ facts, asOf }: CoverInput, { heading, label, notStated }: CoverWords): CoverSection {
  const { recipient, legalBasis } = facts.cover;
  const rows: readonly Row[] = [
    [label.recipient, recipient?.name ?? notStated],
    ...(recipient === undefined ? [] : [[label.jurisdiction, recipient.jurisdiction.join(', ')] as const]),
    [label.legalBasis, legalBasis ?? notStated],
    [label.reference, facts.id],
    [label.asOf, instantWords(asOf)],
  ];
  return { heading: heading.recipient, blocks: [{ rows }] };
}

function sellerSection({ facts, discloses }: CoverInput, { heading, label, withheld, notStated }: CoverWords): CoverSection {
  if (!discloses.includes('seller')) return { heading: heading.seller, blocks: [{ text: withheld }] };
  const known = new Map(facts.cases.flatMap(({ seller }) => (seller === undefined ? [] : [[seller.account, seller]])));
  const blocks = [...known.values()].map(({ account, name, mail, market }): CoverBlock => {
    const rows = [[label.account, account], optional(label.name, name), optional(label.mail, mail), optional(label.market, market)];
    return { rows: rows.filter((row): row is Row => row !== undefined) };
  });
  return { heading: heading.seller, blocks: blocks.length === 0 ? [{ text: notStated }] : blocks };
}

type OutlinedCase = PacketCase & { readonly outline: CaseOutline };

function rightsSection(cases: readonly OutlinedCase[], { heading, label, notStated }: CoverWords): CoverSection {
  const rights = new Map(cases.flatMap(({ rights: all }) => all.map((right) => [right.id, right])));
  const blocks = [...rights.values()].map(({ id, jurisdiction, type, status, office, registration, mark, owner, observedAt }): CoverBlock => {
    const rows: readonly (Row | undefined)[] = [
      [label.type, `${type}, ${jurisdiction}`],
      optional(label.mark, mark),
      [label.registration, [office, registration ?? notStated].filter((part) => part !== undefined).join(' ')],
      optional(label.owner, owner),
      [label.status, observedAt === undefined ? status : `${status} (${observedAt})`],
    ];
    return { title: id, rows: rows.filter((row): row is Row => row !== undefined) };
  });
  return { heading: heading.rights, blocks: blocks.length === 0 ? [{ text: notStated }] : blocks };
}

function holdersSection({ cases, cover }: PacketFacts, { heading, label, notStated }: CoverWords): CoverSection {
  const holders = new Map(cases.map(({ holder }) => [holder.id, holder.name]));
  const blocks = [...holders].map(([id, name]): CoverBlock => {
    const brand: PacketBrand | undefined = cover.brands.find(({ holder }) => holder === id);
    const { name: person, mail, phone } = brand?.contact ?? {};
    const contact = [person, mail, phone].filter((part) => part !== undefined).join(', ');
    const rows: readonly Row[] = [
      [label.contact, contact === '' ? notStated : contact],
      [label.appraisal, statementWords(brand?.appraisal) ?? notStated],
      [label.priceStatement, statementWords(brand?.priceStatement) ?? notStated],
    ];
    return { title: name, rows };
  });
  return { heading: heading.holders, blocks };
}

function casesSection(facts: PacketFacts, cases: readonly OutlinedCase[], words: CoverWords): CoverSection {
  return { heading: words.heading.cases, blocks: cases.map((one) => ({ title: one.outline.id, rows: caseRows(facts, one, words) })) };
}

function caseRows(facts: PacketFacts, { outline, holder }: OutlinedCase, words: CoverWords): readonly Row[] {
  const { label } = words;
  const { listing, marketplace, market, openedAt, findings, captures, answer, removedAt, orders, ended, seal, appeals } = outline;
  const offer = captures.map(({ digest }) => facts.captures.get(digest)?.offer).findLast((one) => one !== undefined);
  const answered = answer && {
    verdict: words.verdict[answer.verdict],
    code: answer.reasonCode,
    basis: words.basis[answer.basis],
    at: instantWords(answer.at),
  };
  const rows: readonly (Row | undefined)[] = [
    [label.listing, `${listing}, ${marketplace}, ${label.market} ${market}`],
    optional(label.offer, offer?.title),
    optional(label.price, offer?.price && moneyWords(offer.price)),
    [label.holder, holder.name],
    [label.detected, instantWords(openedAt)],
    [label.found, findings.map(({ detector, reasons }) => reasons.join('; ') || detector).join('; ') || words.notStated],
    ...captures.map(({ digest, at }) => [label.captured, `${instantWords(at)}, ${hexOf(digest)}`] as const),
    [label.answer, answered === undefined ? words.notStated : fill(words.answered, answered)],
    optional(label.removed, removedAt && instantWords(removedAt)),
    [label.orders, orders === undefined ? words.notStated : String(orders)],
    [label.ended, endWords(ended, words)],
    ...appeals.map(({ kind, ended: end }) => [label.afterwards, `${wordOf(words.appeal, kind)}: ${endWords(end, words)}`] as const),
    optional(label.seal, seal && fill(words.sealed, { number: String(seal.sequence), at: instantWords(seal.at), root: seal.root })),
  ];
  return rows.filter((row): row is Row => row !== undefined);
}

function documentSections({ cover }: PacketFacts, words: CoverWords): readonly CoverSection[] {
  const { heading, label } = words;
  const documents = cover.documents.map(
    (document): CoverBlock => ({
      title: `${words.document[document.kind]}: ${document.title}`,
      rows: [
        [label.source, document.about],
        [label.sha256, hexOf(document.digest)],
        ['', documentPath(document)],
      ],
    }),
  );
  const exhibits = cover.exhibits.map(({ id, what, source, parent, custody }): CoverBlock => {
    const steps = custody.map((step) => [label.custody, custodyWords(step)] as const);
    const part = optional(label.partOf, parent);
    return { title: `${id}: ${what}`, rows: [[label.source, source], ...(part === undefined ? [] : [part]), ...steps] };
  });
  return [
    ...(documents.length === 0 ? [] : [{ heading: heading.documents, blocks: documents }]),
    ...(exhibits.length === 0 ? [] : [{ heading: heading.exhibits, blocks: exhibits }]),
  ];
}

function missingSection({ facts, missing }: CoverInput, words: CoverWords): CoverSection {
  const { heading, complete, incomplete, item } = words;
  if (missing.length === 0) return { heading: heading.missing, blocks: [{ text: complete }] };
  const holders = new Map(facts.cases.map(({ holder }) => [holder.id, holder.name]));
  // What the packet as a whole lacks needs no place.
  const place = (where: string) => (where === facts.id ? '' : (holders.get(where) ?? where));
  const rows = missing.map((one) => [item[one.item], place(one.where)] as const);
  return { heading: heading.missing, blocks: [{ text: incomplete }, { rows }] };
}

function withheldSection({ withheld }: CoverInput, { heading, kind }: CoverWords): readonly CoverSection[] {
  return withheld.length === 0 ? [] : [{ heading: heading.withheld, blocks: withheld.map((name) => ({ text: wordOf(kind, name) })) }];
}

/** One step of custody in one line, as the index and the cover tell it. */
export function custodyWords({ at, what, from, to, where, why, check }: PacketFacts['cover']['exhibits'][number]['custody'][number]): string {
  const way = [from, to].filter((part) => part !== undefined).join(' -> ');
  return [instantWords(at), what, way, where, why, check].filter((part) => part !== undefined && part !== '').join(', ');
}

function statementWords(statement: PacketBrand['appraisal']): string | undefined {
  return statement && `${statement.text} (${instantWords(statement.at)})`;
}

/** An instant to the second with its zone, the same in every language. */
export function instantWords(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

function endWords(end: string | undefined, words: CoverWords): string {
  return end === undefined ? words.undecided : wordOf(words.end, end);
}

/** The word for a code; a code that has none stands for itself. */
function wordOf(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code;
}

function optional(label: string, value: string | null | undefined): Row | undefined {
  return value == null ? undefined : [label, value];
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));
}
