import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vaultUnavailable } from '../../adapters/failures.ts';
import type { VaultPort } from '../../adapters/ports.ts';
import { InboxRow } from '../../store/schema/entities/log.ts';
import { work } from '../../store/connection/orm.ts';
import { open } from '../store/support.ts';
import { type Caller, type TestApi, type Got, PEOPLE, startApi } from './support.ts';

const MEGABYTE = 1_000_000;
let isVaultFull = false;
let gate: () => Promise<void> = async () => {};
let api: TestApi;
let brand: Caller;
let other: Caller;
beforeAll(async () => {
  api = await startApi({ documentBytes: MEGABYTE });
  const putStream = api.deps.vault.putStream.bind(api.deps.vault);
  const full: VaultPort['putStream'] = async (bytes) => {
    await gate();
    // As a disk does: it takes some, and is full when the last is to be kept.
    if (isVaultFull) {
      for await (const piece of bytes) if (piece.length === 0) break;
      throw vaultUnavailable('full', 'ENOSPC');
    }
    return putStream(bytes);
  };
  api.deps.vault.putStream = full;
  brand = await api.as(PEOPLE['rights-holder']);
  other = await api.as(PEOPLE['other-rights-holder']);
});
afterAll(() => api.close());

function send(caller: Caller, bytes: Buffer): Promise<Got> {
  return caller.send('POST', '/api/documents', bytes, { 'content-type': 'application/octet-stream' });
}

describe('a disk that is full', () => {
  const cases = [
    ['53100', 'no-space', /free disk space/],
    ['53200', 'unavailable', /again/],
    ['53400', 'unavailable', /again/],
    ['08006', 'unavailable', /again/],
    ['57P02', 'unavailable', /again/],
  ] as const;
  it.each(cases)('of the database (SQLSTATE %s) is a 503 with its cure, and the same message goes in afterwards', async (state, code, cure) => {
    const id = await open(api.db, { listing: `m:${state}` });
    const owner = new Client({ connectionString: api.db.url });
    await owner.connect();
    await owner.query(
      `create function out_of_space() returns trigger language plpgsql as $$ begin raise exception 'no room' using errcode = '${state}'; end $$`,
    );
    await owner.query('create trigger out_of_space before insert on inbox for each row execute function out_of_space()');
    const headers = { 'idempotency-key': `no-room-${state}` };
    const body = { verdict: 'counterfeit', reasonCode: 'packaging' };
    try {
      const got = await brand.send('POST', `/api/cases/${id}/verdict`, body, headers);
      expect(got).toMatchObject({ status: 503, body: { code, cure: expect.stringMatching(cure) } });
    } finally {
      await owner.query('drop function out_of_space() cascade');
      await owner.end();
    }
    expect(await work(api.db.store).count(InboxRow, { id: { $like: '%no-room%' }, aggregate: id })).toBe(0);
    expect((await brand.send('POST', `/api/cases/${id}/verdict`, body, headers)).status).toBe(200);
  });

  it('of the vault is a 503 with its cure, charges nobody, and the same file goes in afterwards', async () => {
    const file = Buffer.alloc(900_000, 3);
    isVaultFull = true;
    try {
      expect(await send(other, file)).toMatchObject({ status: 503, body: { code: 'no-space', cure: expect.stringMatching(/free disk space/) } });
    } finally {
      isVaultFull = false;
    }
    expect(await send(other, file)).toMatchObject({ status: 200, body: { size: 900_000 } });
  });
});

describe('the files of one organisation', () => {
  it('are stored up to its quota, and refused with the figures beyond; the same bytes count once', async () => {
    const file = (n: number, size = 400_000) => Buffer.alloc(size, n);
    expect((await send(brand, file(1))).status).toBe(200);
    expect((await send(brand, file(2))).status).toBe(200);
    expect((await send(brand, file(2))).status).toBe(200);
    expect(await send(brand, file(3))).toMatchObject({
      status: 422,
      body: {
        code: 'quota-full',
        detail: 'org-a has stored 0.8 MB of files and may store 1.0 MB; this one has 0.4 MB.',
        cure: expect.stringContaining('INTERDICT_DOCUMENTS_MB'),
      },
    });
    // What is known is no more, also when there is room for nothing.
    expect((await send(brand, file(4, 200_000))).status).toBe(200);
    expect((await send(brand, file(1))).status).toBe(200);
    expect((await send(brand, file(5, 1))).body).toMatchObject({ code: 'quota-full' });
  });

  it('count for nobody else', async () => {
    expect((await send(await api.as(PEOPLE.governance), Buffer.alloc(1_000_000, 9))).status).toBe(200);
  });

  it('sent at once do not get past the quota together, and are a few at once', async () => {
    const { promise: isOpen, resolve: openGate } = Promise.withResolvers<void>();
    const { promise: areIn, resolve: allIn } = Promise.withResolvers<void>();
    let entered = 0;
    gate = () => {
      entered += 1;
      if (entered === 4) allIn();
      return isOpen;
    };
    const four = Array.from({ length: 4 }, (_, n) => send(other, Buffer.alloc(60_000, 20 + n)));
    await areIn;
    expect(await send(other, Buffer.alloc(1, 30))).toMatchObject({
      status: 429,
      body: { code: 'too-many', detail: expect.stringContaining('on their way') },
    });
    openGate();
    // 0.9 MB are there: one more has room.
    expect((await Promise.all(four)).map(({ status }) => status).toSorted()).toEqual([200, 422, 422, 422]);
    expect((await send(other, Buffer.alloc(1, 30))).status).toBe(200);
  });
});
