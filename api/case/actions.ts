import { Capacity, type Command } from '../../domain/aggregate.ts';
import { Verdict } from '../../domain/case/model.ts';
import { AggregateKind, kindOf } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { type AggregateSnapshot, tryOut } from '../../store/queries/what-if.ts';
import { may, operationOf } from '../access.ts';
import type { Faults } from '../faults.ts';
import type { Principal } from '../identity.ts';

/** What somebody can do now, and why not. */
export interface Action extends Tried {
  readonly command: string;
  readonly verdict: string | null;
  readonly reasonCodes: string[];
  /** Of a command that decides: each decision apart. */
  readonly decisions: ({ readonly decision: string } & Tried)[];
}

/** What the rules said to a command; where they faulted, neither yes nor no, and `fault` finds it in the server's log. */
interface Tried {
  readonly isAllowed: boolean;
  readonly refused: Refusal | null;
  readonly fault: string | null;
}

/** A command as somebody could send it now; of one that decides, with every decision that there is. */
export interface Sample {
  readonly content: Readonly<Record<string, unknown>> & { readonly kind: string };
  readonly decisions?: readonly string[];
}

/** A text that nobody wrote: the rules look at whether there is one. */
export const TEXT = { '...': '' };

const SAMPLES: { readonly [K in AggregateKind]?: (policy: PolicyValues) => readonly Sample[] } = {
  [AggregateKind.case]: (policy) => [
    ...Object.values(Verdict).map((verdict) => ({
      content: { kind: 'recordVerdict', verdict, reasonCode: codesOf(policy, verdict)[0] ?? '', basis: 'image' },
    })),
    { content: { kind: 'extendWindow', length: policy.confirmation.extensionAtMost } },
    { content: { kind: 'cancelCase' } },
    { content: { kind: 'fileCounterStatement', statement: TEXT } },
    { content: { kind: 'identifySeller', seller: TEXT } },
  ],
  [AggregateKind.appeal]: () => [
    { content: { kind: 'decideAppeal', reason: TEXT }, decisions: ['uphold', 'overturn'] },
    { content: { kind: 'withdrawAppeal' } },
    { content: { kind: 'fileOfferedNotice', basis: 'image' } },
  ],
  [AggregateKind.sanction]: () => [
    { content: { kind: 'decideSanction', reason: TEXT }, decisions: ['approve', 'reject'] },
    { content: { kind: 'liftSanction', reason: TEXT } },
  ],
};

/** What can be said to a case, an appeal or a sanction. */
export function samplesFor({ id, policy }: AggregateSnapshot): readonly Sample[] {
  return SAMPLES[kindOf(id)]?.(policy) ?? [];
}

/**
 * Asks the rules for every command of the reader's capacity; the log asks them again when it counts. A command at which they fault
 * says so, and the others stand.
 */
export async function actionsOf(
  em: Manager,
  who: Principal,
  snapshot: AggregateSnapshot,
  now: Instant,
  samples: readonly Sample[],
  faults: Faults,
): Promise<Action[]> {
  const actions: Action[] = [];
  for (const { content, decisions = [] } of samples) {
    const operation = operationOf(`${kindOf(snapshot.id)}.${content.kind}`);
    if (operation === undefined || !may(who.capacity, operation)) continue;
    const tried = (more: object) => tryCommand(em, snapshot, commandOf(who, { ...content, ...more }, now), faults);
    const each: Action['decisions'] = [];
    for (const decision of decisions) each.push({ decision, ...(await tried({ decision })) });
    const verdict = 'verdict' in content ? String(content['verdict']) : null;
    const reasonCodes = verdict === null ? [] : codesOf(snapshot.policy, verdict);
    const whole = each.find(({ isAllowed }) => isAllowed) ?? each[0] ?? (await tried({}));
    const { isAllowed, refused, fault } = whole;
    actions.push({ command: content.kind, verdict, reasonCodes, decisions: each, isAllowed, refused, fault });
  }
  return actions;
}

async function tryCommand(em: Manager, snapshot: AggregateSnapshot, command: Command, faults: Faults): Promise<Tried> {
  try {
    const outcome = await tryOut(em, snapshot, command);
    const refused = 'refused' in outcome ? outcome.refused : null;
    return { isAllowed: refused === null, refused, fault: null };
  } catch (error) {
    return { isAllowed: false, refused: null, fault: faults.note(`action ${command.kind}`, error) };
  }
}

function commandOf(who: Principal, content: Sample['content'], now: Instant): Command {
  const [organisation] = who.organisations;
  const by = { capacity: who.capacity, person: TEXT, ...(who.capacity !== Capacity.seller && organisation !== undefined && { organisation }) };
  return { ...content, id: 'what-if', at: now, by };
}

/** The reason codes that go with a verdict. */
function codesOf(policy: PolicyValues, verdict: string): string[] {
  return Object.entries(policy.reasonCodes).flatMap(([code, verdicts]) => (verdicts.some((one) => one === verdict) ? [code] : []));
}
