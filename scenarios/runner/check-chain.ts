import type { Event } from '../../domain/aggregate.ts';
import type { CaseView } from '../../store/queries/cases.ts';
import type { CheckOf, ExpectedEvent } from './check-schemas.ts';
import { type Finding, isLike, matchesInstant, same, sameInstant } from './compare.ts';
import type { Session } from './session.ts';

/** What became of a case. */
export async function checkCase(session: Session, check: CheckOf<'case'>): Promise<readonly Finding[]> {
  const view = await session.view(await session.caseId(check.case));
  if (view?.kind !== 'case') return missing('case', check.case, check.exists);
  const events = eventsOf(view);
  const opened = events.find(({ event }) => event.type === 'CaseOpened')?.event;
  return [
    ...chainFindings('case', view, check),
    ...same('appeals', check.appeals, view.appeals.length),
    ...same('versions', check.versions, 1 + events.filter(({ event }) => event.type === 'VersionJoined').length),
    ...same('risk-class', check['risk-class'], opened === undefined ? undefined : Reflect.get(opened, 'riskClass')),
    ...same('detectors', check.detectors?.toSorted(), [...(opened?.cause.detectors ?? [])].map((detector) => detector.split('@')[0] ?? '').sort()),
    ...(await linkFindings(session, check['linked-to'], opened === undefined ? undefined : Reflect.get(opened, 'linkedTo'))),
  ];
}

/** Which earlier case decision 1 names. */
async function linkFindings(session: Session, expected: CheckOf<'case'>['linked-to'], got: unknown): Promise<readonly Finding[]> {
  if (expected === undefined) return [];
  return same('linked-to', expected === 'none' ? 'none' : await session.caseId(expected), got ?? 'none');
}

/** What became of an appeal. */
export async function checkAppeal(session: Session, check: CheckOf<'appeal'>): Promise<readonly Finding[]> {
  const view = await session.view(await session.appealId(check.appeal));
  return view?.kind === 'appeal' ? chainFindings('appeal', view, check) : missing('appeal', check.appeal, check.exists);
}

/** There is none, as expected or not. */
export function missing(subject: string, reference: unknown, exists: boolean | undefined): readonly Finding[] {
  return [{ field: [subject], ok: exists === false, expected: exists === false ? 'none' : reference, got: 'none' }];
}

type ChainCheck = Omit<CheckOf<'appeal'>, 'appeal'>;

/** What an expectation says about any chain. */
export function chainFindings(subject: string, view: CaseView, check: ChainCheck): readonly Finding[] {
  const refusals = view.timeline.flatMap(({ refused }) => (refused === undefined ? [] : [refused.code]));
  return [
    { field: [subject], ok: check.exists !== false, expected: check.exists === false ? 'none' : 'to be there', got: view.id },
    ...same('status', check.status, view.status),
    ...same('decisions', check.decisions, view.timeline.length),
    ...same('refusals', check.refusals, refusals),
    ...eventFindings(eventsOf(view), check),
    ...deadlineFindings(view, check.deadline),
  ];
}

interface Happened {
  readonly at: string;
  readonly event: Event;
}

function eventsOf({ timeline }: CaseView): readonly Happened[] {
  return timeline.flatMap(({ at, events }) => events.map((event) => ({ at, event })));
}

function eventFindings(happened: readonly Happened[], { events, includes, excludes }: ChainCheck): readonly Finding[] {
  const got = happened.map(({ at, event }) => `${event.type} at ${at}`);
  const findings: Finding[] = [];
  if (events !== undefined) {
    const wrong = events.findIndex((expected, index) => !matches(expected, happened[index]));
    const ok = wrong < 0 && events.length === happened.length;
    findings.push({
      field: ok ? ['events'] : ['events', Math.max(0, wrong)],
      ok,
      expected: events.map(inWords),
      got: withFields(events, happened, got),
    });
  }
  if (includes !== undefined) {
    const absent = firstAbsent(includes, happened);
    findings.push({
      field: ['includes', Math.max(0, absent)],
      ok: absent < 0,
      expected: includes.map(inWords),
      got: withFields(includes, happened, got),
    });
  }
  if (excludes !== undefined) {
    const found = happened.filter(({ event }) => excludes.includes(event.type)).map(({ event }) => event.type);
    findings.push({ field: ['excludes'], ok: found.length === 0, expected: `none of ${excludes.join(', ')}`, got });
  }
  return findings;
}

/** Index of the first expected event that does not follow the ones before it; -1 when all are there in their order. */
function firstAbsent(expected: readonly ExpectedEvent[], happened: readonly Happened[]): number {
  let from = 0;
  return expected.findIndex((event) => {
    const at = happened.findIndex((one, index) => index >= from && matches(event, one));
    from = at + 1;
    return at < 0;
  });
}

function matches(expected: ExpectedEvent, one: Happened | undefined): boolean {
  if (one === undefined || one.event.type !== expected.type) return false;
  if (expected.at !== undefined && !matchesInstant(expected.at, one.at)) return false;
  return !('with' in expected) || expected.with === undefined || isLike(expected.with, one.event);
}

function inWords(event: ExpectedEvent): string {
  const fields = 'with' in event && event.with !== undefined ? ` with ${JSON.stringify(event.with)}` : '';
  return `${event.type}${event.at === undefined ? '' : ` at ${event.at}`}${fields}`;
}

/** Where fields were expected, the report shows the fields that the event has. */
function withFields(expected: readonly ExpectedEvent[], happened: readonly Happened[], got: readonly string[]): readonly string[] {
  const looked = new Set(expected.filter((event) => 'with' in event && event.with !== undefined).map(({ type }) => type));
  return got.map((words, index) => {
    const event = happened[index]?.event;
    if (event === undefined || !looked.has(event.type)) return words;
    const { type: _, cause: __, ...fields } = event;
    return `${words} with ${JSON.stringify(fields)}`;
  });
}

function deadlineFindings(view: CaseView, expected: ChainCheck['deadline']): readonly Finding[] {
  if (expected === undefined) return [];
  const got = view.due === null ? 'none' : `${view.dueRule} at ${view.due}`;
  if (expected === 'none') return [{ field: ['deadline'], ok: view.due === null, expected, got }];
  return [...same('deadline', expected.rule, view.dueRule), ...sameInstant('deadline', expected.at, view.due)];
}
