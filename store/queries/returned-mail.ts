import type { Recipient } from '../../domain/aggregate.ts';
import { DeliveryFact } from '../../domain/inbound-mail.ts';
import type { Manager } from '../connection/orm.ts';

/** A mail of ours that came back, or of which a mail host wrote something that only a person can read. */
export interface ReturnLine {
  readonly at: string;
  readonly fact: string;
  readonly status: string;
  /** Where it ended after it was passed on. */
  readonly address: string | null;
  readonly words: string | null;
  readonly letter: string;
  readonly kind: string;
  readonly aggregate: string;
  /** For whom it was: `organisation org-a`; a seller is not named. */
  readonly to: string;
  /** What is thought of the outbox message now. */
  readonly state: string;
}

/** What came back lately, the newest first; one line for each outbox message of a digest. */
export async function listReturns(em: Manager, limit: number): Promise<readonly ReturnLine[]> {
  const rows = await em.execute<(Omit<ReturnLine, 'to'> & { readonly to: Recipient })[]>(
    `select f.at, f.fact, f.status, f.address, f.words, l.id as letter, l.kind, l.aggregate, l."to", l.state
     from delivery_fact f join outbox l on l.mark = f.mark and l.operator = f.operator
     where f.operator = current_setting('interdict.operator', true) and f.fact in (?, ?) order by f.at desc, l.id limit ?`,
    [DeliveryFact.bounced, DeliveryFact.unclear, limit],
  );
  return rows.map(({ to, ...row }) => ({ ...row, to: inWords(to) }));
}

function inWords(to: Recipient): string {
  if ('organisation' in to) return `organisation ${to.organisation}`;
  if ('person' in to) return `person ${to.person}`;
  if ('authority' in to) return `authority ${to.authority}`;
  return 'seller' in to ? 'the seller' : 'the platform';
}
