import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { withHeartbeat } from '../../activities/outage.ts';

describe('heartbeats', () => {
  it('come only when the work takes long', async () => {
    const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 30 });
    let beats = 0;
    const second = new Promise<void>((done) =>
      environment.on('heartbeat', () => {
        beats += 1;
        if (beats === 2) done();
      }),
    );
    await environment.run(() => withHeartbeat(async () => 'short'));
    expect(beats).toBe(0);
    await environment.run(() => withHeartbeat(() => second));
    expect(beats).toBe(2);
  });
});
