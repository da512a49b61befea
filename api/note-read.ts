import { logAccess } from '../store/access/access-log.ts';
import { work } from '../store/connection/orm.ts';
import type { ServerDeps } from './deps.ts';
import type { Principal } from './identity.ts';

/** Every read of a case by a person or a machine, and who took it up and gave it back, is on record before it is answered. */
export async function noteRead(deps: ServerDeps, who: Principal, operation: string, aggregate: string): Promise<void> {
  const { id, capacity, how } = who;
  await logAccess(work(deps.engine), { at: deps.clock.now(), who: id, capacity, how, operation, aggregate });
}
