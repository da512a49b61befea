import { writeFileSync } from 'node:fs';
import { BY_THE_ENGINE, CATALOGUE } from '../commands/catalogue.ts';
import { describedAs, isOptional, partsOf } from '../commands/command.ts';
import { GIVEN_BY } from '../domain/commands.ts';

/** The page of all commands, from the catalogue. A test compares it with the file. */
export function commandsPage(): string {
  const rows = CATALOGUE.map(({ name, summary, fields, path, byHand }) => {
    const asked = Object.entries(fields).map(([field, one]) => `\`${field}\`${isOptional(one) ? '?' : ''}: ${describedAs(one)}`);
    const words = byHand.map(({ cli }) => `\`${cli}\``).join(', ');
    const steps = byHand.flatMap((way) => way.steps.map((step) => `\`${step}\``)).join(', ');
    const who = (GIVEN_BY.get(name) ?? []).filter((one) => one !== 'engine' && one !== 'detector').join(', ');
    return `| ${partsOf(name).join(' ')} | ${summary} | ${who} | ${asked.join('; ') || '–'} | \`POST ${path.replace(':id', '{id}')}\` | ${words} | ${steps} |`;
  });
  const engine = Object.entries(BY_THE_ENGINE).map(([name, summary]) => `| ${name.replace('.', ' ')} | ${summary} |`);
  return [HEAD, ...rows, BETWEEN, ...engine, ''].join('\n');
}

const HEAD = `# Commands

Everything that people can tell interdict. This page is written from the catalogue in \`commands/\` by \`scripts/write-commands.ts\`; the HTTP
API, the command line, the steps of stories, the portal's forms and the words of replay follow from the same entries. A field with a question
mark may be left out. \`--as WHO\` says who gives a command on the command line, and \`who\` in a story.

| command | what it does | who may | fields | HTTP | command line | step in a story |
|---|---|---|---|---|---|---|`;

const BETWEEN = `
## What the engine says

| command | what it does |
|---|---|`;

if (import.meta.main) writeFileSync(new URL('../docs/commands.md', import.meta.url), commandsPage());
