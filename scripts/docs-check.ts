import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finding, SourceFile } from './source-rules.ts';

/** What the documents may name: npm scripts and commands of the CLI; without a CLI its commands are not checked. */
export interface Known {
  readonly scripts: readonly string[];
  readonly commands?: readonly string[];
}

const LINK = /\]\((?!https?:|mailto:|#)([^)\s]+)\)/g;
const NPM_RUN = /npm run ([a-z][\w:-]*)/g;
const INTERDICT = /npm run interdict -- (?:--json |--data \S+ )*([a-z][\w-]*)/g;

/** Relative links that lead nowhere, npm scripts and commands that do not exist. */
export function docsFindings(root: string, documents: readonly SourceFile[], known: Known): readonly Finding[] {
  return documents.flatMap((document) => [...linkFindings(root, document), ...nameFindings(document, known)]);
}

function linkFindings(root: string, { file, text }: SourceFile): readonly Finding[] {
  const targets = [...text.matchAll(LINK)].map(([, target]) => (target ?? '').split('#')[0] ?? '');
  return targets
    .filter((target) => !existsSync(join(root, dirname(file), target)))
    .map((target) => ({ file, what: `the link to ${target} leads nowhere` }));
}

function nameFindings({ file, text }: SourceFile, { scripts, commands }: Known): readonly Finding[] {
  const unknownScripts = namesIn(text, NPM_RUN).filter((name) => !scripts.includes(name));
  const unknownCommands = commands === undefined ? [] : namesIn(text, INTERDICT).filter((name) => !commands.includes(name));
  return [
    ...unknownScripts.map((name) => ({ file, what: `there is no npm script ${name}` })),
    ...unknownCommands.map((name) => ({ file, what: `interdict has no command ${name}` })),
  ];
}

function namesIn(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ''))];
}

/** The commands that a help page of the CLI lists. */
export function commandsIn(help: string): readonly string[] {
  const list = help.split(/^Commands:$/m)[1] ?? '';
  return [...list.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name]) => name ?? '');
}
