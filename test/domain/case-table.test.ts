import { describe, expect, it } from 'vitest';
import { Capacity } from '../../domain/aggregate.ts';
import { AppealKind, AppealStatus } from '../../domain/appeal/model.ts';
import { appealRules } from '../../domain/appeal/rules.ts';
import { type CaseCommand, CaseStatus, Verdict } from '../../domain/case/model.ts';
import { caseRules } from '../../domain/case/rules.ts';
import { refusalCodes, refuse } from '../../domain/refusals.ts';
import { CASE_ID, type AppealStory, type CaseStory, anAppeal, appealCommandOf, by, caseIn, commandOf, giveAppeal } from '../support/builders.ts';
import { APPEAL_CAPACITIES, APPEAL_SAMPLES, CASE_CAPACITY, CASE_SAMPLES } from '../support/samples.ts';
import { describeOutcome, Story } from '../support/story.ts';

const KINDS = Object.keys(caseRules.handlers) as CaseCommand['kind'][];
const CAPACITIES = Object.values(Capacity);

function caseAt(status: CaseStatus): CaseStory {
  return status === CaseStatus.none ? new Story(caseRules, CASE_ID) : caseIn[status]();
}

/** What one status says to every sample of one kind of command, and where that leads. */
function caseRows(status: CaseStatus, kind: CaseCommand['kind']): readonly string[] {
  return CASE_SAMPLES[kind](caseAt(status)).map(([about, content]) => {
    const story = caseAt(status);
    const outcome = story.tell(commandOf(story, CASE_CAPACITY[kind], content));
    const leads = story.state.status === status ? '' : ` -> ${story.state.status}`;
    return `| ${status} | ${kind}${about && ` (${about})`} | ${describeOutcome(outcome)}${leads} |`;
  });
}

/** The kinds of appeal that get into a status, each by its shortest way. */
const APPEALS: { readonly [S in Exclude<AppealStatus, 'none'>]: () => AppealStory } = {
  [AppealStatus.inReview]: () => anAppeal(AppealKind.counterNotice),
  [AppealStatus.offered]: () => anAppeal(AppealKind.lateVerdict, { verdict: Verdict.counterfeit }),
  [AppealStatus.takingDown]: () => given(APPEALS.offered(), Capacity.rightsHolder, 'fileOfferedNotice'),
  [AppealStatus.puttingBack]: () => anAppeal(AppealKind.correction),
  [AppealStatus.upheld]: () => given(APPEALS['in-review'](), Capacity.governance, 'decideAppeal'),
  [AppealStatus.overturned]: () =>
    given(given(APPEALS['in-review'](), Capacity.governance, 'decideAppeal', 1), Capacity.engine, 'recordEffectResult'),
  [AppealStatus.applied]: () => anAppeal(AppealKind.correction, { verdict: Verdict.unauthorised }),
  [AppealStatus.withdrawn]: () => anAppeal(AppealKind.lateVerdict, { verdict: Verdict.genuine }),
};

function given(story: AppealStory, capacity: Capacity, kind: keyof typeof APPEAL_SAMPLES, sample = 0): AppealStory {
  const content = APPEAL_SAMPLES[kind](story)[sample]?.[1];
  if (content === undefined) throw new Error(`no sample ${sample} of ${kind}`);
  giveAppeal(story, capacity, content);
  return story;
}

function appealRows(status: keyof typeof APPEALS, kind: keyof typeof APPEAL_SAMPLES): readonly string[] {
  return APPEAL_CAPACITIES[kind].flatMap((capacity) =>
    APPEAL_SAMPLES[kind](APPEALS[status]()).map(([about, content]) => {
      const story = APPEALS[status]();
      const outcome = story.tell(appealCommandOf(story, capacity, content));
      const leads = story.state.status === status ? '' : ` -> ${story.state.status}`;
      return `| ${status} | ${kind}${about && ` (${about})`} by ${capacity} | ${describeOutcome(outcome)}${leads} |`;
    }),
  );
}

/** A status that answers everything alike is one row. */
function compact(status: string, rows: readonly string[]): readonly string[] {
  const answers = new Set(rows.map((row) => row.split(' | ').at(-1)));
  return answers.size === 1 ? [`| ${status} | everything | ${[...answers].join()}`] : rows;
}

const HEAD = '| status | command | comes to |\n|---|---|---|';

describe('the decide table of a case', () => {
  it('is what the checked table says, for every status and kind of command', async () => {
    const rows = Object.values(CaseStatus).flatMap((status) =>
      compact(
        status,
        KINDS.flatMap((kind) => caseRows(status, kind)),
      ),
    );
    await expect(`${[HEAD, ...rows].join('\n')}\n`).toMatchFileSnapshot('snapshots/case-table.md');
  });

  it.each(Object.entries(caseIn))('reaches %s by real decisions', (status, build) => {
    expect(build().state.status).toBe(status);
  });

  it.each(KINDS)('lets only the capacities of the table give %s', (kind) => {
    for (const capacity of CAPACITIES.filter((one) => !caseRules.handlers[kind].by.includes(one))) {
      const story = kind === 'openCase' ? caseAt(CaseStatus.none) : caseIn[CaseStatus.removedProvisionally]();
      const [sample] = CASE_SAMPLES[kind](story);
      expect(sample === undefined ? '' : describeOutcome(story.tell(commandOf(story, capacity, sample[1])))).toBe('refused: wrong-capacity');
    }
  });

  it.each(
    KINDS.flatMap((kind) => caseRules.handlers[kind].by.filter((capacity) => by(capacity).person !== undefined).map((who) => [kind, who] as const)),
  )('asks for a valid mandate before %s by %s', (kind, capacity) => {
    const status = Object.values(CaseStatus).find((one) => caseRules.handlers[kind].in.includes(one)) ?? CaseStatus.none;
    for (const [mandate, code] of [
      ['none', 'no-mandate'],
      ['revoked', 'mandate-revoked'],
    ] as const) {
      const story = caseAt(status);
      const [sample] = CASE_SAMPLES[kind](story);
      expect(sample && describeOutcome(story.tell(commandOf(story, capacity, sample[1]), { mandate }))).toBe(`refused: ${code}`);
    }
  });
});

describe('the refusals', () => {
  it('each say what failed and what cures it', () => {
    for (const code of refusalCodes()) {
      const { message, cure } = refuse(code).refused;
      expect(
        [message, cure].every((sentence) => /^[A-Z].*\.$/.test(sentence)),
        code,
      ).toBe(true);
    }
  });
});

describe('the decide table of an appeal', () => {
  const kinds = Object.keys(appealRules.handlers) as (keyof typeof APPEAL_SAMPLES)[];
  const statuses = Object.keys(APPEALS) as (keyof typeof APPEALS)[];

  it('is what the checked table says, for every status and kind of command', async () => {
    const rows = statuses.flatMap((status) =>
      compact(
        status,
        kinds.flatMap((kind) => appealRows(status, kind)),
      ),
    );
    await expect(`${[HEAD, ...rows].join('\n')}\n`).toMatchFileSnapshot('snapshots/appeal-table.md');
  });

  it.each(statuses)('reaches %s by real decisions', (status) => {
    expect(APPEALS[status]().state.status).toBe(status);
  });
});
