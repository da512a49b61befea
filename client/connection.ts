import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalAddress {
  /** host:port of the embedded server; absent = the SDK's environment configuration (TEMPORAL_*). */
  readonly address?: string;
  readonly namespace: string;
}

/** Connects lazily, so that a caller can accept messages while Temporal is down. The caller closes the connection. */
export function temporalClient({ address, namespace }: TemporalAddress): Client {
  const connection = Connection.lazy(address === undefined ? loadClientConnectConfig().connectionOptions : { address });
  return new Client({ connection, namespace });
}
