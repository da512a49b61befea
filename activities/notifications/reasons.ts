import { z } from 'zod';
import type { AppealParameters } from '../../domain/appeal/notification-parameters.ts';
import { Verdict, VerdictBasis } from '../../domain/case/model.ts';
import { instant } from '../../domain/instant.ts';
import type { Reasons } from '../../notifications/parameters.ts';
import type { Manager } from '../../store/connection/orm.ts';
import type { LogContext } from '../../store/log/context.ts';
import { contestEndOf } from '../../store/log/contest-end.ts';
import type { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { RightRow } from '../../store/schema/entities/register.ts';
import { durationSchema, instantSchema, sealedCase } from './fixed-parameters.ts';

export const answerSchema = z.object({ verdict: z.enum(Verdict), reasonCode: z.string(), basis: z.enum(VerdictBasis) });

/** What the reasons rest on, as the decision fixed it (`RemovalGrounds`). */
export const groundsSchema = z.object({
  origin: z.enum(['detection', 'officer']),
  detectors: z.array(z.string()),
  findings: z.array(z.string()),
  rights: z.array(z.string()),
  answer: answerSchema.exactOptional(),
  until: instantSchema.exactOptional(),
  mayMove: z.literal(true).exactOptional(),
  sealedAt: instantSchema.exactOptional(),
  contestWindow: durationSchema,
  policy: z.object({ name: z.string(), version: z.int() }),
});
type Grounds = z.output<typeof groundsSchema>;

/** What is needed to read a row: its case, and for an appeal's row what the appeal adds. */
export interface Reading {
  readonly log: LogContext;
  readonly em: Manager;
  readonly row: OutboxRow;
  readonly caseId: string;
  readonly appeal?: AppealParameters;
}

interface Removal {
  readonly provisional: boolean;
  readonly alreadyGone: boolean;
}

/** What a statement of reasons says: the grounds that its decision fixed, and what an appeal adds to them. */
export async function reasonsOf(reading: Reading, grounds: Grounds, { provisional, alreadyGone }: Removal): Promise<Reasons> {
  const { em, appeal, row } = reading;
  const { origin, detectors, findings, rights, policy, sealedAt, until, mayMove } = grounds;
  const answer = appeal?.answer ?? grounds.answer;
  return {
    ...{ provisional, alreadyGone, detectors, findings, policy },
    // A seller who becomes known later is told of a removal that has been in force since the case was closed.
    removedAt: appeal?.appeal === 'seller-known' && sealedAt !== undefined ? sealedAt : instant(row.writtenAt),
    source: appeal?.isNotice === true ? 'notice' : origin,
    rights: await rightNames(em, rights),
    contest: await contestOf(reading, grounds),
    ...(provisional && until !== undefined && { until, ...(mayMove && { mayMove }) }),
    ...(answer !== undefined && !provisional && { answer }),
  };
}

/** The end of the contest window as the log accepts it; open while the case is. */
async function contestOf({ log, em, caseId }: Reading, { contestWindow: window, sealedAt }: Grounds): Promise<Reasons['contest']> {
  if (sealedAt === undefined) return { window };
  const { state, policy } = await sealedCase(log, em, caseId);
  const end = await contestEndOf(em, caseId, state, policy);
  return end === undefined ? { window } : { window, until: end.at, ...(end.provisional && { mayMove: true }) };
}

const rightSchema = z.object({ markText: z.string().optional(), rightType: z.string().optional() });

/** Registered rights as the register names them; an id that is not imported stands for itself. */
async function rightNames(em: Manager, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await em.find(RightRow, { id: { $in: [...ids] } });
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = known.get(id);
    if (row === undefined) return id;
    const { markText, rightType } = rightSchema.parse(row.row);
    const mark = markText === undefined ? '' : ` “${markText}”`;
    return `${rightType ?? 'right'}${mark}, ${row.jurisdiction} ${id}`;
  });
}
