import { CATALOGUE } from '../../commands/catalogue.ts';
import { type Command, logged, partsOf, sampleBody } from '../../commands/command.ts';
import { Capacity, type Command as DomainCommand } from '../../domain/aggregate.ts';
import { Verdict } from '../../domain/case/model.ts';
import { GIVEN_BY } from '../../domain/commands.ts';
import { kindOf } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import type { Refusal } from '../../domain/refusals.ts';
import { present } from '../../store/register/imports/present.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { type AggregateSnapshot, tryOut } from '../../store/queries/what-if.ts';
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

/** What fields of commands are now, by their names. */
export type Known = Readonly<Record<string, unknown>>;

/** What can be said to an aggregate by a form on its page; `known` gives what its fields are now, where the page knows it. */
export function samplesFor(capacity: Capacity, { id, policy }: AggregateSnapshot, known: Known = {}): readonly Sample[] {
  const length = policy.confirmation.extensions[capacity];
  return FORMED.filter(({ name }) => partsOf(name)[0] === kindOf(id)).flatMap((command) => {
    const verdicts = command.fields['verdict']?.isButton === true ? Object.values(Verdict) : [undefined];
    return verdicts.map((verdict): Sample => {
      const reasonCode = verdict === undefined ? undefined : (codesOf(policy, verdict)[0] ?? '');
      return sampleOf(command, present({ length, verdict, reasonCode, isCorrection: true, ...known }));
    });
  });
}

const FORMED = CATALOGUE.filter(({ hasForm }) => hasForm);

/** A command as somebody could give it now, where `known` is what its fields are. */
export function sampleOf(command: Command, known: Known): Sample {
  const { decision, ...fields } = command.fields;
  const asked = Object.fromEntries(Object.entries(known).filter(([name]) => Object.hasOwn(fields, name)));
  const { decision: _, ...body } = sampleBody(command, asked);
  const { clear, personal } = logged(command, body);
  const content = { ...clear, ...Object.fromEntries(Object.keys(personal).map((name) => [name, TEXT])) };
  if (decision?.control.kind !== 'choice') return { content };
  return { content, decisions: decision.control.values };
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
    if (!(GIVEN_BY.get(`${kindOf(snapshot.id)}.${content.kind}`) ?? []).includes(who.capacity)) continue;
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

async function tryCommand(em: Manager, snapshot: AggregateSnapshot, command: DomainCommand, faults: Faults): Promise<Tried> {
  try {
    const outcome = await tryOut(em, snapshot, command);
    const refused = 'refused' in outcome ? outcome.refused : null;
    return { isAllowed: refused === null, refused, fault: null };
  } catch (error) {
    return { isAllowed: false, refused: null, fault: faults.note(`action ${command.kind}`, error) };
  }
}

function commandOf(who: Principal, content: Sample['content'], now: Instant): DomainCommand {
  const [organisation] = who.organisations;
  const by = { capacity: who.capacity, person: TEXT, ...(who.capacity !== Capacity.seller && organisation !== undefined && { organisation }) };
  return { ...content, id: 'what-if', at: now, by };
}

/** The reason codes that go with a verdict. */
function codesOf(policy: PolicyValues, verdict: string): string[] {
  return Object.entries(policy.reasonCodes).flatMap(([code, verdicts]) => (verdicts.some((one) => one === verdict) ? [code] : []));
}
