import { Capacity, cause } from '../aggregate.ts';
import { refuse } from '../refusals.ts';
import { type CaseHandler, decideEvents, OPEN } from './command.ts';
import { custodianOf, isAtHand } from './custody.ts';
import type { CaseCommand, CaseEvent, CaseState, CustodyStep, Exhibit } from './model.ts';

/** The organisation for which the sender acts: the platform, or the rights holder of the case. */
function actingFor({ by }: CaseCommand, state: CaseState): string {
  return by.capacity === Capacity.rightsHolder ? state.holder : (by.organisation ?? 'platform');
}

function findExhibit(state: CaseState, id: string): Exhibit | undefined {
  return state.exhibits.find((exhibit) => exhibit.id === id);
}

function stamp(command: CaseCommand, organisation: string): Pick<CustodyStep, 'at' | 'organisation' | 'person'> {
  const { person } = command.by;
  return { at: command.at, organisation, ...(person !== undefined && { person }) };
}

function noted(command: CaseCommand, exhibit: string, step: CustodyStep): CaseEvent {
  return { type: 'CustodyRecorded', exhibit, step, cause: cause(command) };
}

const BOTH = { by: [Capacity.governance, Capacity.rightsHolder], in: OPEN } as const;

/** The platform orders a test purchase; the exhibit has its number before it arrives. */
export const orderTestPurchase: CaseHandler<'orderTestPurchase'> = {
  ...BOTH,
  by: [Capacity.governance],
  decide(state, command) {
    const { exhibit, order, price } = command;
    if (findExhibit(state, exhibit) !== undefined) return refuse('exhibit-known');
    const booked: CaseEvent = { type: 'ExhibitBooked', exhibit, source: { kind: 'test-purchase', order, price }, cause: cause(command) };
    return decideEvents(booked, noted(command, exhibit, { ...stamp(command, actingFor(command, state)), act: 'ordered' }));
  },
};

/** A parcel that was ordered has arrived, somebody hands a sample in, or a part is taken out of another exhibit. */
export const recordExhibit: CaseHandler<'recordExhibit'> = {
  ...BOTH,
  decide(state, command) {
    const { exhibit: id, parent, what, condition, seal, media } = command;
    const known = findExhibit(state, id);
    if (known !== undefined && (parent !== undefined || known.custody.some(({ act }) => act !== 'ordered'))) return refuse('exhibit-known');
    const taken = parent === undefined ? undefined : findExhibit(state, parent);
    if (parent !== undefined && (taken === undefined || !isAtHand(taken))) return refuse('exhibit-unknown');
    const source = parent === undefined ? ({ kind: 'handed-in' } as const) : ({ kind: 'part-of', parent } as const);
    const booked: readonly CaseEvent[] = known === undefined ? [{ type: 'ExhibitBooked', exhibit: id, source, cause: cause(command) }] : [];
    const received = {
      ...stamp(command, actingFor(command, state)),
      act: 'received',
      what,
      condition,
      media,
      ...(seal !== undefined && { seal }),
    } as const;
    return decideEvents(...booked, noted(command, id, received));
  },
};

/** The exhibit changes hands. A transfer that does not fit the record is recorded all the same; `custodyGap` reports the gap. */
export const transferExhibit: CaseHandler<'transferExhibit'> = {
  ...BOTH,
  decide(state, command) {
    const exhibit = findExhibit(state, command.exhibit);
    if (exhibit === undefined || !isAtHand(exhibit)) return refuse('exhibit-unknown');
    const { to, receiver, why, seal, hash } = command;
    const from = command.from ?? custodianOf(exhibit) ?? '';
    const checked = { ...(receiver !== undefined && { receiver }), ...(seal !== undefined && { seal }), ...(hash !== undefined && { hash }) };
    return decideEvents(noted(command, exhibit.id, { ...stamp(command, to), act: 'transferred', from, why, ...checked }));
  },
};

/** The brand has examined it, or an inspection agency, whose report an officer records. */
export const recordExamination: CaseHandler<'recordExamination'> = {
  ...BOTH,
  decide(state, command) {
    const exhibit = findExhibit(state, command.exhibit);
    if (exhibit === undefined || !isAtHand(exhibit)) return refuse('exhibit-unknown');
    const { verdict: result, report, seal, agency } = command;
    const isAgency = agency !== undefined && command.by.capacity === Capacity.governance;
    const by = isAgency ? agency : actingFor(command, state);
    const seals = { ...(seal !== undefined && { seal }), ...(command.newSeal !== undefined && { newSeal: command.newSeal }) };
    return decideEvents(noted(command, exhibit.id, { ...stamp(command, by), act: 'examined', result, report, ...seals }));
  },
};

/** The parcel never arrived, or an exhibit can no longer be found. */
export const recordLoss: CaseHandler<'recordLoss'> = {
  ...BOTH,
  decide(state, command) {
    const exhibit = findExhibit(state, command.exhibit);
    if (exhibit === undefined || exhibit.custody.some(({ act }) => act === 'lost')) return refuse('exhibit-unknown');
    const holder = custodianOf(exhibit) ?? actingFor(command, state);
    return decideEvents(noted(command, exhibit.id, { ...stamp(command, holder), act: 'lost', why: command.why }));
  },
};

/** The exhibits after one was booked or a step was recorded. */
export function evolveExhibits(
  exhibits: readonly Exhibit[],
  e: Extract<CaseEvent, { type: 'ExhibitBooked' | 'CustodyRecorded' }>,
): readonly Exhibit[] {
  if (e.type === 'ExhibitBooked') return [...exhibits, { id: e.exhibit, source: e.source, custody: [] }];
  return exhibits.map((exhibit) => (exhibit.id === e.exhibit ? { ...exhibit, custody: [...exhibit.custody, e.step] } : exhibit));
}
