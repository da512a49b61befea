import { engineChildArgs, serveEngine } from '../../bench/engine-child.ts';
import type { EngineOptions, EngineParts } from '../../worker/engine.ts';
import type { DiePoint } from './die-points.ts';

const args = engineChildArgs();
let left = args.dieAt?.count ?? 0;

/** Ends the process here and now, if this is the point and the pass that was chosen: nothing is flushed, closed or said. */
function pass(point: DiePoint, aggregate?: string): void {
  const { dieAt } = args;
  if (dieAt?.point !== point || (dieAt.aggregate !== undefined && aggregate !== undefined && dieAt.aggregate !== aggregate)) return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
}

async function around<T>(before: DiePoint, after: DiePoint, aggregate: string | undefined, work: () => Promise<T>): Promise<T> {
  pass(before, aggregate);
  const result = await work();
  pass(after, aggregate);
  return result;
}

const replace: EngineOptions['replace'] = ({ marketplace, vault, packets, mailer, images, webhooks, advance }): EngineParts => ({
  vault,
  images,
  webhooks,
  packets: { build: (referral) => around('packet:before', 'packet:after', referral, () => packets.build(referral)) },
  advance: (context, request) => {
    const hasOutcome = (request.outcomes ?? []).length > 0;
    const [before, after] = hasOutcome ? (['outcome:before', 'outcome:after'] as const) : (['log:before', 'log:after'] as const);
    return around(before, after, request.id, () => advance(context, request));
  },
  mailer: { send: (mail) => around('mail:before', 'mail:after', undefined, () => mailer.send(mail)) },
  marketplace: {
    ...marketplace,
    takedown: (measure, signal) => around('takedown:before', 'takedown:after', measure.reference, () => marketplace.takedown(measure, signal)),
    onShop: (measure, signal) => around('shop:before', 'shop:after', measure.reference, () => marketplace.onShop(measure, signal)),
    putBack: (measure, signal) => around('put-back:before', 'put-back:after', measure.reference, () => marketplace.putBack(measure, signal)),
    serve: (where, listing, signal) => around('capture:before', 'capture:after', undefined, () => marketplace.serve(where, listing, signal)),
  },
});

await serveEngine(args, replace);
