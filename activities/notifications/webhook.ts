import { z } from 'zod';
import { instant } from '../../domain/instant.ts';
import { disableEndpoint, endpointOf } from '../../store/outbox/webhooks.ts';
import { type OutboxRow, OutboxState } from '../../store/schema/entities/outbox.ts';
import type { LogContext } from '../../store/log/context.ts';
import { work } from '../../store/connection/orm.ts';
import { webhookUnavailable } from '../../adapters/failures.ts';
import type { WebhookPort } from '../../adapters/ports.ts';
import type { Settlement } from './settle.ts';

const aboutSchema = z.object({ endpoint: z.string(), sequence: z.string(), changes: z.array(z.unknown()) });
/** Made up: with a wait of a quarter of an hour, five days. */
const MOST_TRIES = 480;

/**
 * Sends one message of changes to its endpoint. A retry has the same id and body, and the consumer tells it by them. An endpoint
 * that says 410, or has not answered for days, is disabled: its organisation sees why.
 */
export async function sendWebhook({ store, clock }: LogContext, port: WebhookPort | undefined, row: OutboxRow): Promise<Settlement> {
  const { endpoint, sequence, changes } = aboutSchema.parse(row.about);
  const now = clock.now();
  const known = await endpointOf(work(store), endpoint, now);
  if (known === undefined) return { state: OutboxState.noAddress, channel: null, result: null };
  if (port === undefined) throw webhookUnavailable('this worker sends no webhooks');
  const body = JSON.stringify({ type: 'changes', timestamp: instant(row.writtenAt), data: { sequence, changes } });
  try {
    const answer = await port.send({ ...known, id: row.id, at: now, body });
    if (answer === 'delivered') return { state: OutboxState.delivered, channel: 'webhook', result: null };
    await disableEndpoint(work(store), endpoint, 'it answered 410 Gone', now);
    return { state: OutboxState.refused, channel: 'webhook', result: '410' };
  } catch (error) {
    if (row.tries < MOST_TRIES) throw error;
    await disableEndpoint(work(store), endpoint, `it has not taken a message for ${MOST_TRIES} tries`, now);
    return { state: OutboxState.refused, channel: 'webhook', result: error instanceof Error ? error.message : null };
  }
}
