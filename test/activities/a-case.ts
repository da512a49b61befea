import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Capacity } from '../../domain/aggregate.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { acceptMessage } from '../../store/log/inbox.ts';
import { advance } from '../../store/log/advance.ts';
import { type Opening, openCases, salt } from '../../store/log/open-cases.ts';
import { type Manager, work } from '../../store/connection/orm.ts';
import type { TestDatabase } from '../support/database.ts';
import { VERSION, WATCH } from './reference.ts';

/** A case about the watch, opened by detection. */
export async function aCase(db: TestDatabase, more: Partial<Opening> = {}): Promise<AggregateId> {
  const [opened] = await openCases(db.context, [
    {
      origin: 'detection',
      marketplace: WATCH.marketplace,
      market: 'DE',
      listing: WATCH.id,
      version: VERSION,
      holder: 'org-a',
      rights: ['R1'],
      seller: 'S-1',
      riskClass: 'standard',
      findings: [{ detector: 'mark-use', version: 1, score: 0.9, reasons: ['the title uses the mark'] }],
      capture: { digest: 'sha256:00' },
      calendar: { country: 'DE', zone: 'Europe/Berlin', hours: '09:00-18:00' },
      ...more,
    },
  ]);
  if (opened === undefined) throw new Error('nothing opened');
  return opened.id;
}

/** The holder's answer, decided. */
export async function answered(db: TestDatabase, id: AggregateId, verdict: string, reasonCode: string, organisation = 'org-a') {
  db.clock.pass(60_000);
  const who = salt('reviewer-a');
  const content = {
    by: { capacity: Capacity.rightsHolder, organisation, person: who.salted },
    kind: 'recordVerdict',
    verdict,
    reasonCode,
    basis: 'image',
  };
  const message = { id: `${id}/${verdict}`, aggregate: id, sender: organisation, fingerprint: verdict, disclosures: [who.disclosure], content };
  await work(db.store).transactional((tx) => acceptMessage(tx as Manager, db.clock, message));
  const { standing } = await advance(db.context, { id, n: 1 });
  return standing;
}

/** Surroundings of an activity. */
export interface Surroundings {
  run<T>(activity: () => Promise<T>): Promise<T>;
  cancel(): void;
}

/** The surroundings of an activity that was first scheduled so many milliseconds ago. */
export function scheduled(msAgo = 0): Surroundings {
  const environment = new MockActivityEnvironment({ scheduledTimestampMs: Date.now() - msAgo }, { logger: new DefaultLogger('ERROR') });
  return { run: (activity) => environment.run(activity), cancel: () => environment.cancel('CANCELLED') };
}
