import { describe, expect, it } from 'vitest';
import { Capacity, type Facts } from '../../domain/aggregate.ts';
import { appealRules } from '../../domain/appeal/rules.ts';
import { AppealStatus } from '../../domain/appeal/model.ts';
import { caseRules } from '../../domain/case/rules.ts';
import { CaseStatus } from '../../domain/case/model.ts';
import { GIVEN_BY } from '../../domain/commands.ts';
import type { AggregateKind } from '../../domain/ids.ts';
import { ReferralStatus } from '../../domain/referral/model.ts';
import { referralRules } from '../../domain/referral/rules.ts';
import { rulesOf } from '../../domain/registry.ts';
import { SanctionStatus } from '../../domain/sanction/model.ts';
import { sanctionRules } from '../../domain/sanction/rules.ts';
import { ACCESS, may } from '../../api/access.ts';
import { BY_THE_ENGINE, CATALOGUE } from '../../commands/catalogue.ts';
import { POLICY } from '../support/story.ts';

/** Who signs in at the api. */
const PEOPLE = [Capacity.governance, Capacity.rightsHolder, Capacity.accountManager, Capacity.seller, Capacity.auditor, Capacity.liaison] as const;

/** Each kind's table, and a status in which something of it is open. */
const KINDS: Readonly<Record<AggregateKind, readonly [table: Readonly<Record<string, unknown>>, open: string]>> = {
  case: [caseRules.handlers, CaseStatus.awaiting],
  appeal: [appealRules.handlers, AppealStatus.inReview],
  sanction: [sanctionRules.handlers, SanctionStatus.proposed],
  referral: [referralRules.handlers, ReferralStatus.withRecipient],
};

const PAIRS = Object.entries(KINDS).flatMap(([kind, [table]]) =>
  Object.keys(table).flatMap((command) => PEOPLE.map((capacity) => [kind as AggregateKind, command, capacity] as const)),
);

/** Opened by what is said to a sealed case, never sent by itself. */
const BY_THE_CASE = 'appeal.openAppeal';
/** What is said to a sealed case and opens an appeal. */
const OPENING = ['case.recordVerdict', 'case.fileCounterNotice', 'case.identifySeller'] as const;

describe('the access table and the decide tables say the same', () => {
  it.each(PAIRS)('%s.%s by %s', (kind, command, capacity) => {
    const name = `${kind}.${command}`;
    const operation = CATALOGUE.find((one) => one.name === name)?.operation;
    const isGiven = GIVEN_BY.get(name)?.includes(capacity) === true;
    const isOffered = operation !== undefined && may(capacity, operation);
    expect(isOffered).toBe(isGiven && name !== BY_THE_CASE);
    // And the rules themselves: whoever is not in the table is refused for that, before anything else is asked.
    if (!isGiven) expect(refusedBy(kind, command, capacity)).toBe('wrong-capacity');
  });

  it('the catalogue has exactly the commands of the decide tables, each once', () => {
    const listed = [...CATALOGUE.map(({ name }) => name), ...Object.keys(BY_THE_ENGINE)];
    expect(listed.toSorted()).toEqual([...GIVEN_BY.keys()].toSorted());
    // What nobody but the engine and detectors may give has no entry point.
    const unreachable = [...GIVEN_BY].filter(([name, by]) => name !== BY_THE_CASE && !PEOPLE.some((who) => by.includes(who))).map(([name]) => name);
    expect(
      Object.keys(BY_THE_ENGINE)
        .filter((name) => name !== BY_THE_CASE)
        .toSorted(),
    ).toEqual(unreachable.toSorted());
  });

  it('the commands of one operation are given by the same people', () => {
    for (const { operation, name } of CATALOGUE)
      expect([operation, name, PEOPLE.filter((who) => GIVEN_BY.get(name)?.includes(who))]).toEqual([operation, name, ACCESS[operation]]);
  });

  it('an appeal may be opened by exactly those who may say what opens it', () => {
    const sayers = new Set(OPENING.flatMap((name) => PEOPLE.filter((who) => GIVEN_BY.get(name)?.includes(who))));
    expect(PEOPLE.filter((who) => GIVEN_BY.get(BY_THE_CASE)?.includes(who))).toEqual(PEOPLE.filter((who) => sayers.has(who)));
  });

  it("more time for a brand is the account manager's to give, and an appeal is taken back by whoever filed it", () => {
    expect([ACCESS['case.extend'], ACCESS['appeal.withdraw']]).toEqual([[Capacity.accountManager], [Capacity.rightsHolder, Capacity.seller]]);
  });
});

function refusedBy(kind: AggregateKind, command: string, capacity: Capacity): string | undefined {
  const rules = rulesOf(kind);
  // An opening is looked at while nothing is open, everything else afterwards.
  const state = command.startsWith('open') ? rules.initial : { ...(rules.initial as object), status: KINDS[kind][1] };
  const said = { id: 'm', at: '2025-01-01T00:00:00.000Z', kind: command, by: { capacity } };
  const facts: Facts = { policy: POLICY, instants: {} };
  const outcome = rules.decide(state, said as Parameters<typeof rules.decide>[1], facts);
  return 'refused' in outcome ? outcome.refused.code : undefined;
}
