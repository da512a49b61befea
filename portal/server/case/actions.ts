import { Capacity, type Command, type Refusal } from '../../../domain/aggregate.ts';
import { Verdict } from '../../../domain/case/model.ts';
import { AggregateKind, kindOf } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { PolicyValues } from '../../../domain/policy/policy.ts';
import type { Manager } from '../../../store/orm.ts';
import { type Standing, tryOut } from '../../../store/reading/what-if.ts';
import { may, type Operation } from '../access.ts';
import type { Principal } from '../identity.ts';

/** What somebody can do now, and why not. */
export interface Action {
  readonly command: string;
  readonly verdict: string | null;
  readonly reasonCodes: string[];
  readonly isAllowed: boolean;
  readonly refused: Refusal | null;
}

type Sample = { readonly operation: Operation; readonly content: Readonly<Record<string, unknown>> & { readonly kind: string } };

/** A text that nobody wrote: the rules look at whether there is one. */
const TEXT = { '...': '' };

const SAMPLES: { readonly [K in AggregateKind]?: (policy: PolicyValues) => readonly Sample[] } = {
  [AggregateKind.case]: (policy) => [
    ...Object.values(Verdict).map((verdict) => ({
      operation: 'case.verdict' as const,
      content: { kind: 'recordVerdict', verdict, reasonCode: codesOf(policy, verdict)[0] ?? '', basis: 'image' },
    })),
    { operation: 'case.extend', content: { kind: 'extendWindow', length: policy.confirmation.extensionAtMost } },
    { operation: 'case.cancel', content: { kind: 'cancelCase' } },
    { operation: 'case.contest', content: { kind: 'fileCounterStatement', statement: TEXT } },
    { operation: 'case.identify-seller', content: { kind: 'identifySeller', seller: TEXT } },
  ],
  [AggregateKind.appeal]: () => [
    { operation: 'appeal.decide', content: { kind: 'decideAppeal', decision: 'uphold', reason: TEXT } },
    { operation: 'appeal.withdraw', content: { kind: 'withdrawAppeal' } },
    { operation: 'appeal.file-notice', content: { kind: 'fileOfferedNotice', basis: 'image' } },
  ],
  [AggregateKind.sanction]: () => [
    { operation: 'sanction.decide', content: { kind: 'decideSanction', decision: 'approve', reason: TEXT } },
    { operation: 'sanction.lift', content: { kind: 'liftSanction', reason: TEXT } },
  ],
};

/** Asks the rules for every command of the reader's capacity; the log asks them again when it counts. */
export async function actionsFor(em: Manager, who: Principal, standing: Standing, now: Instant): Promise<Action[]> {
  const samples = SAMPLES[kindOf(standing.id)]?.(standing.policy) ?? [];
  const actions: Action[] = [];
  for (const { operation, content } of samples) {
    if (!may(who.capacity, operation)) continue;
    const [organisation] = who.organisations;
    const by = { capacity: who.capacity, person: TEXT, ...(who.capacity !== Capacity.seller && organisation !== undefined && { organisation }) };
    const command: Command = { ...content, id: 'what-if', at: now, by };
    const outcome = await tryOut(em, standing, command);
    const verdict = 'verdict' in content ? String(content['verdict']) : null;
    const refused = 'refused' in outcome ? outcome.refused : null;
    actions.push({
      command: content.kind,
      verdict,
      reasonCodes: verdict === null ? [] : codesOf(standing.policy, verdict),
      isAllowed: refused === null,
      refused,
    });
  }
  return actions;
}

/** The reason codes that go with a verdict. */
function codesOf(policy: PolicyValues, verdict: string): string[] {
  return Object.entries(policy.reasonCodes).flatMap(([code, verdicts]) => (verdicts.some((one) => one === verdict) ? [code] : []));
}
