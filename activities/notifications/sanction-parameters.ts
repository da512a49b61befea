import { z } from 'zod';
import { Measure, type PolicyDocument, sourceOf } from '../../domain/policy/policy.ts';
import type { Salted } from '../../domain/salted.ts';
import { SanctionNotification } from '../../domain/sanction/notifications.ts';
import { SanctionStatus } from '../../domain/sanction/model.ts';
import type { NotificationParameters, Matter, SanctionReasons } from '../../notifications/parameters.ts';
import type { Manager } from '../../store/connection/orm.ts';
import type { LogContext } from '../../store/log/context.ts';
import { disclosed } from '../../store/log/disclosures.ts';
import type { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { PolicyRow } from '../../store/schema/entities/register.ts';
import { durationSchema, instantSchema, readFixed } from './fixed-parameters.ts';

const { approvalAsked, taken, ended } = SanctionNotification;
const kindSchema = z.enum([approvalAsked, taken, ended]);
const fixedSchema = z.object({
  marketplace: z.string(),
  shops: z.array(z.object({ '...': z.string() })),
  zone: z.string(),
  measure: z.enum(Measure),
  step: z.number(),
  points: z.number(),
  cases: z.array(z.string()),
  contestWindow: durationSchema,
  policy: z.string(),
});
type Fixed = z.output<typeof fixedSchema>;
const takenSchema = z.object({ result: z.string(), until: instantSchema.nullable() });
const endedSchema = z.object({ ended: z.enum(SanctionStatus) });
const documentSchema: z.ZodType<PolicyDocument> = z.looseObject({ name: z.string(), version: z.number() });

/** The content of a sanction's notification, as its decision fixed it. */
export async function readSanctionParams(log: LogContext, em: Manager, row: OutboxRow): Promise<NotificationParameters> {
  const fixed = await readFixed(log, em, row, fixedSchema);
  const matter = await matterOf(em, row, fixed);
  const base = { matter, to: 'seller' in row.to ? ('seller' as const) : ('staff' as const), reasons: await reasonsOf(em, fixed) };
  const kind = kindSchema.parse(row.kind);
  switch (kind) {
    case 'approval-asked':
      return { ...base, kind };
    case 'sanction-taken': {
      const { result, until } = takenSchema.parse(row.about);
      return { ...base, kind, result, contestWindow: fixed.contestWindow, ...(until !== null && { until }) };
    }
    case 'sanction-ended':
      return { ...base, kind, ...endedSchema.parse(row.about) };
  }
}

/** A sanction is about shops: their ids stand where other mails name a listing. A seller reads of the shop that is told only. */
async function matterOf(em: Manager, { aggregate, to }: OutboxRow, { marketplace, shops, zone }: Fixed): Promise<Matter> {
  const names: string[] = [];
  const told: readonly Salted[] = 'seller' in to ? [to.seller] : shops;
  for (const shop of told) names.push((await disclosed(em, shop)) ?? '');
  return { reference: aggregate, marketplace, market: '', listing: names.join(', '), holder: '', zone };
}

async function reasonsOf(em: Manager, { measure, step, points, cases, policy: digest }: Fixed): Promise<SanctionReasons> {
  const row = await em.findOneOrFail(PolicyRow, { digest });
  const document = documentSchema.parse(row.document);
  const { name, version } = document;
  return { measure, step, points, cases, policy: { name, version }, source: sourceOf(document, 'ledger.steps') ?? '' };
}
