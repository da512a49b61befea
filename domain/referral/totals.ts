import type { Instant } from '../instant.ts';
import { type Money, minorDigits } from '../money.ts';
import type { Salted } from '../salted.ts';

/** What an authority can have done. */
export const FactKind = {
  raid: 'raid',
  arrest: 'arrest',
  seizure: 'seizure',
  charge: 'charge',
  verdict: 'verdict',
  facilityClosed: 'facility-closed',
} as const;
export type FactKind = (typeof FactKind)[keyof typeof FactKind];

/** So many of something. */
export interface Goods {
  readonly what: string;
  readonly quantity: number;
}

/** An amount with who says so: published sources disagree. */
export interface SourcedValue {
  readonly value: Money;
  readonly source: string;
}

/** A report on one fact. Several reports name the same `fact`: they add sources, not facts. */
export interface FactReport {
  readonly fact: string;
  readonly outcome: FactKind;
  readonly goods: readonly Goods[];
  readonly values: readonly SourcedValue[];
  readonly place?: Salted;
  /** The cases concerned; empty = all of the referral. */
  readonly cases: readonly string[];
}

/** One fact with all that was reported of it. */
export interface AuthorityFact extends Omit<FactReport, 'place'> {
  readonly at: Instant;
  readonly places: readonly Salted[];
}

/** From the smallest to the largest that a source says, in the smallest unit. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/** Sums over facts; conflicting values of one fact are a range, and sums of ranges are ranges. Currencies are never added up. */
export interface Totals {
  readonly facts: Readonly<Record<string, number>>;
  readonly goods: Readonly<Record<string, Range>>;
  readonly values: Readonly<Record<string, Range>>;
}

/** Reads `125 watches`; undefined for anything else. */
export function readGoods(text: string): Goods | undefined {
  const [, quantity, what] = /^(\d{1,9}) +(\S.{0,99})$/.exec(text.trim()) ?? [];
  return quantity === undefined || what === undefined ? undefined : { what: what.trim(), quantity: Number(quantity) };
}

/** The facts after one more report. */
export function withReport(facts: readonly AuthorityFact[], report: FactReport, at: Instant): readonly AuthorityFact[] {
  const { place, ...rest } = report;
  const known = facts.find(({ fact }) => fact === report.fact);
  if (known === undefined) return [...facts, { ...rest, places: placesOf(place), at }];
  const merged: AuthorityFact = {
    ...known,
    goods: [...known.goods, ...report.goods],
    values: [...known.values, ...report.values],
    places: [...known.places, ...placesOf(place)],
    cases: known.cases.length === 0 || report.cases.length === 0 ? [] : [...new Set([...known.cases, ...report.cases])],
  };
  return facts.map((fact) => (fact === known ? merged : fact));
}

function placesOf(place: Salted | undefined): readonly Salted[] {
  return place === undefined ? [] : [place];
}

/** The totals over facts (of one referral, or of many). */
export function totalsOf(facts: readonly AuthorityFact[]): Totals {
  const counts = [...Map.groupBy(facts, ({ outcome }) => outcome)].map(([kind, all]) => [kind, all.length] as const);
  return {
    facts: Object.fromEntries(counts.sort(([a], [b]) => (a < b ? -1 : 1))),
    goods: summed(facts.map(({ goods }) => goods.map(({ what, quantity }) => [what, quantity] as const))),
    values: summed(facts.map(({ values }) => values.map(({ value }) => [value.currency, value.amount] as const))),
  };
}

/** For each fact the range of what is said of each name, then the sums of the ranges. */
function summed(facts: readonly (readonly (readonly [name: string, n: number])[])[]): Readonly<Record<string, Range>> {
  const totals = new Map<string, Range>();
  for (const said of facts) {
    for (const [name, all] of Map.groupBy(said, ([key]) => key)) {
      const numbers = all.map(([, n]) => n);
      const { least, most } = totals.get(name) ?? { least: 0, most: 0 };
      totals.set(name, { least: least + Math.min(...numbers), most: most + Math.max(...numbers) });
    }
  }
  return Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Totals in words, a line each: `RMB 2,000,000 to 200,000,000`. */
export function totalsInWords({ facts, goods, values }: Totals): readonly string[] {
  return [
    ...Object.entries(facts).map(([kind, n]) => `${kind}: ${n}`),
    ...Object.entries(goods).map(([what, range]) => `${what}: ${rangeInWords(range, 0)}`),
    // The field writes RMB for what ISO 4217 calls CNY.
    ...Object.entries(values).map(([currency, range]) => `${currency === 'CNY' ? 'RMB' : currency} ${rangeInWords(range, minorDigits(currency))}`),
  ];
}

function rangeInWords({ least, most }: Range, digits: number): string {
  return least === most ? grouped(least, digits) : `${grouped(least, digits)} to ${grouped(most, digits)}`;
}

/** `2,000,000` or `1,234.50`: cents only where there are any. */
function grouped(minor: number, digits: number): string {
  const text = String(minor).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  const cents = text.slice(text.length - digits);
  return /^0*$/.test(cents) ? whole : `${whole}.${cents}`;
}
