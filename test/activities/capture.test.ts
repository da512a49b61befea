import { describe, expect, it } from 'vitest';
import { directoryVault } from '../../adapters/directory-vault.ts';
import { httpMarketplace } from '../../adapters/marketplace-http.ts';
import { captureListing } from '../../activities/capture.ts';
import { canonical, sha256Hex } from '../../domain/canonical.ts';
import { readCapture } from '../../domain/capture.ts';
import { aFolder } from '../embedded/support.ts';
import { FixedClock } from '../support/clock.ts';
import { aMarketplace, VERSION, WATCH } from './reference.ts';

const WATCH_ID = { marketplace: WATCH.marketplace, listing: WATCH.id };

describe('capture', () => {
  it('keeps all parts and a manifest that names them', async () => {
    const { url } = await aMarketplace();
    const ports = { marketplace: httpMarketplace({ baseUrl: url }), vault: directoryVault({ dir: await aFolder() }) };
    const clock = new FixedClock();
    const captured = await captureListing(ports, clock, WATCH_ID);
    if ('gone' in captured) throw new Error('gone');
    expect(captured.version).toBe(VERSION);
    const bytes = Buffer.from((await ports.vault.get(captured.digest)) ?? []);
    const manifest = JSON.parse(bytes.toString());
    expect(canonical(manifest)).toBe(bytes.toString());
    expect(captured.digest).toBe(`sha256:${sha256Hex(bytes)}`);
    expect(manifest).toMatchObject({
      v: 1,
      ...WATCH_ID,
      version: VERSION,
      at: clock.now(),
      images: [{ url: WATCH.images[0] }, { digest: null, why: 'refused' }, { digest: null, why: 'elsewhere' }],
    });
    // What earlier versions captured has no reasons, and is read as ever.
    expect(readCapture(bytes.toString())?.images[1]).toEqual({ url: WATCH.images[1], digest: null, why: 'refused' });
    expect(readCapture(canonical({ ...manifest, images: [{ url: 'x', digest: null }] }))?.images).toEqual([{ url: 'x', digest: null }]);
    for (const digest of [manifest.page, manifest.data, manifest.images[0].digest]) expect(await ports.vault.get(digest)).toBeDefined();
    // At the same instant the same listing is the same capture.
    expect(await captureListing(ports, clock, WATCH_ID)).toEqual(captured);
  });

  it('says that there is nothing to be captured any more', async () => {
    const { url } = await aMarketplace();
    const ports = { marketplace: httpMarketplace({ baseUrl: url }), vault: directoryVault({ dir: await aFolder() }) };
    expect(await captureListing(ports, new FixedClock(), { ...WATCH_ID, listing: 'nope' })).toEqual({ gone: true });
  });
});
