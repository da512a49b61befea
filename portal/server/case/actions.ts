import { Capacity, type Command, type Refusal } from '../../../domain/aggregate.ts';
import { Verdict } from '../../../domain/case/model.ts';
import { AggregateKind, kindOf } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { PolicyValues } from '../../../domain/policy/policy.ts';
import type { Manager } from '../../../store/orm.ts';
import { type Standing, tryOut } from '../../../store/reading/what-if.ts';
import { may, operationOf } from '../access.ts';
import type { Principal } from '../identity.ts';

/** What somebody can do now, and why not. */
export interface Action {
  readonly command: string;
  readonly verdict: string | null;
  readonly reasonCodes: string[];
  /** Of a command that decides: each decision apart. */
  readonly decisions: { readonly decision: string; readonly isAllowed: boolean; readonly refused: Refusal | null }[];
  readonly isAllowed: boolean;
  readonly refused: Refusal | null;
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

/** What of a case, an appeal or a sanction the reader can do now. */
export function actionsFor(em: Manager, who: Principal, standing: Standing, now: Instant): Promise<Action[]> {
  return actionsOf(em, who, standing, now, SAMPLES[kindOf(standing.id)]?.(standing.policy) ?? []);
}

/** Asks the rules for every command of the reader's capacity; the log asks them again when it counts. */
export async function actionsOf(em: Manager, who: Principal, standing: Standing, now: Instant, samples: readonly Sample[]): Promise<Action[]> {
  const actions: Action[] = [];
  for (const { content, decisions = [] } of samples) {
    const operation = operationOf(`${kindOf(standing.id)}.${content.kind}`);
    if (operation === undefined || !may(who.capacity, operation)) continue;
    const refusalOf = async (more: object) => {
      const outcome = await tryOut(em, standing, commandOf(who, { ...content, ...more }, now));
      return 'refused' in outcome ? outcome.refused : null;
    };
    const each = [];
    for (const decision of decisions) each.push(await triedDecision(decision, refusalOf));
    const refused = each.length === 0 ? await refusalOf({}) : each.some(({ isAllowed }) => isAllowed) ? null : (each[0]?.refused ?? null);
    const verdict = 'verdict' in content ? String(content['verdict']) : null;
    const reasonCodes = verdict === null ? [] : codesOf(standing.policy, verdict);
    actions.push({ command: content.kind, verdict, reasonCodes, decisions: each, isAllowed: refused === null, refused });
  }
  return actions;
}

async function triedDecision(decision: string, refusalOf: (more: object) => Promise<Refusal | null>): Promise<Action['decisions'][number]> {
  const refused = await refusalOf({ decision });
  return { decision, isAllowed: refused === null, refused };
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
