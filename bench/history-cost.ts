import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

type History = proto.temporal.api.history.v1.IHistory;
type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** What one execution costs, counted from its history. */
export interface HistoryCost {
  /** Billable actions by the rules of the pricing page (engineering notes on Temporal). */
  readonly actions: number;
  readonly events: number;
  /** Workflow tasks that were completed. */
  readonly workflowTasks: number;
  /** Of the history as protobuf. */
  readonly bytes: number;
  /** Actions by what they are. */
  readonly byKind: Readonly<Record<string, number>>;
}

/** Counts a history, or with `until` the part of it before the first event that fits. */
export function historyCost(history: History, until?: (event: HistoryEvent) => boolean): HistoryCost {
  const all = history.events ?? [];
  const end = until === undefined ? -1 : all.findIndex(until);
  const events = end === -1 ? all : all.slice(0, end);
  const byKind = actionsOf(events);
  return {
    actions: Object.values(byKind).reduce((sum, n) => sum + n, 0),
    events: events.length,
    workflowTasks: events.filter((event) => event.workflowTaskCompletedEventAttributes != null).length,
    bytes: proto.temporal.api.history.v1.History.encode({ events }).finish().length,
    byKind,
  };
}

/** The part of a history before anybody spoke to it: what is held for as long as it waits. */
export function waitingCost(history: History): HistoryCost {
  return historyCost(history, (event) => event.workflowExecutionSignaledEventAttributes != null);
}

/** The history of an execution's newest run. */
export async function fetchHistory(client: Client, workflowId: string): Promise<History> {
  return client.workflow.getHandle(workflowId).fetchHistory();
}

/** Costs of executions, added up. */
export function totalActions(costs: readonly HistoryCost[]): number {
  return costs.reduce((sum, cost) => sum + cost.actions, 0);
}

const PRICED: readonly (readonly [string, (event: HistoryEvent) => number])[] = [
  // A run that continues another is billed as the continuation that ended the one before.
  [
    'start',
    (event) => count(event.workflowExecutionStartedEventAttributes != null && !event.workflowExecutionStartedEventAttributes.continuedExecutionRunId),
  ],
  ['continue-as-new', (event) => count(event.workflowExecutionContinuedAsNewEventAttributes != null)],
  ['activity', (event) => count(event.activityTaskScheduledEventAttributes != null)],
  ['retry', (event) => Math.max(0, (event.activityTaskStartedEventAttributes?.attempt ?? 1) - 1)],
  ['timer', (event) => count(event.timerStartedEventAttributes != null)],
  ['signal', (event) => count(event.workflowExecutionSignaledEventAttributes != null)],
  ['update', (event) => count(event.workflowExecutionUpdateAcceptedEventAttributes != null)],
  ['search-attributes', (event) => count(event.upsertWorkflowSearchAttributesEventAttributes != null)],
  ['child', (event) => 2 * count(event.startChildWorkflowExecutionInitiatedEventAttributes != null)],
];

function actionsOf(events: readonly HistoryEvent[]): Record<string, number> {
  const priced = PRICED.map(([kind, price]): [string, number] => [kind, events.reduce((sum, event) => sum + price(event), 0)]);
  // All local activities and markers of one workflow task are one action.
  const markers = new Set(events.map((event) => event.markerRecordedEventAttributes?.workflowTaskCompletedEventId?.toString()));
  markers.delete(undefined);
  return Object.fromEntries([...priced, ['local', markers.size] as const].filter(([, n]) => n > 0));
}

function count(is: boolean): number {
  return is ? 1 : 0;
}
