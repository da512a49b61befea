import { custodyGap } from '../../domain/case/custody.ts';
import type { CaseState, CustodyStep, Exhibit } from '../../domain/case/model.ts';
import { moneyWords } from '../../domain/money.ts';
import { type CustodyStep as CustodyWords, DocumentKind, type PacketDocument, type PacketExhibit } from '../../domain/packet/facts.ts';
import type { Salted } from '../../domain/salted.ts';
import { disclosed } from '../log/disclosures.ts';
import { AggregateRow } from '../schema/entities/log.ts';
import type { Manager } from '../connection/orm.ts';

/** Exhibits of cases, and what was made of them. */
interface Samples {
  readonly documents: PacketDocument[];
  readonly exhibits: PacketExhibit[];
}

/** The exhibits of the cases with their custody in words, and what was made of them: reports, photos, film. */
export async function readSamples(em: Manager, ids: readonly string[]): Promise<Samples> {
  const rows = await em.find(AggregateRow, { id: { $in: [...ids] } }, { fields: ['id', 'state'], orderBy: { id: 'asc' } });
  const samples: Samples = { documents: [], exhibits: [] };
  for (const row of rows) {
    // The ids are of cases: their states are known by type.
    const { exhibits } = row.state as CaseState;
    for (const exhibit of exhibits) {
      samples.exhibits.push(await exhibitOf(em, row.id, exhibit, exhibits));
      samples.documents.push(...recordsOf(exhibit));
    }
  }
  return samples;
}

async function exhibitOf(em: Manager, caseId: string, exhibit: Exhibit, all: readonly Exhibit[]): Promise<PacketExhibit> {
  const { id, source, custody } = exhibit;
  const received = custody.find((step) => step.act === 'received');
  const gap = custodyGap(exhibit, all)?.what;
  const steps: CustodyWords[] = [];
  for (const step of custody) steps.push(await custodyInWords(em, step));
  return {
    id,
    case: caseId,
    ...(source.kind === 'part-of' && { parent: source.parent }),
    what: (await disclosed(em, received?.what)) ?? 'not received',
    source: sourceInWords(source),
    custody: steps,
    ...(gap !== undefined && { gap }),
  };
}

/** Never the order number: whoever reads it could tell which buyer was ours. */
function sourceInWords(source: Exhibit['source']): string {
  switch (source.kind) {
    case 'test-purchase':
      return `test purchase, ${moneyWords(source.price)}`;
    case 'handed-in':
      return 'handed in';
    case 'part-of':
      return `part of ${source.parent}`;
  }
}

/** Organisations are named; people are not: whoever acted stays withheld as in the decisions. */
async function custodyInWords(em: Manager, step: CustodyStep): Promise<CustodyWords> {
  const words = async (salted: Salted) => (await disclosed(em, salted)) ?? '(erased)';
  const base = { at: step.at, what: step.act };
  switch (step.act) {
    case 'ordered':
      return { ...base, to: step.organisation };
    case 'received':
      return { ...base, to: step.organisation, why: await words(step.condition), ...checked(step.seal) };
    case 'transferred':
      return { ...base, from: step.from, to: step.organisation, why: await words(step.why), ...checked(step.seal, step.hash) };
    case 'examined': {
      const opened = step.seal === undefined ? '' : `seal ${step.seal} found`;
      const closed = step.newSeal === undefined ? '' : `seal ${step.newSeal} put on`;
      const check = [opened, closed].filter((part) => part !== '').join(', ');
      return { ...base, from: step.organisation, why: step.result, ...(check !== '' && { check }) };
    }
    case 'lost':
      return { ...base, from: step.organisation, why: await words(step.why) };
  }
}

function checked(seal: string | undefined, hash?: string): Pick<CustodyWords, 'check'> {
  const parts = [...(seal === undefined ? [] : [`seal ${seal}`]), ...(hash === undefined ? [] : [`hash ${hash}`])];
  return parts.length === 0 ? {} : { check: parts.join(', ') };
}

function recordsOf({ id, custody }: Exhibit): readonly PacketDocument[] {
  return custody.flatMap((step, at): readonly PacketDocument[] => {
    if (step.act === 'examined') return [{ kind: DocumentKind.examination, digest: step.report, title: `Examination report ${id}`, about: id }];
    if (step.act !== 'received') return [];
    return step.media.map((digest, index) => ({ kind: DocumentKind.photo, digest, title: `Photo or film ${id}-${at}-${index + 1}`, about: id }));
  });
}
