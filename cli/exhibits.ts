import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { CaseTarget, Sender, Sent } from '../client/case-client.ts';
import type { ExhibitClient } from '../client/exhibits.ts';
import { Verdict } from '../domain/case/model.ts';
import { readMoney } from '../domain/money.ts';
import { present } from '../store/register/imports/present.ts';
import { exhibitArgument, oneOf } from './arguments.ts';
import type { Context } from './context.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';
import type { CliIo } from './io.ts';
import { report, type SenderOptions, senderOf, sending, type TargetOptions, targetOf } from './messages.ts';

type Common = SenderOptions & TargetOptions & { readonly case?: string };
interface Receiving extends Common {
  readonly what: string;
  readonly condition: string;
  readonly parent?: string;
  readonly seal?: string;
  readonly media?: readonly string[];
}
interface Transferring extends Common {
  readonly from?: string;
  readonly to: string;
  readonly receiver?: string;
  readonly why: string;
  readonly seal?: string;
  readonly hash?: string;
}
interface Examining extends Common {
  readonly agency?: string;
  readonly report: string;
  readonly seal?: string;
  readonly newSeal?: string;
}

type Run = (exhibits: ExhibitClient, sender: Sender, target: CaseTarget) => Promise<Sent>;

/** `exhibit ...`: test purchases and other samples, with who held them when. */
export function addExhibitCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const exhibit = root.command('exhibit').description('test purchases and samples of an open case, and their custody');
  const on = (name: string, about: string) =>
    sending(exhibit.command(name))
      .argument('<exhibit>', 'exhibit number, as it is written on it')
      .description(about)
      .option('--case <id>')
      .option('--listing <listing>')
      .option('--holder <organisation>');
  const act = async (o: Common, run: Run) => {
    const [{ ExhibitClient }, client] = await Promise.all([import('../client/exhibits.ts'), (await context()).client()]);
    report(io, await run(new ExhibitClient(client), senderOf(o), targetOf(o.case, o)));
  };
  const kept = async (path: string) => (await (await context()).vault()).put(await readFile(path));
  on('order', 'an officer buys one on the marketplace')
    .requiredOption('--order <number>', "the marketplace's order number")
    .requiredOption('--price <money>', 'for example "CNY 1,200.00"')
    .action((id: string, o: Common & { order: string; price: string }) =>
      act(o, (client, sender, target) =>
        client.order(sender, target, { exhibit: exhibitArgument(id), order: o.order, price: priceArgument(o.price) }),
      ),
    );
  on('receive', 'the parcel has arrived, a sample is handed in, or a part is taken out of another exhibit')
    .requiredOption('--what <text>')
    .requiredOption('--condition <text>')
    .option('--parent <exhibit>')
    .option('--seal <number>', 'seal applied to it')
    .option('--media <file...>', 'photos or film; kept in the vault')
    .action((id: string, { what, condition, parent, seal, media = [], ...o }: Receiving) =>
      act(o, async (client, sender, target) => {
        const digests = await Promise.all(media.map(kept));
        return client.receive(sender, target, present({ exhibit: exhibitArgument(id), what, condition, media: digests, parent, seal }));
      }),
    );
  on('transfer', 'the exhibit changes hands')
    .requiredOption('--to <organisation>')
    .requiredOption('--why <text>')
    .option('--from <organisation>', 'default: the current holder')
    .option('--receiver <name>', 'the person who receives it')
    .option('--seal <number>', 'seal found on it')
    .option('--hash <digest>', 'digest that was verified again')
    .action((id: string, { to, why, from, receiver, seal, hash, ...o }: Transferring) => {
      return act(o, (client, sender, target) =>
        client.transfer(sender, target, present({ exhibit: exhibitArgument(id), to, why, from, receiver, seal, hash })),
      );
    });
  on('examine', 'the brand has examined it, or an inspection agency whose report an officer records')
    .argument('<verdict>', Object.values(Verdict).join(', '))
    .requiredOption('--report <file>', 'the report; kept in the vault')
    .option('--agency <name>')
    .option('--seal <number>', 'seal found on it')
    .option('--new-seal <number>', 'seal applied afterwards')
    .action((id: string, verdict: string, { agency, report: file, seal, newSeal, ...o }: Examining) =>
      act(o, async (client, sender, target) => {
        const found = oneOf(verdict, Object.values(Verdict), 'verdict');
        const report = await kept(file);
        return client.examine(sender, target, present({ exhibit: exhibitArgument(id), verdict: found, report, agency, seal, newSeal }));
      }),
    );
  on('lost', 'the parcel never came, or the exhibit cannot be found any more')
    .requiredOption('--why <text>')
    .action((id: string, o: Common & { why: string }) => act(o, (client, sender, target) => client.lose(sender, target, exhibitArgument(id), o.why)));
}

function priceArgument(text: string) {
  const money = readMoney(text);
  if (money === undefined)
    throw new CliError(ExitCode.usage, 'wrong-price', `--price: "${text}" is not a valid amount.`, 'Write it as "CNY 1,200.00".');
  return money;
}
