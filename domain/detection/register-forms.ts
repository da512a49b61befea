import { LIVE } from './rights.ts';

/** A value of a register in the form that detection reads; `unknown` where detection does not know it and the right may match nothing. */
export interface Read<T> {
  readonly value: T;
  readonly unknown?: string;
}

/** Offices whose code (WIPO standard ST.3) or name is not that of a country. */
const OFFICES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    EM: 'EU',
    EUIPO: 'EU',
    OHIM: 'EU',
    EUTM: 'EU',
    BOIP: 'BX',
    BENELUX: 'BX',
    WIPO: 'WO',
    MADRID: 'WO',
    OAPI: 'OA',
    ARIPO: 'AP',
    USPTO: 'US',
    UKIPO: 'GB',
    UK: 'GB',
    DPMA: 'DE',
    CNIPA: 'CN',
    JPO: 'JP',
    KIPO: 'KR',
    IPONZ: 'NZ',
    CIPO: 'CA',
    IPI: 'CH',
  }),
);

/** The jurisdiction that a code or an office's name means; undefined for a name that is neither. */
export function jurisdictionOf(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  return OFFICES.get(code) ?? (/^(EU-)?[A-Z]{2}$/.test(code) ? code : undefined);
}

/** Why a jurisdiction covers no market although its code is known. */
export function withoutTerritory(jurisdiction: string): string | undefined {
  if (jurisdiction === 'WO') return 'an international registration is in force where it is designated: give each designated country a row of its own';
  if (jurisdiction === 'AP')
    return 'a regional registration of ARIPO is in force where it is designated: give each designated country a row of its own';
  return undefined;
}

const LIVE_WORDS =
  /^(live|registered|live[\s/-]+registered|registration|issued and active|registered and active|live[\s/]+registration[\s/]+issued and active|active|in force|protected|trade ?mark registered|mark registered|registration (registered|renewed)|renewed|eingetragen|marke eingetragen|enregistrée?|marque enregistrée|registrada|registrado|registro vigente|已?注册|註冊)$/u;
const OTHER_WORDS =
  /^(as of\b.*|.*\b(pending|filed|application|applied|examination|published|opposed|opposition|expired|ended|dead|cancell?ed|cancellation|abandoned|withdrawn|refused|rejected|surrendered|lapsed|revoked|invalid|invalidated|removed|annulled|inactive|not in force|unregistered)\b.*)$/;

/** A register's word for the state of a right: `Live / Registered` where it says that the right is registered and nothing against it. */
export function statusOf(text: string): Read<string> {
  const word = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (OTHER_WORDS.test(word)) return { value: text };
  if (LIVE_WORDS.test(word)) return { value: LIVE };
  return { value: text, unknown: 'is no known state of a right, so it is no ground for a case' };
}

const TRADEMARKS: ReadonlySet<string> = new Set([
  'trademark',
  'trade-mark',
  'tm',
  'mark',
  'service-mark',
  'word-mark',
  'figurative-mark',
  'eu-trade-mark',
  'eutm',
  'marke',
  'marque',
  'marca',
  '商标',
  '商標',
]);

/** The type of a right; detection reads trade marks. */
export function rightTypeOf(text: string): Read<string> {
  const type = text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  if (TRADEMARKS.has(type)) return { value: 'trademark' };
  return { value: type, unknown: 'is a type of right that no detector reads' };
}

const CLASS_WORDS = /\b(int(ernational)?|nice|nizza|classes|class|clases|clase|klassen|klasse|classe|ic|cl|kl|no|and|und|et|y|e)\b\.?|[第类類]/giu;

/**
 * The classes of the Nice Classification (1 to 45) in the form `025`, from `25`, `25,35`, `IC 025`, `Class 25`, numbers. What is none stays in the
 * list as it is: leaving it out would make a right of no class, which covers all goods.
 */
export function niceClassesOf(items: readonly string[]): Read<readonly string[]> {
  const classes: string[] = [];
  const strange: string[] = [];
  for (const piece of items.flatMap((item) => item.replace(CLASS_WORDS, ' ').split(/[\s;,|/+&]+/)).filter((one) => one !== '')) {
    const n = /^\d{1,3}$/.test(piece) ? Number(piece) : 0;
    if (n >= 1 && n <= 45) classes.push(String(n).padStart(3, '0'));
    else strange.push(piece);
  }
  const value = [...new Set([...classes, ...strange])];
  return strange.length === 0 ? { value } : { value, unknown: `has ${strange.join(', ')}, which is no class of the Nice Classification (1 to 45)` };
}
