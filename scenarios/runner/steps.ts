import { type AnswerResult, feedAnswers } from '../../client/answer-file.ts';
import { instant, plusMs } from '../../domain/instant.ts';
import { parseNotice } from '../../policies/holiday-notice.ts';
import { loadNotice } from '../../store/register/holiday-notices.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import { TaskQueue, type SweepInput, type SweepResult, WorkflowType } from '../../workflows/contracts.ts';
import { isCaseStep } from './document.ts';
import { sendMessage, type StepOutcome } from './messages.ts';
import { importRows, readRows, revokePerson } from './register.ts';
import type { Session } from './session.ts';
import { isOther, type OtherStep, type Step, type StepOf } from './step-schemas.ts';

/** Does what a step says, at the present instant, and waits until all is quiet. */
export async function perform(session: Session, step: Step): Promise<StepOutcome> {
  const outcome = isOther(step) ? await act(session, step) : await sendMessage(session, step);
  await session.stack.settle();
  return outcome;
}

async function act(session: Session, step: OtherStep): Promise<StepOutcome> {
  switch (step.does) {
    case 'import':
      return importStep(session, step);
    case 'load-calendar':
      return calendarStep(session, step);
    case 'answer':
      return answerStep(session, step);
    case 'sweep':
      return sweepStep(session, step);
    case 'revoke': {
      const known = await revokePerson(session.stack, step.person, session.now());
      return { words: `${step.person} is revoked`, wrong: known ? [] : [`nobody is called ${step.person}`] };
    }
    case 'wait':
      return finishStep('time passes');
    case 'edit-listing':
      await session.outside.onListing(step.listing, 'edit', { ...step.changes });
      return finishStep(`${step.listing} is edited on the marketplace`);
    case 'sell-out':
      await session.outside.onListing(step.listing, 'sold-out');
      return finishStep(`${step.listing} is sold out`);
    case 'remove-listing':
      await session.outside.onListing(step.listing, 'gone');
      return finishStep(`the seller takes ${step.listing} away`);
    case 'order':
      await session.outside.onListing(step.listing, 'orders', { n: step.n });
      return finishStep(`${step.n} orders of ${step.listing} are completed`);
    default:
      return faultStep(session, step);
  }
}

function finishStep(words: string): StepOutcome {
  return { words, wrong: [] };
}

async function importStep({ stack, outside, story }: Session, step: StepOf<'import'>): Promise<StepOutcome> {
  const { kind, rows, file, marketplace } = step;
  const source = file === undefined ? { rows } : { file: story.beside(file) };
  const read = await importRows(stack, outside, kind, source, marketplace === undefined ? {} : { marketplace });
  const counts = { done: read.rows.length, wrong: read.wrong.length };
  return { words: `${counts.done} ${kind} imported`, wrong: countsWrong(counts, step.counts, read.wrong) };
}

async function calendarStep({ stack }: Session, { notice }: StepOf<'load-calendar'>): Promise<StepOutcome> {
  // A story's notice is what a file holds: read by the same parser.
  const read = parseNotice(JSON.stringify(notice), 'the notice');
  const loaded = await work(stack.store).transactional((em) => loadNotice(em as Manager, stack.clock, read));
  const { country, year } = read;
  if (loaded.kind !== 'loaded') return { words: `the notice of ${country} for ${year} is not loaded`, wrong: [loaded.kind] };
  return finishStep(`the notice of ${country} for ${year} is loaded, ${loaded.recounts} to count again`);
}

/** What differs from the counts that were expected; without any, whatever did not get through is wrong. */
function countsWrong(
  counts: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number | undefined>> | undefined,
  reasons: readonly string[],
): readonly string[] {
  if (expected === undefined) return reasons;
  return Object.entries(expected).flatMap(([key, n]) =>
    (counts[key] ?? 0) === n ? [] : [`expected ${key}: ${n}, got ${counts[key] ?? 0}${reasons.map((reason) => `; ${reason}`).join('')}`],
  );
}

async function answerStep({ stack, story }: Session, step: StepOf<'answer'>): Promise<StepOutcome> {
  const { rows, wrong } = await readRows('answers', step.file === undefined ? { rows: step.rows } : { file: story.beside(step.file) });
  const counts = { done: 0, refused: 0, pending: 0, wrong: wrong.length };
  const reasons = [...wrong];
  const lines = rows.map((row, index) => ({ line: index + 1, row }));
  const tell = (result: AnswerResult) => {
    if ('wrong' in result) {
      counts.wrong += result.lines.length;
      reasons.push(result.wrong);
      return;
    }
    const { sent } = result;
    counts[sent.kind === 'done' ? 'done' : sent.kind === 'pending' ? 'pending' : 'refused'] += 1;
    const [line] = result.lines;
    if (sent.kind !== 'done')
      reasons.push(`${rows[line - 1]?.listing ?? ''}: ${sent.kind === 'refused' || sent.kind === 'not-accepted' ? sent.code : sent.kind}`);
  };
  // One by one: on a clock that stands still the order of what is sent is the order of the log.
  await feedAnswers(stack.client, lines, { senderOf: () => ({ as: step.who }), tell, atOnce: 1 });
  return { words: `${counts.done} answers decided, ${counts.refused} refused`, wrong: countsWrong(counts, step.counts, reasons) };
}

async function sweepStep(session: Session, step: StepOf<'sweep'>): Promise<StepOutcome> {
  const total = { scanned: 0, hits: 0, opened: 0, joined: 0, known: 0 };
  for (const marketplace of step.marketplace === undefined ? await marketplaces(session) : [step.marketplace]) {
    const { temporal } = session.stack.engine;
    const result = await temporal.workflow.execute<(input: SweepInput) => Promise<SweepResult>>(WorkflowType.sweep, {
      workflowId: `sweep:${session.nextSweep()}`,
      taskQueue: TaskQueue.cases,
      args: [{ marketplace }],
    });
    for (const key of SWEPT) total[key] += result[key];
  }
  const wrong = SWEPT.flatMap((key) =>
    step[key] === undefined || step[key] === total[key] ? [] : [`expected ${key}: ${step[key]}, got ${total[key]}`],
  );
  return { words: SWEPT.map((key) => `${total[key]} ${key}`).join(', '), wrong };
}

const SWEPT = ['scanned', 'opened', 'joined', 'known'] as const;

async function marketplaces(session: Session): Promise<readonly string[]> {
  const rows = await session.em().execute<{ marketplace: string }[]>('select distinct marketplace from listing order by 1');
  return rows.map((row) => row.marketplace);
}

async function faultStep({ outside, stack }: Session, step: StepOf<'marketplace-fault' | 'mail-fault' | 'end-faults'>): Promise<StepOutcome> {
  if (step.does === 'end-faults') {
    await outside.endFaults();
    return finishStep('all faults end');
  }
  const until = step.for === undefined ? {} : { until: plusMs(instant(stack.clock.now()), step.for) };
  const ends = until.until === undefined ? '' : ` until ${until.until}`;
  const times = step.times === undefined ? {} : { times: step.times };
  if (step.does === 'mail-fault') {
    const { kind, recipient } = step;
    await outside.addFault({ on: 'mailbox', body: { kind, ...(recipient !== undefined && { recipient }), ...times }, ...until });
    return finishStep(`mail to ${recipient ?? 'everybody'} is answered ${kind}${ends}`);
  }
  const { on, kind, listing, shop } = step;
  const about = { ...(listing !== undefined && { listing }), ...(shop !== undefined && { shop }), ...times };
  const pace = {
    ...(step['retry-after-seconds'] !== undefined && { retryAfterSeconds: step['retry-after-seconds'] }),
    ...(step['stall-ms'] !== undefined && { stallMs: step['stall-ms'] }),
  };
  await outside.addFault({ on: 'marketplace', body: { on, kind, ...about, ...pace }, ...until });
  return finishStep(`the marketplace answers ${on} with ${kind}${ends}`);
}

/** The step in a few words, for the report. */
export function describeStep(step: Step): string {
  const of: Readonly<Record<string, unknown>> = step;
  const reason = of['reason-code'] === undefined ? undefined : `(${String(of['reason-code'])})`;
  const onCase = isCaseStep(step) ? (of['case'] ?? `${String(of['listing'])} of ${String(of['holder'])}`) : undefined;
  const target = onCase ?? of['listing'] ?? of['appeal'] ?? of['sanction'] ?? of['referral'];
  const parts = [step.does, of['verdict'], reason, of['exhibit'], of['decision'], of['kind'], target].filter((part) => part !== undefined);
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
}
