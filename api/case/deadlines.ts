import type { Deadline } from '../../domain/aggregate.ts';
import { kindOf } from '../../domain/ids.ts';
import { completed } from '../../domain/policy/growth.ts';
import { type PolicyDocument, sourceOf } from '../../domain/policy/policy.ts';
import { rulesOf } from '../../domain/registry.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { type AggregateSnapshot, tryOut } from '../../store/queries/what-if.ts';
import type { Happening } from '../schemas/case.ts';
import { happeningOf } from './timeline.ts';

/** One deadline that runs, and what silence will do then. */
export interface RunningDeadline extends Omit<Deadline, 'provisional'> {
  readonly provisional: boolean;
  readonly silence: Happening[];
  readonly policy: { path: string; value: string; source: string | null }[];
}

/** No aggregate has more deadlines in a row that nobody answers. */
const MOST = 8;

/**
 * What follows if nobody does anything: each deadline in its order, decided by the rules as if it passed. It ends where
 * something outside has to answer first.
 */
export async function deadlinesOf(em: Manager, snapshot: AggregateSnapshot, document: PolicyDocument): Promise<RunningDeadline[]> {
  const rules = rulesOf(kindOf(snapshot.id));
  const found: RunningDeadline[] = [];
  let { state } = snapshot;
  for (let due = rules.deadline(state); due !== undefined && found.length < MOST; due = rules.deadline(state)) {
    const outcome = await tryOut(em, { ...snapshot, state }, rules.onDeadline(due));
    const events = 'events' in outcome ? outcome.events : [];
    const paths = [...new Set(events.flatMap(({ cause }) => cause.policy ?? []))];
    const policy = paths.map((path) => ({ path, value: valueAt(document, path), source: sourceOf(document, path) ?? null }));
    found.push({
      at: due.at,
      rule: due.rule,
      provisional: due.provisional === true,
      silence: events.map((event) => happeningOf(event, new Map())),
      policy,
    });
    state = events.reduce((before, event) => rules.evolve(before, event), state);
    if (events.length === 0 || rules.effects(state).length > 0) break;
  }
  return found;
}

function valueAt(document: PolicyDocument, path: string): string {
  const value = path.split('.').reduce<unknown>((node, key) => {
    const inside = node !== null && typeof node === 'object' && 'value' in node ? node.value : node;
    return inside !== null && typeof inside === 'object' ? Object.entries(inside).find(([name]) => name === key)?.[1] : undefined;
  }, completed(document));
  const plain = value !== null && typeof value === 'object' && 'value' in value ? value.value : value;
  return plain === undefined ? '' : typeof plain === 'string' ? plain : JSON.stringify(plain);
}
