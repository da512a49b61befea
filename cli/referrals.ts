import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Sent } from '../client/case-client.ts';
import type { ReferralClient } from '../client/referrals.ts';
import type { BrandDocument } from '../domain/referral/model.ts';
import { FactKind } from '../domain/referral/totals.ts';
import { present } from '../store/register/imports/present.ts';
import { factArgument, goodsArgument, oneOf, pairArgument, valueArgument, wholeArgument } from './arguments.ts';
import type { Context } from './context.ts';
import type { CliIo } from './io.ts';
import { report, type SenderOptions, senderOf, sending } from './messages.ts';
import { addReferralLists } from './referral-lists.ts';

type Reasoned = SenderOptions & { readonly reason: string };
interface Opening extends Reasoned {
  readonly seller: string;
  readonly recipient: string;
  readonly profile?: string;
}
interface Appraising extends SenderOptions {
  readonly brand: string;
  readonly appraisal: string;
  readonly priceStatement: string;
  readonly contact: string;
  readonly contactMail?: string;
  readonly contactPhone?: string;
  readonly certificate?: readonly string[];
  readonly appraisalFile?: string;
  readonly priceFile?: string;
}
interface Reporting extends SenderOptions {
  readonly fact?: string;
  readonly goods?: readonly string[];
  readonly value?: readonly string[];
  readonly place?: string;
  readonly case?: readonly string[];
}

type Act = (o: SenderOptions, run: (client: ReferralClient) => Promise<Sent>) => Promise<void>;

/** `referral ...`: cases of one actor on their way to an authority, and what came of them. */
export function addReferralCommands(root: Command, io: CliIo, context: () => Promise<Context>): void {
  const referral = root.command('referral').description('referrals of cases to an authority, and their outcomes');
  addReferralLists(referral, io, context);
  const act: Act = async (_, run) => {
    const [{ ReferralClient }, client] = await Promise.all([import('../client/referrals.ts'), (await context()).client()]);
    report(io, await run(new ReferralClient(client)));
  };
  addPreparation(referral, act, async (path) => (await (await context()).vault()).put(await readFile(path)));
  addAuthority(referral, act);
}

function addPreparation(referral: Command, act: Act, kept: (path: string) => Promise<string>): void {
  sending(referral.command('open'))
    .description('opens a referral by hand, or returns the open one')
    .requiredOption('--seller <seller>', 'any account of the actor')
    .requiredOption('--recipient <id>')
    .requiredOption('--reason <text>')
    .option('--profile <name>', "default: the recipient's preferred profile")
    .action((o: Opening) =>
      act(o, (client) => client.open(senderOf(o), present({ seller: o.seller, recipient: o.recipient, profile: o.profile, reason: o.reason }))),
    );
  sending(referral.command('appraise'))
    .argument('<id>')
    .description("sends a brand's appraisal, price statement and contact for its cases")
    .requiredOption('--brand <organisation>')
    .requiredOption('--appraisal <text>')
    .requiredOption('--price-statement <text>')
    .requiredOption('--contact <name>')
    .option('--contact-mail <mail>')
    .option('--contact-phone <phone>')
    .option('--certificate <right=file...>', 'certificates of the rights')
    .option('--appraisal-file <file>')
    .option('--price-file <file>')
    .action((id: string, o: Appraising) =>
      act(o, async (client) => {
        const { brand, appraisal, priceStatement, contact, contactMail, contactPhone } = o;
        const documents = await documentsOf(o, kept);
        return client.appraise(senderOf(o), id, present({ brand, appraisal, priceStatement, contact, contactMail, contactPhone, documents }));
      }),
    );
  sending(referral.command('decline'))
    .argument('<id>')
    .description('declines the appraisal; the cases of the brand are left out')
    .requiredOption('--brand <organisation>')
    .option('--reason <text>')
    .action((id: string, o: SenderOptions & { brand: string; reason?: string }) =>
      act(o, (client) => client.decline(senderOf(o), id, o.brand, o.reason)),
    );
  sending(referral.command('rebuild'))
    .argument('<id>')
    .description('rebuilds the packet')
    .action((id: string, o: SenderOptions) => act(o, (client) => client.rebuild(senderOf(o), id)));
  sending(referral.command('waive'))
    .argument('<id>')
    .argument('<item>', 'a missing item that cannot be obtained')
    .description('waives a missing item')
    .requiredOption('--reason <text>')
    .action((id: string, item: string, o: Reasoned) => act(o, (client) => client.waive(senderOf(o), id, item, o.reason)));
  for (const decision of ['approve', 'reject'] as const) {
    sending(referral.command(decision))
      .argument('<id>')
      .argument('<packet>', 'digest of the packet, as shown by "referral show"')
      .description(decision === 'approve' ? 'approves sending exactly this packet; two people must approve' : 'rejects the packet')
      .requiredOption('--reason <text>')
      .action((id: string, packet: string, o: Reasoned) => act(o, (client) => client.decide(senderOf(o), id, decision, packet, o.reason)));
  }
}

async function documentsOf(o: Appraising, kept: (path: string) => Promise<string>): Promise<readonly BrandDocument[]> {
  const certificates = (o.certificate ?? []).map((pair) => ({ kind: 'certificate' as const, ...pairArgument(pair, '--certificate') }));
  const own = [
    { kind: 'appraisal' as const, key: o.brand, value: o.appraisalFile },
    { kind: 'price-statement' as const, key: o.brand, value: o.priceFile },
  ];
  const files = [...certificates, ...own].flatMap(({ kind, key: about, value: file }) => (file === undefined ? [] : [{ kind, about, file }]));
  return Promise.all(files.map(async ({ kind, about, file }) => ({ kind, about, digest: await kept(file) })));
}

function addAuthority(referral: Command, act: Act): void {
  sending(referral.command('receipt'))
    .argument('<id>')
    .argument('<reference>', "the authority's own")
    .description('records that the authority has received it')
    .action((id: string, reference: string, o: SenderOptions) => act(o, (client) => client.receipt(senderOf(o), id, reference)));
  sending(referral.command('question'))
    .argument('<id>')
    .description('records a question from the authority')
    .requiredOption('--text <text>')
    .action((id: string, o: SenderOptions & { text: string }) => act(o, (client) => client.question(senderOf(o), id, o.text)));
  sending(referral.command('answer'))
    .argument('<id>')
    .argument('<question>', 'its number, from 1')
    .description('answers a question by mail')
    .requiredOption('--text <text>')
    .action((id: string, question: string, o: SenderOptions & { text: string }) =>
      act(o, (client) => client.answer(senderOf(o), id, wholeArgument(question, 'question'), o.text)),
    );
  sending(referral.command('outcome'))
    .argument('<id>')
    .argument('<outcome>', Object.values(FactKind).join(', '))
    .description('records what the authority has done; reports on the same fact share its name and add their sources')
    .option('--fact <name>', 'name of the fact; default: the kind of outcome')
    .option('--goods <goods...>', 'for example "125 watches"')
    .option('--value <money=source...>', 'for example "CNY 2,000,000=press release"')
    .option('--place <text>')
    .option('--case <id...>', 'the cases concerned; default: all')
    .action((id: string, kind: string, o: Reporting) => {
      const outcome = oneOf(kind, Object.values(FactKind), 'outcome');
      const goods = (o.goods ?? []).map(goodsArgument);
      const values = (o.value ?? []).map(valueArgument);
      const fact = { fact: factArgument(o.fact ?? outcome), outcome, goods, values, cases: o.case ?? [], place: o.place };
      return act(o, (client) => client.outcome(senderOf(o), id, present(fact)));
    });
  for (const [name, about] of [
    ['refuse', 'records that the authority declines the referral'],
    ['close', 'ends it, with whatever came of it'],
    ['withdraw', 'takes it back'],
  ] as const) {
    sending(referral.command(name))
      .argument('<id>')
      .description(about)
      .requiredOption('--reason <text>')
      .action((id: string, o: Reasoned) => act(o, (client) => client[name](senderOf(o), id, o.reason)));
  }
}
