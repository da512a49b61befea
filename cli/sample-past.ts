import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import pino from 'pino';
import type { Clock } from '../domain/clock.ts';
import { resolveDuration } from '../calendars/resolve-duration.ts';
import { countryOfZone } from '../calendars/zones.ts';
import type { AggregateId } from '../domain/ids.ts';
import { type CalendarRef, type Duration, epochMs, type Instant, instantOf } from '../domain/instant.ts';
import { type PolicyDocument, valuesOf } from '../domain/policy/policy.ts';
import { shippedPolicy } from '../policies/load.ts';
import { loadStory, type Story } from '../scenarios/runner/document.ts';
import { isOther } from '../scenarios/runner/step-schemas.ts';
import { readRows } from '../scenarios/runner/register.ts';
import { inWords } from '../scenarios/runner/report.ts';
import { tellSteps } from '../scenarios/runner/run.ts';
import { Session } from '../scenarios/runner/session.ts';
import { stageOn } from '../scenarios/runner/stage.ts';
import { VirtualClock } from '../scenarios/runner/virtual-clock.ts';
import { AggregateRow } from '../store/schema/entities/log.ts';
import { work } from '../store/connection/orm.ts';
import { storePolicy } from '../store/register/policies.ts';
import { type Engine, installRuntime, startEngine } from '../worker/engine.ts';
import { workflowStarter } from '../worker/workflow-starter.ts';
import type { Context } from './context.ts';

/** Its last listing is about this brand, which says nothing: the story ends when its account manager has just been told. */
const SILENT = 'org-aurelune';
/** Longer than any run of holidays within which a silent brand's hours pass. */
const SEARCHED_DAYS = 60;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The samples' past as a story. */
export function pastOfSamples(root: string): Promise<Story> {
  return loadStory(join(root, 'samples', 'past.yaml'));
}

/**
 * Tells the samples' past on the running embedded servers, on a virtual clock that starts weeks ago and ends now: every row is
 * made by the log, the outbox messages go to the mailbox at their instants, and each message's id begins with `sample:`. `setClock` gives
 * mailbox and marketplace the same clock. What is open afterwards has no timers until `goOnForReal`.
 * @throws Error when a step does not end as it should; what was told until then stays
 */
export async function tellPast(context: Context, setClock: (clock: Clock) => void, signal: AbortSignal): Promise<void> {
  const [story, policy] = [await pastOfSamples(context.config.root), await shippedPolicy()];
  const clock = new VirtualClock(await pastStartsAt(story, policy, context.clock.now()));
  setClock(clock);
  const engine = await pastEngine(context, clock);
  try {
    await storePolicy(work(engine.store), policy, clock.now());
    // Told to stop, the engine's workers may have stopped already: what is under way is not waited for.
    await untilAborted(tell(context, engine, clock, marked(story)), signal);
  } finally {
    await engine.stop();
    setClock(context.clock);
  }
}

async function tell(context: Context, engine: Engine, clock: VirtualClock, story: Story): Promise<void> {
  const { mailboxUrl = '', marketplaceUrl, vaultDir, ownerUrl } = await context.places();
  const stage = stageOn({
    ...{ clock, engine, vaultDir, databaseUrl: ownerUrl },
    ...{ mailbox: { url: mailboxUrl }, marketplace: { url: marketplaceUrl } },
  });
  const session = new Session(stage, story);
  await tellSteps(session, (report) => {
    if (!report.ok) throw new Error(inWords(report, story.file));
  });
  await session.moveTo(context.clock.now());
}

async function pastEngine(context: Context, clock: Clock): Promise<Engine> {
  const { config } = context;
  const places = await context.places();
  installRuntime();
  return startEngine({
    databaseUrl: places.engineUrl,
    operator: config.operator,
    temporal: places.temporal,
    marketplaceUrl: places.marketplaceUrl,
    smtpUrl: places.smtpUrl,
    mail: { from: config.mail.from, replyTo: places.inboundMail?.address },
    ...(places.origin !== undefined && { origin: places.origin }),
    vaultDir: places.vaultDir,
    clock,
    outageMs: 0,
    archives: false,
    starter: { isVirtual: true },
    log: pino({ level: 'warn' }, pino.destination(2)),
  });
}

/** Whoever reads an exported history sees by the ids of its messages that it is a sample's. */
function marked(story: Story): Story {
  const steps = story.scenario.steps.map((step, index) => (isOther(step) ? step : { ...step, 'message-id': `sample:past-${index + 1}` }));
  return { ...story, scenario: { ...story.scenario, steps } };
}

async function untilAborted(task: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  signal.throwIfAborted();
  await Promise.race([task, aborted]);
}

/**
 * When a story must start so that the case that its last step opens is escalated by now and has all its time until silence
 * ends it. The steps' own lengths are kept.
 */
export async function pastStartsAt(story: Story, policy: PolicyDocument, now: Instant): Promise<Instant> {
  const length = story.scenario.steps.reduce((sum, { after = 0 }) => sum + after, 0);
  const { rows } = await readRows('organisations', { file: story.beside('organisations.jsonl') });
  const zone = rows.find(({ id }) => id === SILENT)?.zone ?? 'UTC';
  const { defaultHours, escalateAfter } = valuesOf(policy).confirmation;
  const hours = rows.find(({ id }) => id === SILENT)?.hours ?? defaultHours;
  return instantOf(epochMs(lastWithin(now, escalateAfter, { country: countryOfZone(zone), zone, hours })) - length);
}

/** The last minute from which a duration has passed by now. */
function lastWithin(now: Instant, duration: Duration, calendar: CalendarRef): Instant {
  let [early, late] = [epochMs(now) - SEARCHED_DAYS * DAY_MS, epochMs(now)];
  while (late - early > MINUTE_MS) {
    const middle = Math.floor((early + late) / 2);
    if (resolveDuration(instantOf(middle), duration, calendar).at <= now) early = middle;
    else late = middle;
  }
  return instantOf(early);
}

/** Workflows that were started for a virtual clock arm no timers: those that are open are ended and started again from the log. */
export async function goOnForReal(context: Context): Promise<void> {
  const store = await context.store();
  const temporal = await context.temporal();
  const starter = workflowStarter(temporal, store);
  const open = await work(store).find(AggregateRow, { isFinal: false }, { fields: ['id'] });
  await Promise.all(
    open.map(async ({ id }) => {
      await temporal.workflow.getHandle(id).terminate('the past of the samples has been told').catch(ignoreUnknown);
      // Written by the log.
      await starter.revive(id as AggregateId);
    }),
  );
}

/** Broken off before it was started: its start is an outbox message that still waits. */
function ignoreUnknown(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
