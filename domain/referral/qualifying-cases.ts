import { coversMarket } from '../detection/rights.ts';
import type { Money } from '../money.ts';
import type { ThresholdPolicy } from '../policy/referral-policy.ts';
import type { RefusalCode } from '../refusals.ts';

/** An authority as the register has it. */
export interface RecipientFacts {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  /** Markets in which it has jurisdiction, as listings name theirs (`CN`, `EU-DE`); `EU` covers the member states. */
  readonly markets: readonly string[];
  /** Types of rights that it takes; empty = all. */
  readonly takes: readonly string[];
  readonly language: string;
  /** Packet profiles that it takes, the preferred one first. */
  readonly profiles: readonly string[];
}

/** A sealed case of an actor that acted and was not undone. */
export interface LinkedCase {
  readonly case: string;
  /** Hash of its last decision: what the packet's proofs verify against. */
  readonly root: string;
  readonly holder: string;
  readonly listing: string;
  readonly marketplace: string;
  readonly market: string;
  readonly rightTypes: readonly string[];
  /** Price in the register times completed orders at removal; absent when either is not known. */
  readonly sales?: Money;
}

/** An actor's cases and a recipient as the log reads them, under the actor's lock. */
export interface LinkedFact {
  /** Absent when the register has no such recipient. */
  readonly recipient?: RecipientFacts;
  readonly cases: readonly (LinkedCase & {
    /** Whether its points count now: not while a counter-notice or its window holds them back. */
    readonly counts: boolean;
    /** Whether an earlier referral to the same recipient sent it, or had it and left it out. */
    readonly before?: 'sent' | 'left-out';
  })[];
}

/** The cases that a recipient may get. What waits for a counter-notice does not qualify, nor what it had before. */
export function qualifying({ recipient, cases }: LinkedFact): readonly LinkedCase[] {
  if (recipient === undefined) return [];
  return cases.filter((one) => isOpenTo(recipient, one)).map(plain);
}

function isOpenTo(recipient: RecipientFacts, one: LinkedFact['cases'][number]): boolean {
  return one.counts && one.before !== 'sent' && isFor(recipient, one);
}

/** Whether a recipient has jurisdiction over a case and takes its kind of right. */
function isFor({ markets, takes }: RecipientFacts, { market, rightTypes }: LinkedCase): boolean {
  return hasJurisdiction(markets, market) && (takes.length === 0 || rightTypes.some((type) => takes.includes(type)));
}

function hasJurisdiction(markets: readonly string[], market: string): boolean {
  return markets.some((one) => coversMarket(one, market));
}

/** Why nothing may be referred, the first reason; undefined when something may. */
export function unfit(fact: LinkedFact, profile: string): RefusalCode | undefined {
  const { recipient, cases } = fact;
  if (recipient === undefined) return 'recipient-unknown';
  if (!recipient.profiles.includes(profile)) return 'no-intake';
  if (cases.length > 0 && !cases.some(({ market }) => hasJurisdiction(recipient.markets, market))) return 'no-jurisdiction';
  return qualifying(fact).length === 0 ? 'nothing-qualifies' : undefined;
}

/** Whether so many cases, or sales of so much in one currency, cross the threshold of a profile. Currencies are never added up. */
export function crosses(fact: LinkedFact, threshold: ThresholdPolicy | undefined): boolean {
  const { recipient } = fact;
  // What was left out once is not proposed again by itself: there must be something new.
  const hasNew = recipient !== undefined && fact.cases.some((one) => one.before === undefined && isOpenTo(recipient, one));
  if (threshold === undefined || !hasNew) return false;
  const cases = qualifying(fact);
  const { value } = threshold;
  if (cases.length >= threshold.cases) return true;
  const sold = cases.flatMap(({ sales }) => (sales !== undefined && sales.currency === value?.currency ? [sales.amount] : []));
  return value !== undefined && sold.reduce((sum, amount) => sum + amount, 0) >= value.amount;
}

function plain({ counts: _, before: __, ...rest }: LinkedFact['cases'][number]): LinkedCase {
  return rest;
}
