import { inject } from 'vitest';
import { newDatabase } from '../../scenarios/runner/databases.ts';
import { shippedPolicy } from '../../policies/load.ts';
import { instant } from '../../domain/instant.ts';
import { type LogContext, PolicyCache } from '../../store/log/context.ts';
import { type Manager, openStore, type Store, work } from '../../store/connection/orm.ts';
import { storePolicy, storeRules } from '../../store/register/policies.ts';
import { rulesBundle } from '../../verifier/entry/rules-bundle.ts';
import { FixedClock } from './clock.ts';

/** A database of its own, copied from the migrated template, with the shipped policy in force. */
export interface TestDatabase {
  readonly url: string;
  readonly engineUrl: string;
  readonly store: Store;
  readonly clock: FixedClock;
  readonly context: LogContext;
  /** Address for another role or operator. */
  close(): Promise<void>;
}

/** Makes a test database. The caller closes it. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, drop } = await newDatabase(inject('databaseUrl'), 'test');
  const engineUrl = roleUrl(url, 'interdict_engine');
  const store = await openStore({ url: engineUrl, operator: 'main', poolSize: 12 });
  const clock = new FixedClock();
  const rules = await rulesBundle();
  await storePolicy(work(store) as Manager, await shippedPolicy(), instant('2020-01-01T00:00:00Z'));
  await storeRules(work(store) as Manager, rules);
  const context: LogContext = { store, clock, rules: rules.digest, policies: new PolicyCache() };
  const close = async () => {
    await store.close();
    await drop();
  };
  return { url, engineUrl, store, clock, context, close };
}

/** The same address with a role to step into. */
export function roleUrl(url: string, role: string): string {
  const address = new URL(url);
  address.searchParams.set('options', `-c role=${role}`);
  return address.toString();
}
