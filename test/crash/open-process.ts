import { openingOf } from '../../bench/stage-data.ts';
import { type LogContext, PolicyCache } from '../../store/log/context.ts';
import { openCases } from '../../store/log/open-cases.ts';
import { openStore } from '../../store/connection/orm.ts';
import { systemClock } from '../../worker/system-clock.ts';

/** Detects one and the same listing many times at once, as a sweep that was delivered again and again. */
const { databaseUrl, rules, times, number } = JSON.parse(process.argv[2] ?? '{}') as {
  databaseUrl: string;
  rules: string;
  times: number;
  number: number;
};
const store = await openStore({ url: databaseUrl, operator: 'main', poolSize: 10 });
const context: LogContext = { store, clock: systemClock, rules, policies: new PolicyCache() };
const opened = Array.from({ length: times }, async () => {
  const [one] = await openCases(context, [openingOf(number)]);
  process.send?.(one?.id);
});
await Promise.all(opened);
await store.close();
process.disconnect();
