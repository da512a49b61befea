import { BY_THE_ENGINE, CATALOGUE } from '../commands/catalogue.ts';
import type { Command, Effect, Event, InstantFact, PartyRef } from '../domain/aggregate.ts';
import type { Decision } from '../domain/decision.ts';
import { commandInTodaysNames, eventInTodaysNames } from '../domain/earlier-names.ts';
import { eventSentence, eventValues, namedFields } from '../texts/events.ts';
import { textsIn } from '../texts/languages.ts';
import type { Texts } from '../texts/messages.ts';
import { completed } from '../domain/policy/growth.ts';
import { isSourced, type PolicyDocument, sourceOf, stripSources } from '../domain/policy/policy.ts';
import { type Disclosed, fieldWords, printable, spaced, valueWords } from './values.ts';

/** What each command does, by its aggregate and its kind. */
const SUMMARIES: ReadonlyMap<string, string> = new Map([
  ...CATALOGUE.map(({ name, summary }) => [name, summary] as const),
  ...Object.entries(BY_THE_ENGINE),
]);

/** Who acts: capacity, organisation, person as far as disclosed. */
export function whoWords(by: PartyRef, disclosed: Disclosed): string {
  const parts = [by.capacity, by.organisation && `of ${by.organisation}`, by.person && `(${valueWords(by.person, disclosed)})`];
  return printable(parts.filter((part) => part !== undefined && part !== '').join(' '));
}

/** What was asked of an aggregate of that kind, with all that the command says. */
export function commandWords(kind: string, command: Command, disclosed: Disclosed): string {
  const lead = SUMMARIES.get(`${kind}.${commandInTodaysNames(command).kind}`) ?? spaced(command.kind);
  const fields = fieldWords(command, undefined, disclosed);
  return fields === '' ? lead : `${lead}: ${fields}`;
}

/** One event as its sentence, then its type with the fields that the sentence does not name: `The listing is captured [CaptureRecorded: ...]`. */
export function eventWords(event: Event, disclosed: Disclosed, texts: Texts = textsIn('en')): string {
  const said = sentenceOf(event, disclosed, texts);
  const named = said === undefined ? [] : namedFields(event.type);
  const rest = Object.fromEntries(Object.entries(event).filter(([field]) => !named.includes(field)));
  const fields = fieldWords(rest, undefined, disclosed);
  const exact = fields === '' ? printable(event.type) : `${printable(event.type)}: ${fields}`;
  return said === undefined ? exact : `${said} [${exact}]`;
}

/** The sentence alone, as in every timeline; the type and all fields where there is no sentence. */
export function eventInBrief(event: Event, disclosed: Disclosed, texts: Texts = textsIn('en')): string {
  return sentenceOf(event, disclosed, texts) ?? eventWords(event, disclosed, texts);
}

function sentenceOf(event: Event, disclosed: Disclosed, texts: Texts): string | undefined {
  const named = eventInTodaysNames(event);
  const said = eventSentence(named.type, eventValues(named), { texts, instant: (at) => at, clear: (salted) => disclosed.get(salted['...']) });
  return said === undefined ? undefined : printable(said, 1_000);
}

/** How a due instant came about: start, duration, calendar, result. */
export function instantWords(fact: InstantFact, disclosed: Disclosed): string {
  const { name, from, after, calendar, at, data, provisional } = fact;
  const due = provisional === true ? `is due provisionally ${at}` : `is due ${at}`;
  return printable(`${name}: ${valueWords(after, disclosed)} from ${from} on the calendar ${valueWords(calendar, disclosed)} (${data}) ${due}`);
}

/** An effect owed, with what the outside is asked. */
export function effectWords(effect: Effect, disclosed: Disclosed): string {
  return printable(`owes ${effect.kind} ${effect.key}, try ${effect.try}: ${valueWords(effect.args, disclosed)}`);
}

/** A value of the policy that a decision rests on. */
export interface PolicyValue {
  readonly path: string;
  readonly value: string;
  readonly source?: string;
}

/** The policy values that a decision's due instants and events name, each with its source. */
export function policyValues(decision: Decision, document: unknown): readonly PolicyValue[] {
  const events = 'events' in decision.outcome ? decision.outcome.events : [];
  const named = [...Object.values(decision.facts.instants).map((fact) => fact.policy), ...events.map((event) => event.cause.policy)];
  const paths = new Set(named.filter((path) => path !== undefined));
  return [...paths].map((path) => {
    const source = sourceOf(document as PolicyDocument, path);
    return { path, value: valueAt(document, path), ...(source !== undefined && { source: printable(source) }) };
  });
}

function valueAt(document: unknown, path: string): string {
  let node: unknown = completed(document);
  for (const key of path.split('.')) {
    const inside: unknown = isSourced(node) ? node.value : node;
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, key)) return 'not in the policy';
    node = Object.entries(inside).find(([name]) => name === key)?.[1];
  }
  const value = stripSources(node);
  // A whole section is named by its path; its single values stand with the due instants.
  return typeof value === 'object' && value !== null && !isSourced(node) && !path.includes('.') ? '(the section)' : valueWords(value, new Map());
}
