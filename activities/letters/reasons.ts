import { z } from 'zod';
import { Capacity } from '../../domain/aggregate.ts';
import { type Answer, CaseStatus } from '../../domain/case/model.ts';
import { caseRules } from '../../domain/case/rules.ts';
import { type Instant, instant } from '../../domain/instant.ts';
import { RightRow } from '../../store/entities/register.ts';
import { readFacts } from '../../store/facts.ts';
import type { Manager } from '../../store/orm.ts';
import { findingsOf, type Particulars } from './history.ts';
import type { Reasons } from './params.ts';

interface Removal {
  readonly provisional: boolean;
  readonly alreadyGone: boolean;
}

/** What a statement of reasons says, as it stood when the restriction was decided. */
export async function readReasons(em: Manager, particulars: Particulars, { provisional, alreadyGone }: Removal): Promise<Reasons> {
  const { of, appeal, row, policy } = particulars;
  const { opened, state } = of;
  const answer = appeal === undefined ? state.answer : (appeal.state.answer ?? state.answer);
  const isSellerKnown = appeal?.state.kind === 'seller-known';
  return {
    provisional,
    alreadyGone,
    // A seller who becomes known later is told of a removal that has been in force since the case was closed.
    removedAt: isSellerKnown && state.sealedAt !== undefined ? state.sealedAt : instant(row.writtenAt),
    source: appeal?.isNotice === true ? 'notice' : opened.origin,
    detectors: opened.findings.map((finding) => `${finding.detector}@${finding.version}`),
    findings: findingsOf(of),
    rights: await rightNames(em, state.rights),
    contest: await contestOf(em, particulars),
    policy: { name: policy.name, version: policy.version },
    ...(provisional && state.provisionalUntil !== undefined && { until: state.provisionalUntil }),
    ...(answer !== undefined && !provisional && { answer: plainAnswer(answer) }),
  };
}

function plainAnswer({ verdict, reasonCode, basis }: Answer): NonNullable<Reasons['answer']> {
  return { verdict, reasonCode, basis };
}

/** The end of the contest window, counted as the log counts it (store/after-seal.ts); open while the case is. */
async function contestOf(em: Manager, particulars: Particulars): Promise<Reasons['contest']> {
  const { of, policy } = particulars;
  const window = policy.appeals.contestWindow;
  const { sealedAt, status } = of.state;
  if (sealedAt === undefined || status !== CaseStatus.actioned) return { window };
  try {
    return { window, until: await contestUntil(em, particulars, sealedAt) };
  } catch (error) {
    // Beyond the years a calendar is known for: the length is said, the day is not guessed.
    if (error instanceof Error && error.name === 'CalendarHorizonError') return { window };
    throw error;
  }
}

const QUESTION = 'contest.until';

/** Only the store has calendars: the instant is asked for as a rule would ask. */
async function contestUntil(em: Manager, { row, caseId, of: { state }, policy }: Particulars, from: Instant): Promise<Instant> {
  const question = { name: QUESTION, from, after: policy.appeals.contestWindow, calendar: state.calendar, policy: 'appeals.contestWindow' };
  const command = { id: row.id, at: from, by: { capacity: Capacity.engine }, kind: 'sendLetter' };
  const { instants } = await readFacts(em, { instants: [question] }, command, { summary: caseRules.summary(state), caseId }, policy);
  const fact = instants[QUESTION];
  if (fact === undefined) throw new Error(`the store did not answer ${QUESTION}`);
  return fact.at;
}

const rightSchema = z.object({ markText: z.string().optional(), rightType: z.string().optional() });

/** Registered rights as the register names them; an id that is not imported stands for itself. */
async function rightNames(em: Manager, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await em.find(RightRow, { id: { $in: [...ids] } }, { disableIdentityMap: true });
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = known.get(id);
    if (row === undefined) return id;
    const { markText, rightType } = rightSchema.parse(row.row);
    const mark = markText === undefined ? '' : ` “${markText}”`;
    return `${rightType ?? 'right'}${mark}, ${row.jurisdiction} ${id}`;
  });
}
