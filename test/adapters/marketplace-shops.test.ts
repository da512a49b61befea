import { describe, expect, it } from 'vitest';
import { httpMarketplace } from '../../adapters/marketplace-http.ts';
import { FailureType } from '../../adapters/failures.ts';
import type { ShopMeasure } from '../../adapters/ports.ts';
import { call } from '../embedded/support.ts';
import { aMarketplace, lookBehind, script } from '../activities/reference.ts';

const portTo = (url: string) => httpMarketplace({ baseUrl: url, timeoutMs: 2_000 });
let keys = 0;

function act(kind: ShopMeasure['act'], more: Partial<ShopMeasure> = {}): ShopMeasure {
  keys += 1;
  const measure = kind === 'close-shop' || kind === 'reopen-shop' ? 'close-shop' : 'restrict';
  return { key: `sanction:1/measure:${keys}`, act: kind, shop: 'S-1', measure, reason: 'points', reference: 'sanction:1', ...more };
}

const shopOf = async (url: string) => (await call(`${url}/shops/S-1`)).body;

describe('acts on a shop', () => {
  it.each([
    ['restrict-shop', 'restricted', 'lift-restriction', 'lifted'],
    ['close-shop', 'closed', 'reopen-shop', 'reopened'],
  ] as const)('%s is done once, whoever asks how often, and %s undone by %s', async (take, taken, undo, undone) => {
    const { url } = await aMarketplace();
    const [taking, undoing] = [act(take), act(undo)];
    for (let again = 0; again < 2; again++) expect(await portTo(url).onShop(taking)).toEqual({ kind: taken });
    for (let again = 0; again < 2; again++) expect(await portTo(url).onShop(undoing)).toEqual({ kind: undone });
    expect(await portTo(url).onShop(taking)).toEqual({ kind: taken });
    expect(await shopOf(url)).toMatchObject({ status: 'open' });
    expect((await lookBehind(url)).outcomes).toEqual(['first', 'replayed', 'first', 'replayed', 'replayed']);
  });

  it('find what others have done before', async () => {
    const { url } = await aMarketplace();
    expect(await portTo(url).onShop(act('lift-restriction'))).toEqual({ kind: 'not-restricted' });
    expect(await portTo(url).onShop(act('reopen-shop'))).toEqual({ kind: 'already-open' });
    await portTo(url).onShop(act('close-shop'));
    expect(await portTo(url).onShop(act('close-shop'))).toEqual({ kind: 'already-closed' });
  });

  it('freeze where the measure is a freeze, without an end: that is ours to keep', async () => {
    const { url } = await aMarketplace();
    await portTo(url).onShop(act('restrict-shop', { measure: 'freeze' }));
    const { restriction } = await shopOf(url);
    expect(restriction).toMatchObject({ measure: 'freeze', reason: 'points', reference: 'sanction:1' });
    expect(restriction).not.toHaveProperty('until');
  });

  it.each(['restrict-shop', 'close-shop', 'lift-restriction', 'reopen-shop'] as const)('say that the shop is unknown: %s', async (kind) => {
    const { url } = await aMarketplace();
    expect(await portTo(url).onShop(act(kind, { shop: 'nobody' }))).toEqual({ kind: 'unknown-shop' });
    await expect(portTo(`${url}/wrong`).onShop(act(kind))).rejects.toMatchObject({ type: FailureType.marketplaceRejected, code: 'not-found' });
  });

  it.each([
    ['503', 'restriction', 'restrict-shop', 'restricted'],
    ['409', 'restriction', 'restrict-shop', 'restricted'],
    ['lost-reply', 'closure', 'close-shop', 'closed'],
  ] as const)('are unavailable after %s, and the next try with the same key succeeds', async (kind, on, which, result) => {
    const { url } = await aMarketplace();
    await script(url, { on, kind, times: 1 });
    const measure = act(which);
    await expect(portTo(url).onShop(measure)).rejects.toMatchObject({ type: FailureType.marketplaceUnavailable });
    expect(await portTo(url).onShop(measure)).toEqual({ kind: result });
  });
});
