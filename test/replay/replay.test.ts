import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { type ReplayWorkerOptions, Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { historyCost } from '../../bench/history-cost.ts';
import { quietRuntime, sharedBundle } from '../support/servers.ts';

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));

/** Every golden history, with the least number of events that its shape has. They are recorded by scripts/record-histories.ts. */
const SHAPES: Readonly<Record<string, number>> = {
  'appeal-correction': 10,
  'appeal-counter-notice': 15,
  'case-confirm': 17,
  'case-deny': 11,
  'case-retry': 25,
  'case-silence': 15,
  letter: 11,
  referral: 15,
  sanction: 20,
  sweep: 11,
};

const histories = readdirSync(FOLDER)
  .sort()
  .map((file) => ({ name: file.replace('.json', ''), history: historyFromJSON(JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8'))) }));

/** Names of the histories that the workflow code does not follow. */
async function notFollowed(workflows: Pick<ReplayWorkerOptions, 'workflowBundle' | 'workflowsPath'>): Promise<readonly string[]> {
  quietRuntime();
  const replays = Worker.runReplayHistories(
    workflows,
    histories.map(({ name, history }) => ({ workflowId: name, history })),
  );
  const failed: string[] = [];
  for await (const { workflowId, error } of replays) if (error !== undefined) failed.push(workflowId);
  return failed.sort();
}

describe('golden histories', () => {
  it('are all there and whole', () => {
    expect(histories.map(({ name }) => name)).toEqual(Object.keys(SHAPES));
    for (const { name, history } of histories) {
      expect(history.events?.length, name).toBeGreaterThanOrEqual(SHAPES[name] ?? 0);
      expect(history.events?.at(-1)?.workflowExecutionCompletedEventAttributes, name).toBeTruthy();
    }
  });

  it('hold no name of a machine', () => {
    for (const { history } of histories) {
      for (const event of history.events ?? []) {
        expect(event.workflowTaskStartedEventAttributes?.identity ?? 'interdict@recorder').toBe('interdict@recorder');
      }
    }
  });

  it('are followed by the workflow code of today', async () => {
    expect(await notFollowed({ workflowBundle: await sharedBundle() })).toEqual([]);
  });

  it('are not followed by a broken twin of any workflow', async () => {
    expect(await notFollowed({ workflowsPath: fileURLToPath(new URL('broken-twins.ts', import.meta.url)) })).toEqual(Object.keys(SHAPES));
  });

  it('show the retry and the silence that they are named after', () => {
    const of = (name: string) => historyCost(histories.find((one) => one.name === name)?.history ?? {}).byKind;
    expect(of('case-retry')).toMatchObject({ activity: 2, timer: 2 });
    expect(of('case-silence')).toMatchObject({ timer: 2, local: 2 });
    expect(of('appeal-counter-notice')).toMatchObject({ signal: 1, activity: 1 });
  });
});
