import { startStage, type Stage } from '../../bench/stage.ts';
import { writeListings, writeRegister } from '../../bench/stage-data.ts';
import type { PolicyDocument } from '../../domain/policy/policy.ts';
import type { Servers } from '../../scenarios/runner/servers.ts';
import { work } from '../../store/connection/orm.ts';
import { type Engine, type EngineOptions, startEngine } from '../../worker/engine.ts';
import { systemClock } from '../../worker/system-clock.ts';

/** A stage with a running engine on the machine's clock: timers are armed and fire. */
export interface RealTime {
  readonly stage: Stage;
  readonly engine: Engine;
  stop(): Promise<void>;
}

/** Starts stage and engine with `listings` listings of the made-up brand. */
export async function startRealTime(
  servers: Servers,
  options: { policy?: PolicyDocument; listings?: number } & Partial<EngineOptions> = {},
): Promise<RealTime> {
  const { policy, listings = 10, ...rest } = options;
  const stage = await startStage(servers, policy);
  await writeRegister(stage);
  await writeListings(stage, 0, listings);
  const engine = await startEngine({ ...stage.places, clock: systemClock, outageMs: 0, bundle: servers.bundle, timeoutMs: 1_500, ...rest });
  return {
    stage,
    engine,
    stop: async () => {
      await engine.stop();
      await stage.stop();
    },
  };
}

/** Asks until the answer is there. A minute at most: what takes longer does not come. */
export async function until<T>(ask: () => Promise<T | undefined | false>, what: string, withinMs = 60_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Waits until the log has sealed the aggregate and its workflow has ended. */
export async function untilClosed({ stage }: RealTime, id: string): Promise<void> {
  await until(async () => {
    const [row] = await work(stage.store).execute<{ is_final: boolean }[]>('select is_final from aggregate where id = ?', [id]);
    return row?.is_final === true;
  }, `${id} to be final`);
  await stage.temporal.workflow.getHandle(id).result();
}
