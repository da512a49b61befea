import { Worker } from '@temporalio/worker';
import type { HistoryFile } from '../domain/history-file.ts';
import { workflowBundle } from '../worker/create-worker.ts';

/** Whether one run's history replays on this checkout's workflow code. */
export interface FlowReport {
  readonly aggregate: string;
  readonly run: string;
  readonly ok: boolean;
  readonly what: string;
}

/** Replays every workflow history of a file with the SDK's replayer. No hash covers them: this says how it moved, not what is true. */
export async function replayRuns(file: HistoryFile): Promise<readonly FlowReport[]> {
  const runs = file.flow ?? [];
  if (runs.length === 0) return [];
  const bundle = await workflowBundle();
  const reports: FlowReport[] = [];
  for (const { aggregate, run, history } of runs) {
    try {
      await Worker.runReplayHistory({ workflowBundle: bundle }, history, aggregate);
      reports.push({ aggregate, run, ok: true, what: 'replays on the present workflow code' });
    } catch (error) {
      reports.push({ aggregate, run, ok: false, what: error instanceof Error ? error.message : String(error) });
    }
  }
  return reports;
}
