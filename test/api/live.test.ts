import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../store/access/machine-keys.ts';
import { MachineKeyRow, SessionRow } from '../../store/schema/entities/access.ts';
import { PersonRow } from '../../store/schema/entities/register.ts';
import { work } from '../../store/connection/orm.ts';
import { open, sealedCase, until } from '../store/support.ts';
import { type Caller, type TestApi, idsOf, PEOPLE, startApi } from './support.ts';

let api: TestApi;
let base = '';
let brand: Caller;
beforeAll(async () => {
  api = await startApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  brand = await api.as(PEOPLE['rights-holder']);
});
afterAll(() => api.close());

interface Stream {
  readonly events: { readonly id: string; readonly event: string; readonly data: { readonly id?: string; readonly status?: string } }[];
  readonly ended: () => boolean;
  stop(): void;
}

/** Follows the live changes of somebody, from an event's id on. */
async function follow(caller: Pick<Caller, 'cookie'> | { readonly authorization: string }, lastEventId?: string): Promise<Stream> {
  const control = new AbortController();
  const credential = 'cookie' in caller ? { cookie: caller.cookie } : caller;
  const headers = { ...credential, accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
  const answer = await fetch(`${base}/api/live`, { headers, signal: control.signal });
  expect(answer.status).toBe(200);
  const events: Stream['events'] = [];
  let hasEnded = false;
  let text = '';
  const read = async () => {
    for await (const chunk of answer.body ?? []) {
      text += new TextDecoder().decode(chunk);
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
        );
        text = text.slice(end + 2);
        if (fields['event'] !== undefined)
          events.push({
            id: fields['id'] ?? '',
            event: fields['event'],
            data: JSON.parse(fields['data'] ?? '{}') as Stream['events'][number]['data'],
          });
      }
    }
  };
  void read()
    .catch(() => {})
    .finally(() => {
      hasEnded = true;
    });
  await until(async () => events.length > 0, 'the first event');
  return { events, ended: () => hasEnded, stop: () => control.abort() };
}

const changes = ({ events }: Stream) => events.filter(({ event }) => event === 'change');

describe('live changes', () => {
  it('reach those who may know of them, and nobody else', async () => {
    const [mine, theirs, seller] = await Promise.all(
      [brand, await api.as(PEOPLE['other-rights-holder']), await api.as(PEOPLE.seller)].map((one) => follow(one)),
    );
    if (mine === undefined || theirs === undefined || seller === undefined) throw new Error('no stream');
    const id = await open(api.db, { listing: 'm:live' });
    await until(async () => changes(mine).length === 1, 'the change');
    expect(changes(mine)[0]?.data).toMatchObject({ id, status: 'awaiting-confirmation' });
    const told = await sealedCase(api.db, { listing: 'm:live-told' });
    await until(async () => changes(seller).some(({ data }) => data.status === 'actioned'), 'what the seller is told');
    // Nothing of the case that the seller knows nothing about.
    expect(new Set(changes(seller).map(({ data }) => data.id))).toEqual(new Set([told]));
    expect(changes(theirs)).toEqual([]);
    for (const stream of [mine, theirs, seller]) stream.stop();
  });

  it('go on after the last one that was seen, without a gap or a repetition', async () => {
    const first = await follow(brand);
    const ids = [];
    for (const n of [1, 2, 3]) ids.push(await open(api.db, { listing: `m:gap-${n}` }));
    await until(async () => changes(first).length === 3, 'three changes');
    first.stop();
    const later = [];
    for (const n of [4, 5]) later.push(await open(api.db, { listing: `m:gap-${n}` }));
    const again = await follow(brand, changes(first)[0]?.id);
    await until(async () => changes(again).length === 4, 'what was missed');
    expect(changes(again).map(({ data }) => data.id)).toEqual([...ids.slice(1), ...later]);
    again.stop();
    const pulled = await brand.get(`/api/changes?after=${changes(first)[0]?.id ?? ''}`);
    expect((pulled.body['changes'] as { id: string }[]).map(({ id }) => id)).toEqual([...ids.slice(1), ...later]);
  });

  it('a stream ends with its session', async () => {
    const leaver = await api.as('liaison');
    const stream = await follow(leaver);
    await work(api.deps.engine).nativeUpdate(SessionRow, { who: 'liaison' }, { endedAt: api.db.clock.now() });
    await open(api.db, { listing: 'm:leaver' });
    await until(async () => stream.ended(), 'the end of the stream');
    expect(changes(stream)).toEqual([]);
  });

  it('what an agent may no longer see stops at once, and what it may see from now on comes, without a new stream', async () => {
    const em = work(api.deps.engine);
    const agent = { id: 'agent', name: 'Agent', role: 'brand-reviewer', organisations: ['org-a', 'org-b'], duty: [] };
    await em.insert(PersonRow, agent);
    const stream = await follow(await api.as('agent'));
    const before = await open(api.db, { listing: 'm:agent-1' });
    await until(async () => changes(stream).length === 1, 'a change of the first brand');
    await em.nativeUpdate(PersonRow, { id: 'agent' }, { organisations: ['org-b'] });
    await open(api.db, { listing: 'm:agent-2' });
    const other = await open(api.db, { listing: 'm:agent-3', holder: 'org-b' });
    await until(async () => changes(stream).some(({ data }) => data.id === other), 'a change of the second brand');
    await em.nativeUpdate(PersonRow, { id: 'agent' }, { organisations: ['org-a'] });
    const again = await open(api.db, { listing: 'm:agent-4' });
    await until(async () => changes(stream).some(({ data }) => data.id === again), 'a change of the first brand, given back');
    expect(changes(stream).map(({ data }) => data.id)).toEqual([before, other, again]);
    // A role that may not follow ends the stream, as it would refuse a new one.
    await em.nativeUpdate(PersonRow, { id: 'agent' }, { role: 'nobody' });
    await open(api.db, { listing: 'm:agent-5' });
    await until(async () => stream.ended(), 'the end of the stream');
  });

  it('a key whose scope no longer reads ends its stream', async () => {
    const em = work(api.deps.engine);
    const { id, key } = await createKey(em, { who: PEOPLE['rights-holder'], label: 'x', scopes: ['read'] }, api.db.clock.now());
    const stream = await follow({ authorization: `Bearer ${key}` });
    await em.nativeUpdate(MachineKeyRow, { id }, { scopes: ['write'] });
    await open(api.db, { listing: 'm:key-1' });
    await until(async () => stream.ended(), 'the end of the stream');
    expect(changes(stream)).toEqual([]);
  });
});

describe('imports', () => {
  const csv =
    'right_id,jurisdiction,right_type,status,mark_text,owner,observed_at\nR-9,DE,trademark,Live / Registered,NINE,Brand org-a,2025-07\n,DE,trademark,Live,NONE,Brand org-a,2025-07\n';

  it('store good lines, tell wrong ones by number, and change nothing when repeated', async () => {
    const officer = await api.as(PEOPLE.governance);
    const send = () =>
      fetch(`${base}/api/imports/rights`, {
        method: 'POST',
        body: csv,
        headers: { cookie: officer.cookie, 'x-csrf-token': officer.csrf, 'content-type': 'text/csv' },
      });
    for (let time = 0; time < 2; time += 1) {
      const answer = await send();
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ kind: 'rights', imported: 1, wrong: 1, problems: [{ line: 3 }] });
    }
    expect(idsOf(await officer.get('/api/rights'))).toEqual(['R-9']);
    const brands = await fetch(`${base}/api/imports/rights`, {
      method: 'POST',
      body: csv,
      headers: { cookie: brand.cookie, 'x-csrf-token': brand.csrf, 'content-type': 'text/csv' },
    });
    expect(brands.status).toBe(403);
  });
});
