import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { COMMANDS } from '../commands/catalogue.ts';
import { fetchHistory } from '../bench/history-cost.ts';
import {
  capturedOpeningOf,
  HOLDER,
  LIAISON,
  listingOf,
  OFFICER,
  openingOf,
  REVIEWER,
  strictPolicy,
  writeAuthority,
  writeListings,
  writeRegister,
} from '../bench/stage-data.ts';
import { type Stage, startStage } from '../bench/stage.ts';
import type { CaseClient, Sent } from '../client/case-client.ts';
import type { Verdict } from '../domain/case/model.ts';
import { startServers } from '../scenarios/runner/servers.ts';
import { openCases } from '../store/log/open-cases.ts';
import { work } from '../store/connection/orm.ts';
import { listCases } from '../store/queries/cases.ts';
import { listReferrals } from '../store/queries/referrals.ts';
import { installRuntime, startEngine } from '../worker/engine.ts';
import { systemClock } from '../worker/system-clock.ts';
import { TaskQueue, WorkflowType } from '../workflows/contracts.ts';

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
  'case-confirm': (scene) => answerCase(scene, 0, 'counterfeit'),
  'case-deny': (scene) => answerCase(scene, 1, 'genuine'),
  'case-retry': async (scene) => {
    await fault(scene, { on: 'takedown', kind: '503', listing: listingOf(2).listing, times: 1 });
    return answerCase(scene, 2, 'counterfeit');
  },
  'case-silence': async (scene) => {
    const id = await open(scene, 3);
    await waitForClosure(scene, id);
    return id;
  },
  'appeal-correction': async (scene) => {
    await answerCase(scene, 4, 'counterfeit');
    const appeal = aggregateOf(await answer(scene, 4, 'genuine'));
    await waitForClosure(scene, appeal);
    return appeal;
  },
  'appeal-counter-notice': async (scene) => {
    await answerCase(scene, 5, 'counterfeit');
    const { listing, seller } = listingOf(5);
    const appeal = aggregateOf(
      await scene.client.send(COMMANDS.fileCounterNotice, { as: seller }, { listing, holder: HOLDER }, { statement: 'The goods are genuine.' }),
    );
    await scene.client.send(COMMANDS.decideAppeal, { as: OFFICER }, { id: appeal }, { decision: 'overturn', reason: 'The invoice is in order.' });
    await waitForClosure(scene, appeal);
    return appeal;
  },
  letter: async (scene) => {
    const id = await answerCase(scene, 6, 'counterfeit');
    const letter = `${id}/3/statement:seller`;
    await waitForClosure(scene, letter);
    return letter;
  },
  sanction: async (scene) => {
    await answerCase(scene, 7, 'counterfeit');
    const id = await findOne(() => sanctionOf(scene, 7, 'proposed'));
    await scene.client.send(COMMANDS.decideSanction, { as: OFFICER }, { id }, { decision: 'approve', reason: 'Clear.' });
    await findOne(() => sanctionOf(scene, 7, 'in-force'));
    await scene.client.send(COMMANDS.liftSanction, { as: OFFICER }, { id }, { reason: 'It was his brother.' });
    await waitForClosure(scene, id);
    return id;
  },
  referral: async (scene) => {
    // Without a capture nothing would be packed, and nothing waived.
    await openCases(scene.stage.context, [await capturedOpeningOf(scene.stage, 8)]);
    aggregateOf(await answer(scene, 8, 'counterfeit'));
    const client = scene.client;
    const id = await findOne(() => referralOf(scene, 8, 'asking-brands'));
    const words = { appraisal: 'A copy.', priceStatement: 'EUR 90', contact: 'Rev' };
    await client.send(COMMANDS.giveAppraisal, { as: REVIEWER }, { id }, { brand: HOLDER, ...words, documents: [] });
    await findOne(() => referralOf(scene, 8, 'incomplete'));
    await client.send(COMMANDS.withdrawReferral, { as: LIAISON }, { id }, { reason: 'Nothing was examined.' });
    await waitForClosure(scene, id);
    return id;
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

async function sanctionOf({ stage }: Scene, number: number, status: string): Promise<string | undefined> {
  return (await listCases(work(stage.store), { kind: 'sanction', status, seller: listingOf(number).seller }))[0]?.id;
}

async function referralOf({ stage }: Scene, number: number, status: string): Promise<string | undefined> {
  return (await listReferrals(work(stage.store), { status, seller: listingOf(number).seller }))[0]?.id;
}

async function findOne(look: () => Promise<string | undefined>): Promise<string> {
  let id: string | undefined;
  await until(async () => {
    id = await look();
    return id !== undefined;
  });
  return id ?? '';
}

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
  return client.send(COMMANDS.recordVerdict, { as: REVIEWER }, target, {
    verdict,
    reasonCode: REASON[verdict] ?? '',
    basis: 'image',
    isCorrection: true,
  });
}

async function answerCase(scene: Scene, number: number, verdict: Verdict): Promise<string> {
  const id = await open(scene, number);
  aggregateOf(await answer(scene, number, verdict));
  await waitForClosure(scene, id);
  return id;
}

function aggregateOf(sent: Sent): string {
  if (sent.kind !== 'done') throw new Error(`not done: ${JSON.stringify(sent)}`);
  return sent.aggregate;
}

async function waitForClosure({ stage }: Scene, id: string): Promise<void> {
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
  const policy = await strictPolicy({ escalateAfter: 3, lapseAfter: 5, retryAfter: 0.5 });
  const stage = await startStage(servers, policy);
  const engine = await startEngine({ ...stage.places, clock: systemClock, outageMs: 0, bundle: servers.bundle });
  try {
    await writeRegister(stage);
    await writeListings(stage, 0, 10);
    await writeAuthority(stage);
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
