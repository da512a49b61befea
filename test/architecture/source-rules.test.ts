import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nameFindings, unusedNames, unusedWords, wordFindings } from '../../scripts/unused-words.ts';
import { commandsIn, docsFindings } from '../../scripts/docs-check.ts';
import { type SourceFile, sourceFiles, sourceFindings, tooLong } from '../../scripts/source-rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const KNOWN = { scripts: ['check', 'interdict'], commands: ['case', 'verdict'] };
/** In pieces, so that this file does not hold what it looks for. */
const LOG = "import('../store/log.ts')";

function findings(file: string, text: string): readonly string[] {
  return sourceFindings([{ file, text }]).map(({ what }) => what.split(':')[0] ?? '');
}

describe('habits that no linter knows', () => {
  it.each([
    ['domain/case/rules.ts', 'const now = Date.now();', 'Date.now()'],
    ['domain/case/rules.ts', 'const now = new Date();', 'new Date() without an instant'],
    ['calendars/zones.ts', 'const now = performance.now();', 'performance.now()'],
    ['store/log/advance.ts', 'await em.execute("select now()");', 'SQL now()'],
    ['store/log/advance.ts', 'await em.execute("select now()::date");', 'SQL now()'],
    ['store/schema/migrations/0001-log.sql', 'at timestamptz default current_timestamp', 'SQL now()'],
    ['portal/utils/a.ts', 'export {};', 'no "utils" folder'],
    ['domain/types/a.ts', 'export {};', 'no "types" folder'],
    ['domain/a.ts', `let log: ${LOG}.Log;`, 'an import inside a type'],
    ['domain/a.ts', `let log: typeof ${LOG};`, 'an import inside a type'],
  ])('finds in %s: %s', (file, text, what) => {
    expect(findings(file, text)).toEqual([what]);
  });

  it.each([
    ['domain/instant.ts', 'new Date(ms).toISOString(); // not Date.now()'],
    ['store/log/advance.ts', 'context.clock.now();'],
    ['domain/clock.ts', 'export interface Clock {\n  now(): Instant;\n}'],
    ['store/log/inbox.ts', 'const row = { signalAgainAt: Date.now() + AGAIN_MS };'],
    ['worker/dispatcher.ts', 'const now = Date.now();'],
    ['cli/context.ts', "const { Log } = await import('../store/log.ts');"],
    ['cli/context.ts', "await import('../store/log.ts').then(({ Log }) => Log);"],
  ])('lets %s pass: %s', (file, text) => {
    expect(findings(file, text)).toEqual([]);
  });

  it('finds a file of more than 300 lines', () => {
    const lines = (count: number) => ({ file: `worker/${count}.ts`, text: '\n'.repeat(count) });
    expect(tooLong([lines(300), lines(301)])).toEqual([{ file: 'worker/301.ts', what: expect.stringContaining('301 lines') }]);
  });

  it('are kept by the checkout', () => {
    expect(sourceFindings(sourceFiles(ROOT, '*.ts', '*.tsx', '*.js', '*.sql'))).toEqual([]);
    expect(tooLong(sourceFiles(ROOT, '*.ts', '*.tsx'))).toEqual([]);
  });
});

describe('what the documents name', () => {
  const document = (text: string): readonly SourceFile[] => [{ file: 'docs/a.md', text }];

  it('exists: links, npm scripts, commands', () => {
    const text = '[a](missing.md#part) [b](../package.json) [c](https://example.org) npm run nothing, npm run interdict -- --json fly';
    expect(docsFindings(ROOT, document(text), KNOWN).map(({ what }) => what)).toEqual([
      'the link to missing.md leads nowhere',
      'there is no npm script nothing',
      'interdict has no command fly',
    ]);
    expect(docsFindings(ROOT, document('npm run check, npm run interdict -- case ID'), KNOWN)).toEqual([]);
  });

  it('is read from the help of the CLI', () => {
    const help =
      'Usage: interdict\n\nOptions:\n  --json  x\n\nCommands:\n  up [options]   starts\n                 and goes on\n  history        exported\n';
    expect(commandsIn(help)).toEqual(['up', 'history']);
  });
});

describe('words that we do not use', () => {
  const glossary =
    '| house | a term |\n\n## Words that we do not use\n\n| not | but |\n|---|---|\n| door, doors | entry points |\n| answer until | answer by |\n';
  const found = (text: string) => wordFindings([{ file: 'a.md', text }], unusedWords(glossary));

  it('are found with their line, in any case and over a line break', () => {
    expect(found('One\nDoors here.\nPlease answer\nuntil noon.')).toEqual([
      { file: 'a.md:2', what: '"doors" is on the glossary\'s list of words that we do not use; write: entry points' },
      { file: 'a.md:3', what: '"answer until" is on the glossary\'s list of words that we do not use; write: answer by' },
    ]);
  });

  it.each(['`store/access/`', '```sh\ncd doors\n```', '[a](doors.md)', 'indoors, the house', glossary])(
    'are not found in code, link targets or the list itself: %s',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );

  it('cannot be forgotten: a glossary without the list is an error', () => {
    expect(() => unusedWords('# Glossary')).toThrow(RangeError);
  });

  it('are in no document and in no English word of the portal', () => {
    const files = [...sourceFiles(ROOT, '*.md'), ...sourceFiles(ROOT, 'web/words/en.json', 'texts/en.json')];
    const glossaryFile = files.find(({ file }) => file === 'docs/glossary.md');
    expect(wordFindings(files, unusedWords(glossaryFile?.text ?? ''))).toEqual([]);
  });
});

describe('names that code does not use', () => {
  const names = unusedNames(
    '## Names that code does not use\n\n| not | but |\n|---|---|\n| door, doors | route |\n| recordOutcome | recordEffectResult |\n',
  );
  const found = (text: string, file = 'api/a.ts') => nameFindings([{ file, text }], names).map((one) => one.file);

  it.each(['const mailDoor = 1;', 'openDoors();', '// at the door', "kind: 'recordOutcome'", 'door_of(x)'])('are found: %s', (text) => {
    expect(found(`\n${text}`)).toEqual(['api/a.ts:2']);
  });

  it.each(['indoors', 'MAIL_DOOR', 'recordOutcomes', 'doorway'])('are not seen where they are not: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('may stand in what reads earlier records', () => {
    expect(found('recordOutcome', 'domain/earlier-names.ts')).toEqual([]);
  });

  it('are in no file of the checkout', () => {
    const glossary = sourceFiles(ROOT, 'docs/glossary.md')[0]?.text ?? '';
    expect(nameFindings(sourceFiles(ROOT, '*.ts', '*.tsx', '*.js'), unusedNames(glossary))).toEqual([]);
  });
});
