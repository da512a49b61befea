import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { fetchHistory } from '../bench/history-cost.ts';
import { HOLDER, listingOf, OFFICER, openingOf, quickPolicy, REVIEWER, writeListings, writeRegister } from '../bench/stage-data.ts';
import { type Stage, startStage } from '../bench/stage.ts';
import type { CaseClient, Sent } from '../client/case-client.ts';
import type { Verdict } from '../domain/case/model.ts';
import { startServers } from '../scenarios/runner/servers.ts';
import { openCases } from '../store/open.ts';
import { installRuntime, startEngine } from '../worker/engine.ts';
import { systemClock } from '../worker/system-clock.ts';
import { TaskQueue, WorkflowType } from '../workflows/messages.ts';

const FOLDER = fileURLToPath(new URL('../test/replay/histories/', import.meta.url));
const REASON: Partial<Record<Verdict, string>> = { counterfeit: 'packaging', genuine: 'checked' };

/** What a story works with; it returns the id of the execution to keep. */
interface Scene {
  readonly stage: Stage;
  readonly client: CaseClient;
}

type StoryTelling = (scene: Scene) => Promise<string>;

/** One story for every control-flow shape of the workflows. */
const STORIES: Readonly<Record<string, StoryTelling>> = {
  'case-confirm': (scene) => decided(scene, 0, 'counterfeit'),
  'case-deny': (scene) => decided(scene, 1, 'genuine'),
  'case-retry': async (scene) => {
    await fault(scene, { on: 'takedown', kind: '503', listing: listingOf(2).listing, times: 1 });
    return decided(scene, 2, 'counterfeit');
  },
  'case-silence': async (scene) => {
    const id = await open(scene, 3);
    await closed(scene, id);
    return id;
  },
  'appeal-correction': async (scene) => {
    await decided(scene, 4, 'counterfeit');
    const appeal = aggregateOf(await answer(scene, 4, 'genuine'));
    await closed(scene, appeal);
    return appeal;
  },
  'appeal-counter-statement': async (scene) => {
    await decided(scene, 5, 'counterfeit');
    const { listing, seller } = listingOf(5);
    const appeal = aggregateOf(await scene.client.fileCounterStatement({ as: seller }, { listing, holder: HOLDER }, 'The goods are genuine.'));
    await scene.client.decideAppeal({ as: OFFICER }, appeal, 'overturn', 'The invoice is in order.');
    await closed(scene, appeal);
    return appeal;
  },
  letter: async (scene) => {
    const id = await decided(scene, 6, 'counterfeit');
    const letter = `${id}/3/statement:seller`;
    await closed(scene, letter);
    return letter;
  },
  sweep: async ({ stage }) => {
    await stage.temporal.workflow.execute(WorkflowType.sweep, {
      workflowId: 'sweep',
      taskQueue: TaskQueue.cases,
      args: [{ marketplace: 'nowhere' }],
    });
    return 'sweep';
  },
};

async function open({ stage }: Scene, number: number): Promise<string> {
  const [opened] = await openCases(stage.context, [openingOf(number)]);
  if (opened === undefined) throw new Error(`nothing was opened for listing ${number}`);
  // Until its timer is armed: a history in which the verdict was faster than the first task is another shape.
  await until(() => hasTimer(stage, opened.id));
  return opened.id;
}

async function hasTimer(stage: Stage, id: string): Promise<boolean> {
  const history = await fetchHistory(stage.temporal, id).catch(() => undefined);
  return history?.events?.some((event) => event.timerStartedEventAttributes != null) === true;
}

async function answer({ client }: Scene, number: number, verdict: Verdict): Promise<Sent> {
  const target = { listing: listingOf(number).listing, holder: HOLDER };
  return client.recordVerdict({ as: REVIEWER }, target, { verdict, reasonCode: REASON[verdict] ?? '', basis: 'image' });
}

async function decided(scene: Scene, number: number, verdict: Verdict): Promise<string> {
  const id = await open(scene, number);
  aggregateOf(await answer(scene, number, verdict));
  await closed(scene, id);
  return id;
}

function aggregateOf(sent: Sent): string {
  if (sent.kind !== 'done') throw new Error(`not done: ${JSON.stringify(sent)}`);
  return sent.aggregate;
}

async function closed({ stage }: Scene, id: string): Promise<void> {
  await until(() => isKnown(stage, id));
  await stage.temporal.workflow.getHandle(id).result();
}

function isKnown(stage: Stage, id: string): Promise<boolean> {
  return stage.temporal.workflow
    .getHandle(id)
    .describe()
    .then(
      () => true,
      () => false,
    );
}

async function fault({ stage }: Scene, body: Readonly<Record<string, unknown>>): Promise<void> {
  await fetch(`${stage.marketplace.url}/admin/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds()); ) {
    if (Date.now() > end) throw new Error('waited a minute in vain');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Names of machines and processes are nobody's business and would differ each time. */
function anonymous(json: string): string {
  return json.replace(/"identity": ?"[^"]*"/g, '"identity":"interdict@recorder"').replace(/"workerInstanceKey": ?"[^"]*"/g, '"workerInstanceKey":""');
}

async function main(): Promise<void> {
  installRuntime('ERROR');
  const servers = await startServers();
  const policy = await quickPolicy({ escalateAfter: 3, lapseAfter: 5, retryAfter: 0.5 });
  const stage = await startStage(servers, policy);
  const engine = await startEngine({ ...stage.places, clock: systemClock, outageMs: 0, bundle: servers.bundle });
  try {
    await writeRegister(stage);
    await writeListings(stage, 0, 10);
    mkdirSync(FOLDER, { recursive: true });
    for (const [name, tell] of Object.entries(STORIES)) {
      const history = await fetchHistory(stage.temporal, await tell({ stage, client: stage.client() }));
      writeFileSync(`${FOLDER}${name}.json`, `${anonymous(historyToJSON(history))}\n`);
      process.stdout.write(`${name}: ${history.events?.length ?? 0} events\n`);
    }
  } finally {
    await engine.stop();
    await stage.stop();
    await servers.stop();
  }
}

await main();
