import { fileURLToPath } from 'node:url';
import { cruise, getAvailableTranspilers } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import type { Finding } from './source-rules.ts';

const RULES = fileURLToPath(new URL('../.dependency-cruiser.mjs', import.meta.url));

/** An import that the table of modules refuses: the name of the entry that it breaks, and the path that it leads to. */
export interface Crossing {
  readonly file: string;
  readonly to: string;
  readonly rule: string;
}

export interface Borders {
  readonly crossings: readonly Crossing[];
  /** The files of each circle in the order of their imports; each circle once, wherever it is entered. */
  readonly circles: readonly (readonly string[])[];
}

/** Throws without the parser: dependency-cruiser would guess at TypeScript with one for JavaScript, and overlook what it cannot guess. */
export function assertParser(available: readonly { readonly name: string; readonly available: boolean }[]): void {
  if (!available.some((one) => one.name === 'swc' && one.available))
    throw new Error('@swc/core, which reads the imports, is not installed for this machine');
}

/** Reads the imports of these files (paths from `root`), of types too, and compares them with `.dependency-cruiser.mjs`. Throws where a file does not parse. */
export async function bordersOf(root: string, files: readonly string[]): Promise<Borders> {
  assertParser(getAvailableTranspilers());
  const options = await extractDepcruiseOptions(RULES);
  const { output } = await cruise([...files], { ...options, baseDir: root });
  if (typeof output === 'string') throw new Error(`the graph of imports came as text: ${output}`);
  const { summary } = output;
  const circles = new Map<string, readonly string[]>();
  const crossings: Crossing[] = [];
  for (const { rule, from, to, cycle } of summary.violations) {
    if (cycle === undefined) crossings.push({ file: from, to, rule: rule.name });
    else
      circles.set(
        cycle
          .map(({ name }) => name)
          .sort()
          .join(),
        [from, ...cycle.map(({ name }) => name)],
      );
  }
  return { crossings, circles: [...circles.values()] };
}

/** What is wrong with the imports of a checkout, in words. */
export function borderFindings({ crossings, circles }: Borders): readonly Finding[] {
  return [
    ...crossings.map(({ file, to, rule }) => ({ file, what: `must not import ${to} (${rule} in .dependency-cruiser.mjs)` })),
    ...circles.map(([file = '', ...rest]) => ({ file, what: `imports itself: ${rest.join(' -> ')}` })),
  ];
}
