import type { CustodyStep, Exhibit } from './model.ts';

/** Where a custody record does not hold together. */
export interface CustodyGap {
  readonly exhibit: string;
  /** Index of the step that does not follow from those before it; the number of steps when one is missing at the end. */
  readonly step: number;
  readonly what: string;
}

/** Who holds an exhibit now, and under which seal. */
interface Hold {
  readonly organisation?: string;
  readonly seal?: string;
}

/** Whether the exhibit has arrived and is still there. */
export function isAtHand({ custody }: Exhibit): boolean {
  return custody.some(({ act }) => act === 'received') && !custody.some(({ act }) => act === 'lost');
}

/** The organisation that holds an exhibit; undefined before it has arrived. */
export function custodianOf({ custody }: Exhibit): string | undefined {
  return custody.findLast(({ act }) => act !== 'ordered')?.organisation;
}

/**
 * The first gap in an exhibit's chain of custody; undefined when there is none. A part also has the gaps of what it was taken from
 * up to then. Each change of hands must start with whoever held it, and find the seal that was put on (ISO/IEC 27037: each transfer
 * with who, when, why, and the hash or seal checked again).
 */
export function custodyGap(exhibit: Exhibit, all: readonly Exhibit[] = []): CustodyGap | undefined {
  const { id, source, custody } = exhibit;
  if (source.kind === 'part-of') {
    const parent = all.find((one) => one.id === source.parent);
    const taken = custody[0]?.at ?? '';
    const inherited = parent && custodyGap({ ...parent, custody: parent.custody.filter(({ at }) => at <= taken) }, all);
    if (parent === undefined || inherited !== undefined)
      return inherited ?? { exhibit: id, step: 0, what: `taken from ${source.parent}, which nobody has recorded` };
  }
  let hold: Hold = {};
  for (const [step, entry] of custody.entries()) {
    const what = faultOf(entry, hold);
    if (what !== undefined) return { exhibit: id, step, what };
    hold = after(entry, hold);
  }
  return hold.organisation === undefined ? { exhibit: id, step: custody.length, what: 'it was ordered and never received' } : undefined;
}

function faultOf(entry: CustodyStep, hold: Hold): string | undefined {
  switch (entry.act) {
    case 'ordered':
      return undefined;
    case 'received':
      return hold.organisation === undefined ? undefined : 'it was received twice';
    case 'lost':
      return 'it was lost';
    case 'transferred':
      if (hold.organisation === undefined) return 'it changed hands before it was received';
      if (entry.from !== hold.organisation) return `it was handed over by ${entry.from}, but ${hold.organisation} held it`;
      return sealFault(entry.seal, entry.hash, hold);
    case 'examined':
      if (hold.organisation === undefined) return 'it was examined before it was received';
      if (entry.organisation !== hold.organisation) return `it was examined by ${entry.organisation}, but ${hold.organisation} held it`;
      return sealFault(entry.seal, undefined, hold);
  }
}

function sealFault(seal: string | undefined, hash: string | undefined, hold: Hold): string | undefined {
  if (seal !== undefined && hold.seal !== undefined && seal !== hold.seal) return `seal ${seal} was found, but ${hold.seal} was put on`;
  if (hold.seal !== undefined && seal === undefined && hash === undefined) return `neither seal ${hold.seal} nor a hash was checked`;
  return undefined;
}

function after(entry: CustodyStep, hold: Hold): Hold {
  const { organisation } = entry;
  switch (entry.act) {
    case 'ordered':
      return hold;
    case 'examined':
      // An examination opens the seal; only a new one holds afterwards.
      return { organisation, ...(entry.newSeal !== undefined && { seal: entry.newSeal }) };
    default: {
      const seal = entry.act === 'received' ? entry.seal : hold.seal;
      return { organisation, ...(seal !== undefined && { seal }) };
    }
  }
}
