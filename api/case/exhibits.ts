import { COMMANDS } from '../../commands/catalogue.ts';
import { custodianOf, custodyGap, isAtHand } from '../../domain/case/custody.ts';
import type { CaseState, CustodyStep, Exhibit } from '../../domain/case/model.ts';
import type { AggregateId } from '../../domain/ids.ts';
import type { Salted } from '../../domain/salted.ts';
import { may } from '../access.ts';
import type { ServerDeps } from '../deps.ts';
import type { Principal } from '../identity.ts';
import { moneyOut } from '../money.ts';
import { readSalted } from '../referral/parts.ts';
import type { ExhibitsOut, StepOut } from '../schemas/exhibits.ts';
import { actionsOf, type Sample, sampleOf } from './actions.ts';
import { type Sources, sourcesOf } from './view.ts';

/** The exhibits of a case with their custody, as far as the reader may know it. Refuses `not-found`. */
export async function exhibitsFor(deps: ServerDeps, who: Principal, id: AggregateId): Promise<ExhibitsOut> {
  const sources = await sourcesOf(deps, who, id, undefined);
  const { em, pinned, faults } = sources;
  // The guard lets only ids of cases through.
  const { exhibits } = sources.logged.state as CaseState;
  const now = deps.clock.now();
  const actions = async (samples: readonly Sample[]) => (pinned === undefined ? [] : actionsOf(em, who, pinned.snapshot, now, samples, faults));
  const lines = [];
  for (const exhibit of exhibits)
    lines.push({
      ...lineOf(sources, exhibit, exhibits),
      actions: await actions(OF_KNOWN.map((command) => sampleOf(command, { exhibit: exhibit.id }))),
    });
  return {
    case: id,
    exhibits: lines,
    actions: await actions(OF_NEW.map((command) => sampleOf(command, { exhibit: '' }))),
    faults: [...faults.found],
  };
}

/** Digests of the files that custody steps name. */
export function filesOf(step: CustodyStep): readonly string[] {
  return step.act === 'received' ? step.media : step.act === 'examined' ? [step.report] : [];
}

const { orderTestPurchase, recordExhibit, transferExhibit, recordExamination, recordLoss } = COMMANDS;
/** What can be said of an exhibit that is not on record, and of one that is. */
const OF_NEW = [orderTestPurchase, recordExhibit];
const OF_KNOWN = [recordExhibit, transferExhibit, recordExamination, recordLoss];

function lineOf(sources: Sources, exhibit: Exhibit, all: readonly Exhibit[]): Omit<ExhibitsOut['exhibits'][number], 'actions'> {
  const { id, source, custody } = exhibit;
  const gap = custodyGap(exhibit, all);
  return {
    exhibit: id,
    source: {
      kind: source.kind,
      parent: source.kind === 'part-of' ? source.parent : null,
      // Told to the platform's own people: it says which buyer was ours.
      order: source.kind === 'test-purchase' ? readSalted(source.order, sources.clear) : null,
      price: source.kind === 'test-purchase' ? moneyOut(source.price) : null,
    },
    custodian: custodianOf(exhibit) ?? null,
    isAtHand: isAtHand(exhibit),
    gap: gap === undefined ? null : { ...gap },
    custody: custody.map((step) => stepOut(sources, step)),
  };
}

function stepOut({ id, who, clear }: Sources, step: CustodyStep): StepOut {
  const words = (value: Salted | undefined) => readSalted(value, clear);
  const hrefOf = (digest: string) =>
    may(who.capacity, 'packet.read') ? `/api/cases/${encodeURIComponent(id)}/files/${encodeURIComponent(digest)}` : null;
  return {
    at: step.at,
    act: step.act,
    organisation: step.organisation,
    person: words(step.person),
    from: 'from' in step ? step.from : null,
    receiver: 'receiver' in step ? words(step.receiver) : null,
    what: 'what' in step ? words(step.what) : null,
    condition: 'condition' in step ? words(step.condition) : null,
    why: 'why' in step ? words(step.why) : null,
    result: 'result' in step ? step.result : null,
    seal: 'seal' in step ? (step.seal ?? null) : null,
    newSeal: 'newSeal' in step ? (step.newSeal ?? null) : null,
    hash: 'hash' in step ? (step.hash ?? null) : null,
    files: filesOf(step).map((digest) => ({ digest, href: hrefOf(digest) })),
  };
}
