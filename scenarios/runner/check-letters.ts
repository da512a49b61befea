import { messageToken } from '../../domain/inbound-mail.ts';
import { OutboxRow } from '../../store/schema/entities/outbox.ts';
import { ASSESS_MESSAGE, START_MESSAGE } from '../../store/outbox/messages.ts';
import type { CheckOf } from './check-schemas.ts';
import { containing, compareCount, type Finding, same, sameInstants } from './compare.ts';
import type { Session } from './session.ts';

/** Mail as the mailbox holds it; what kind of outbox message it carries is known from its Message-ID. */
export async function checkMails(session: Session, check: CheckOf<'mails'>): Promise<readonly Finding[]> {
  const { to, kind, subject, text } = check.mails;
  const kinds = kind === undefined ? undefined : await messageIdsOf(session, kind);
  const found = (await session.outside.mails()).filter(
    (mail) =>
      (to === undefined || mail.to.some((address) => address.toLowerCase() === to.toLowerCase())) &&
      (kinds === undefined || kinds.has(mail.messageId ?? '')) &&
      mail.subject.includes(subject ?? '') &&
      mail.text.includes(text ?? ''),
  );
  return texts('mails', check, found);
}

/** The message box of a shop. */
export async function checkShopMessages(session: Session, check: CheckOf<'shop-messages'>): Promise<readonly Finding[]> {
  const { shop, subject, text } = check['shop-messages'];
  const all = await session.outside.shopMessages(shop);
  return texts(
    'shop-messages',
    check,
    all.filter((message) => message.subject.includes(subject ?? '') && message.text.includes(text ?? '')),
  );
}

type Texts = Pick<CheckOf<'mails'>, 'count' | 'at' | 'subject' | 'text'>;

function texts(
  name: string,
  check: Texts,
  found: readonly { readonly at: string; readonly subject: string; readonly text: string }[],
): readonly Finding[] {
  return [
    ...compareCount(name, check.count, found.length),
    ...sameInstants(
      'at',
      check.at,
      found.map(({ at }) => at),
    ),
    ...containing(
      'subject',
      check.subject,
      found.map(({ subject }) => subject),
    ),
    ...containing(
      'text',
      check.text,
      found.map(({ text }) => text),
    ),
  ];
}

/** The mail's Message-ID follows from its outbox message or digest; the angle brackets may be left out by the reader. */
async function messageIdsOf(session: Session, kind: string): Promise<ReadonlySet<string>> {
  const rows = await session.em().find(OutboxRow, { kind }, { fields: ['id', 'digest'] });
  const ids = rows.map((row) => `${messageToken(row.digest ?? row.id)}@interdict`);
  return new Set(ids.flatMap((id) => [id, `<${id}>`]));
}

/** Outbox messages as the store keeps them: what became of each, whether or not there was an address. */
export async function checkLetters(session: Session, check: CheckOf<'letters'>): Promise<readonly Finding[]> {
  const { kind, to, state } = check.letters;
  const about = check.letters.case === undefined ? undefined : ((await session.caseId(check.letters.case)) ?? '');
  const rows = await session.em().find(
    OutboxRow,
    {
      kind: kind ?? { $nin: [START_MESSAGE, ASSESS_MESSAGE] },
      ...(about !== undefined && { aggregate: about }),
      ...(state !== undefined && { state: { $in: [state] as OutboxRow['state'][] } }),
    },
    { orderBy: { dueAt: 'asc', id: 'asc' } },
  );
  const found = rows.filter((row) => to === undefined || recipientOf(row) === to);
  return [
    ...compareCount('letters', check.count, found.length),
    ...found.flatMap((row) => same('state', check.state, row.state)),
    ...sameInstants(
      'due',
      check.due,
      found.map((row) => row.dueAt),
    ),
    ...sameInstants(
      'at',
      check.at,
      found.map((row) => row.settledAt ?? 'not yet'),
    ),
  ];
}

/** `seller` for sellers, whose names are salted, `governance` for officers, else the id of the organisation or person. */
function recipientOf({ to }: OutboxRow): string {
  if ('organisation' in to) return to.organisation;
  if ('person' in to) return to.person;
  if ('seller' in to) return 'seller';
  if ('liaison' in to) return 'liaison';
  if ('authority' in to) return to.authority;
  return 'governance' in to ? 'governance' : to.aggregate;
}
