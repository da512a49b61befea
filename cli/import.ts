import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ImportReport } from '../store/register/imports/import-file.ts';
import { ImportKind } from '../store/register/imports/kinds.ts';
import { oneOf } from './arguments.ts';
import type { Context } from './context.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';

const KINDS = Object.values(ImportKind).filter((kind) => kind !== ImportKind.answers);
const SHOWN_PROBLEMS = 20;

/** `import KIND FILE`: wrong lines are reported by number, the rest is stored; importing again changes nothing. */
export function addImportCommand(root: Command, io: CliIo, context: () => Promise<Context>): void {
  root
    .command('import')
    .argument('<kind>', KINDS.join(', '))
    .argument('<file>', 'JSON lines, a JSON array or CSV, plain or gzip')
    .option('--marketplace <name>', 'marketplace of the listings; without it what stands before the first colon of their ids')
    .description(
      'reads listings, rights, organisations, people, sellers, authorised sellers, reference prices or recipients of referrals from a file',
    )
    .action(async (kindText: string, file: string, { marketplace }: { marketplace?: string }) => {
      const kind = oneOf(kindText, KINDS, 'kind');
      const { size } = await stat(file);
      const report = await runImport(await context(), kind, file, size, marketplace);
      for (const problem of report.problems.slice(0, SHOWN_PROBLEMS))
        process.stderr.write(`line ${problem.line}: ${problem.message}; ${problem.cure}\n`);
      if (report.problems.length > SHOWN_PROBLEMS) process.stderr.write(`... and ${report.problems.length - SHOWN_PROBLEMS} more\n`);
      io.out({ kind, file, ...report });
      for (const { name, organisation, cases } of report.adopted)
        io.say(`The owner "${name}" is ${organisation} now, with its rights and ${cases} cases.`);
      const { imported, changed, unchanged, wrong, warnings } = report;
      io.say(
        `${imported} ${kind} imported (${report.new} new, ${changed} changed, ${unchanged} unchanged), ${wrong} wrong lines, ${warnings} warnings`,
      );
      if (report.wrong > 0) io.exitCode = ExitCode.failed;
    });
}

type Kind = (typeof KINDS)[number];

/** Imports one file with a progress bar where there is a terminal. In the embedded stack listings go on sale as well. */
export async function runImport(context: Context, kind: Kind, file: string, size: number, marketplace?: string): Promise<ImportReport> {
  const [{ SingleBar }, { importFile }, { publisherOf }] = await Promise.all([
    import('cli-progress'),
    import('../store/register/imports/import-file.ts'),
    import('../embedded/publish.ts'),
  ]);
  const store = await context.store();
  const publish = context.config.marketplace.embedded ? publisherOf((await context.places()).marketplaceUrl) : undefined;
  const bar = new SingleBar({ format: `${kind} {bar} {percentage}% {value}/{total} bytes`, stream: process.stderr, noTTYOutput: false });
  bar.start(size, 0);
  try {
    return await importFile(
      store,
      context.clock,
      kind,
      counted(createReadStream(file), (bytes) => bar.increment(bytes)),
      {
        ...(marketplace !== undefined && { marketplace }),
        ...(publish !== undefined && { publish }),
      },
    );
  } finally {
    bar.stop();
  }
}

/** Counts what is read when it is read: a listener would set the stream flowing before anybody reads it. */
async function* counted(source: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    count(chunk.length);
    yield chunk;
  }
}
