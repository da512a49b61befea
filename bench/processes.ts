import { readdirSync, readFileSync } from 'node:fs';

/** What a process and its descendants have used so far, and hold now. */
export interface Usage {
  /** User and system time in milliseconds, ended children included. */
  readonly cpuMs: number;
  /** Memory in MB; what processes share is counted once (proportional set size), where the kernel tells it. */
  readonly memoryMb: number;
}

/** Linux counts in hundredths of a second wherever Node runs. */
const TICK_MS = 10;

/** Usage of a process and its descendants; nothing for one that is gone. */
export function usageOf(pid: number): Usage {
  const children = childrenByParent();
  const all = [pid];
  for (const parent of all) all.push(...(children.get(parent) ?? []));
  return all.reduce<Usage>(
    (sum, one) => {
      const { cpuMs, memoryMb } = single(one);
      return { cpuMs: sum.cpuMs + cpuMs, memoryMb: sum.memoryMb + memoryMb };
    },
    { cpuMs: 0, memoryMb: 0 },
  );
}

function single(pid: number): Usage {
  const fields = stat(pid);
  if (fields === undefined) return { cpuMs: 0, memoryMb: 0 };
  // utime, stime, and those of children that have ended (fields 14 to 17 of proc(5), here after the name).
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { cpuMs: ticks * TICK_MS, memoryMb: memoryOf(pid) };
}

function memoryOf(pid: number): number {
  const text = read(`/proc/${pid}/smaps_rollup`) ?? read(`/proc/${pid}/status`) ?? '';
  const kb = /^(?:Pss|VmRSS):\s+(\d+) kB/m.exec(text)?.[1];
  return Number(kb ?? 0) / 1024;
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = pids.flatMap((name) => {
    const fields = stat(Number(name));
    return fields === undefined ? [] : [{ pid: Number(name), parent: Number(fields[1]) }];
  });
  return new Map([...Map.groupBy(parents, ({ parent }) => parent)].map(([parent, own]) => [parent, own.map(({ pid }) => pid)]));
}

/** The fields of /proc/PID/stat behind the name, which may hold anything. */
function stat(pid: number): readonly string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended, or belongs to somebody else.
    return undefined;
  }
}
