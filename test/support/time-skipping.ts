import { Client, type Connection, WorkflowClient, type WorkflowStartInput } from '@temporalio/client';

/** More than any test skips: the server stops skipping at 200 without a word. */
export const SKIPS = 1_000;

/** Starts every workflow with time skipping: waiting takes no time unless an activity runs. The SDK has no option for it yet. */
class TimeSkippingWorkflowClient extends WorkflowClient {
  protected override async createStartWorkflowRequest(input: WorkflowStartInput) {
    const request = await super.createStartWorkflowRequest(input);
    return { ...request, timeSkippingConfig: { enabled: true, disablePropagation: false, maxSessionSkipCount: SKIPS } };
  }
}

/** A client whose workflows skip time; the server must run with `TIME_SKIPPING_FLAGS`. */
export function timeSkippingClient(connection: Connection, namespace = 'interdict'): Client {
  const client = new Client({ connection, namespace });
  // The one place where the young option enters: everything else of the client stays as it is.
  Object.defineProperty(client, 'workflow', { value: new TimeSkippingWorkflowClient({ connection, namespace }) });
  return client;
}

/** Whether an execution still skips time, and how many skips it may make: it stops silently at its limit. */
export async function skippingOf(client: Client, workflowId: string): Promise<{ readonly enabled: boolean; readonly most: number }> {
  const { namespace } = client.options;
  const described = await client.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });
  const config = described.workflowExtendedInfo?.timeSkippingInfo?.effectiveConfig;
  return { enabled: config?.enabled === true, most: config?.maxSessionSkipCount ?? 0 };
}
