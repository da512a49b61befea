import { type AggregateId, AggregateKind, kindOf } from '../../domain/ids.ts';
import { Language, type PacketBrand, type PacketDocument, type PacketSubject } from '../../domain/packet/facts.ts';
import type { BrandPart, ReferralState } from '../../domain/referral/model.ts';
import { disclosed } from '../log/disclosures.ts';
import { AggregateRow } from '../schema/entities/log.ts';
import type { LogContext } from '../log/context.ts';
import type { Manager } from '../connection/orm.ts';
import { readSamples } from './packet-exhibits.ts';
import { readPacketCase, readPacketSubject } from './packet-facts.ts';

/** The subject of a packet, and its profile where the subject says one: a case alone, or a referral. Undefined when there is none of that id. */
export async function readSubject(
  em: Manager,
  policies: LogContext['policies'],
  id: AggregateId,
): Promise<{ readonly subject: PacketSubject; readonly profile?: string } | undefined> {
  if (kindOf(id) === AggregateKind.referral) return readReferralSubject(em, policies, id);
  const subject = await readPacketSubject(em, id);
  return subject && { subject };
}

/**
 * What goes into the packet of a referral's submission: the one in preparation, else the one sent last. The same log and register
 * give the same subject: for the first submission, a retry and a supplement. Undefined when there is no such referral.
 */
export async function readReferralSubject(
  em: Manager,
  policies: LogContext['policies'],
  id: string,
): Promise<{ readonly subject: PacketSubject; readonly profile: string } | undefined> {
  const row = await em.findOne(AggregateRow, { id, kind: 'referral' }, { fields: ['state'] });
  // Rows of this kind hold a referral's state.
  const state = row?.state as ReferralState | undefined;
  const submission = state?.draft ?? state?.sent.at(-1);
  if (state === undefined || submission === undefined) return undefined;
  const cases = [];
  for (const one of submission.cases) {
    const found = await readPacketCase(em, one.case as AggregateId);
    if (found !== undefined) cases.push(found);
  }
  const samples = await readSamples(
    em,
    cases.map(({ history }) => history.aggregate),
  );
  const { recipient, profile } = state;
  const policy = await policies.values(em, state.policy ?? '');
  const legalBasis = policy.referrals.profiles[profile]?.legalBasis;
  const brands: PacketBrand[] = [];
  for (const part of submission.parts) brands.push(await brandOf(em, part));
  const cover = {
    ...(recipient && { recipient: { name: recipient.name, language: languageOf(recipient.language), jurisdiction: recipient.markets } }),
    ...(legalBasis !== undefined && { legalBasis: legalBasis.trim() }),
    brands,
    documents: [...submission.parts.flatMap(documentsOf), ...samples.documents],
    exhibits: samples.exhibits,
  };
  return { subject: { id, cases, cover }, profile };
}

/** The cover's language nearest to what the register says. */
function languageOf(code: string): Language {
  const all = Object.values(Language);
  return all.find((one) => one === code) ?? all.find((one) => one.slice(0, 2) === code.slice(0, 2)) ?? Language.en;
}

async function brandOf(em: Manager, { brand, given }: BrandPart): Promise<PacketBrand> {
  if (given === undefined) return { holder: brand };
  const [appraisal, price, name, mail, phone] = await Promise.all(
    [given.appraisal, given.priceStatement, given.contact, given.contactMail, given.contactPhone].map((salted) => disclosed(em, salted)),
  );
  return {
    holder: brand,
    contact: { ...(name !== undefined && { name }), ...(mail !== undefined && { mail }), ...(phone !== undefined && { phone }) },
    ...(appraisal !== undefined && { appraisal: { text: appraisal, at: given.at } }),
    ...(price !== undefined && { priceStatement: { text: price, at: given.at } }),
  };
}

const TITLES = { certificate: 'Certificate of the right', appraisal: 'Appraisal', 'price-statement': 'Price statement' } as const;

function documentsOf({ given }: BrandPart): readonly PacketDocument[] {
  return (given?.documents ?? []).map(({ kind, about, digest }) => ({ kind, about, digest, title: `${TITLES[kind]} ${about}` }));
}
