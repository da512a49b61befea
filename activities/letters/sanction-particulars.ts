import { z } from 'zod';
import type { LetterRow } from '../../store/schema/entities/letters.ts';
import { PolicyRow } from '../../store/schema/entities/register.ts';
import { disclosed } from '../../store/log/disclosures.ts';
import type { LogContext } from '../../store/log/context.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { instant } from '../../domain/instant.ts';
import { type PolicyDocument, sourceOf } from '../../domain/policy/policy.ts';
import { SanctionLetter } from '../../domain/sanction/letters.ts';
import { type SanctionState, SanctionStatus } from '../../domain/sanction/model.ts';
import { sanctionAt } from './history.ts';
import type { LetterParams, Matter, SanctionReasons } from '../../notifications/parameters.ts';

const { approvalAsked, taken, ended } = SanctionLetter;
const kindSchema = z.enum([approvalAsked, taken, ended]);
const takenSchema = z.object({ result: z.string(), until: z.string().transform(instant).nullable() });
const endedSchema = z.object({ ended: z.enum(SanctionStatus) });
const documentSchema: z.ZodType<PolicyDocument> = z.looseObject({ name: z.string(), version: z.number() });

/** The content of a sanction's letter, as it was when the letter was decided. */
export async function readSanctionParams(log: LogContext, em: Manager, row: LetterRow): Promise<LetterParams> {
  const state = await sanctionAt(em, row.aggregate, row.n);
  const policy = await log.policies.values(em, state.policy ?? '');
  const matter = await matterOf(em, row, state, policy.ledger.calendar.zone);
  const base = { matter, to: 'seller' in row.to ? ('seller' as const) : ('staff' as const), reasons: await reasonsOf(em, state) };
  const kind = kindSchema.parse(row.kind);
  switch (kind) {
    case 'approval-asked':
      return { ...base, kind };
    case 'sanction-taken': {
      const { result, until } = takenSchema.parse(row.about);
      return { ...base, kind, result, contestWindow: policy.appeals.contestWindow, ...(until !== null && { until }) };
    }
    case 'sanction-ended':
      return { ...base, kind, ...endedSchema.parse(row.about) };
  }
}

/** A sanction is about shops: their ids stand where other letters name a listing. A seller reads of the shop that is told only. */
async function matterOf(em: Manager, { aggregate, to }: LetterRow, { marketplace, shops }: SanctionState, zone: string): Promise<Matter> {
  const names: string[] = [];
  for (const shop of 'seller' in to ? [to.seller] : shops) names.push((await disclosed(em, shop)) ?? '');
  return { reference: aggregate, marketplace, market: '', listing: names.join(', '), holder: '', zone };
}

async function reasonsOf(em: Manager, { step, points, cases, policy: digest }: SanctionState): Promise<SanctionReasons> {
  if (step === undefined || digest === undefined) throw new Error('the log holds no proposal of this sanction');
  const row = await em.findOneOrFail(PolicyRow, { digest });
  const document = documentSchema.parse(row.document);
  const { name, version } = document;
  return { measure: step.measure, step: step.points, points, cases, policy: { name, version }, source: sourceOf(document, 'ledger.steps') ?? '' };
}
