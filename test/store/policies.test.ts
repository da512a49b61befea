import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PolicyDocument, policyDigest } from '../../domain/policy/policy.ts';
import { shippedPolicy } from '../../policies/load.ts';
import { PolicyRow } from '../../store/entities/register.ts';
import { PolicyRefused, storePolicy } from '../../store/policies.ts';
import { type Manager, work } from '../../store/orm.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let db: TestDatabase;
let shipped: PolicyDocument;
beforeAll(async () => {
  db = await testDatabase();
  shipped = await shippedPolicy();
});
afterAll(() => db.close());

const em = () => work(db.store) as Manager;
const changed = (version: number, why: string): PolicyDocument => ({ ...shipped, version, counting: { value: why, source: 'made up' } });
const refusal = (policy: PolicyDocument) =>
  storePolicy(em(), policy, db.clock.now()).then(
    () => undefined,
    (error: unknown) => error,
  );

it('the policy in force may be stored again: nothing changes', async () => {
  expect(await storePolicy(em(), shipped, db.clock.now())).toBe(policyDigest(shipped));
  expect(await em().count(PolicyRow, {})).toBe(1);
});

it('a second document of the same name and version is refused, also of two at once', async () => {
  const refused = await refusal(changed(shipped.version, 'other words'));
  expect(refused).toBeInstanceOf(PolicyRefused);
  expect(refused).toMatchObject({ code: 'version-taken', message: /other content/, cure: `Give it version ${shipped.version + 1}.` });
  db.clock.pass(1_000);
  const both = await Promise.all([refusal(changed(shipped.version + 1, 'one')), refusal(changed(shipped.version + 1, 'two'))]);
  expect(both.map((error) => (error instanceof PolicyRefused ? error.code : 'stored')).sort()).toEqual(['stored', 'version-taken']);
  expect((await db.context.policies.current(em(), db.clock.now())).values.version).toBe(shipped.version + 1);
});

it('a number behind the newest of its name is refused, another name has its own numbers', async () => {
  await storePolicy(em(), changed(shipped.version + 7, 'far'), db.clock.now());
  expect(await refusal(changed(shipped.version + 3, 'late'))).toMatchObject({ code: 'version-taken', message: /has come to version/ });
  expect(await refusal({ ...changed(1, 'ours'), name: 'ours' })).toBeUndefined();
});

it('what was in force before does not come back under its old number: that would say what is not so', async () => {
  expect(await refusal(shipped)).toMatchObject({ code: 'superseded', cure: `Give it version ${shipped.version + 8}.` });
});
