import { caseCommands } from '../commands/case.ts';
import { type ReadBodyOf, bodySchema } from '../commands/command.ts';
import { canonical, sha256Hex } from '../domain/canonical.ts';
import { stands } from '../domain/case/answer.ts';
import type { CaseClient, Sender, Sent } from './case-client.ts';

const { recordVerdict } = caseCommands;

/** Answers under way at once: the log sets the pace, not the waiting of one sender. */
const AT_ONCE = 32;

/** What a line of the file says; `holder` is an organisation's id or one of its names. */
export interface AnswerRow {
  readonly listing: string;
  readonly holder: string;
  readonly verdict: string;
  readonly reasonCode: string;
  readonly basis?: string | undefined;
  readonly note?: string | undefined;
}

export interface AnswerLine {
  readonly line: number;
  readonly row: AnswerRow;
}

/** What became of a line, or why these lines were not sent. */
export type AnswerResult = { readonly lines: readonly [number]; readonly sent: Sent } | { readonly lines: readonly number[]; readonly wrong: string };

export interface Feeding {
  /** Who sends a line; `key` follows from what it says, so that it may stand for the message where a file is fed again. */
  readonly senderOf: (row: AnswerRow, key: string) => Sender | Promise<Sender>;
  /** Told as it becomes known, not in the order of the lines. */
  readonly tell: (result: AnswerResult) => void;
  /** Lines under way at once; absent: 32. */
  readonly atOnce?: number;
}

/**
 * Sends the answers of a file, cases side by side and the lines of one case in their order. Nothing is sent of a case about which
 * the file contradicts itself: which of its verdicts is meant cannot be known, and a takedown, its notifications and its correction would
 * go out within a second. Throws what the store throws; what was sent by then stays, and feeding the file again changes nothing of it.
 */
export async function feedAnswers(client: CaseClient, lines: readonly AnswerLine[], feeding: Feeding): Promise<void> {
  const { tell, atOnce = AT_ONCE } = feeding;
  const lanes = (await byCase(client, lines, tell)).values();
  const late: { readonly line: number; readonly sent: Sent }[] = [];
  const worker = async () => {
    for (const lane of lanes) {
      for (const line of lane) {
        // Once a line has waited in vain the rest is handed in without waiting, and looked after together in the end.
        const sent = await send(client, line, feeding, late.length > 0);
        if (sent.kind === 'pending') late.push({ line: line.line, sent });
        else tell({ lines: [line.line], sent });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const answers = await client.answersTo(late.map(({ sent }) => sent.messageId));
  for (const { line, sent } of late) tell({ lines: [line], sent: answers.get(sent.messageId) ?? sent });
}

/** A line that says something that a brand can answer. */
interface Read extends AnswerLine {
  readonly answer: ReadBodyOf<typeof recordVerdict>;
}

/** The lines of each case that are to be sent; what is not to be sent is told. */
async function byCase(client: CaseClient, lines: readonly AnswerLine[], tell: Feeding['tell']): Promise<readonly (readonly Read[])[]> {
  const holders = new Map<string, string>();
  const cases = new Map<string, Read[]>();
  for (const one of lines) {
    const { listing, holder } = one.row;
    const answer = answerOf(one.row);
    if (typeof answer === 'string') {
      tell({ lines: [one.line], wrong: answer });
      continue;
    }
    // A holder by its name and by its id is one holder.
    const organisation = holders.get(holder) ?? (await client.organisationOf(holder));
    holders.set(holder, organisation);
    const key = canonical([listing, organisation]);
    const lane = cases.get(key) ?? [];
    lane.push({ ...one, answer });
    cases.set(key, lane);
  }
  return [...cases.values()].filter((lane) => {
    // Who could not tell has not answered yet: what follows is a first answer and no contradiction.
    const verdicts = new Set(lane.flatMap(({ answer }) => (stands(answer) ? [answer.verdict] : [])));
    if (verdicts.size <= 1) return true;
    tell({ lines: lane.map(({ line }) => line), wrong: contradiction(lane) });
    return false;
  });
}

function contradiction(lane: readonly Read[]): string {
  const said = lane.map(({ line, answer }) => `${answer.verdict} (line ${line})`).join(', ');
  const [first] = lane;
  return `the case about ${first?.row.listing ?? ''} of ${first?.row.holder ?? ''} is answered ${said}, and none of them is sent; keep the right one and feed the file again`;
}

/** What is said, or why it is nothing that a brand can say. What contradicts an answer on record corrects it. */
function answerOf({ listing: _, holder: __, ...row }: AnswerRow): ReadBodyOf<typeof recordVerdict> | string {
  const read = bodySchema(recordVerdict).safeParse({ ...row, isCorrection: true }, { reportInput: true });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return `${String(issue?.path[0])}: "${String(issue?.input)}" ${issue?.message ?? ''}; correct it and send the file again`;
}

async function send(client: CaseClient, { row, answer }: Read, { senderOf }: Feeding, isHandedIn: boolean): Promise<Sent> {
  const { listing, holder } = row;
  const key = sha256Hex(JSON.stringify([listing, holder, answer.verdict, answer.reasonCode, answer.basis]));
  const sender = { ...(await senderOf(row, key)), ...(isHandedIn && { waitMs: 0 }) };
  return client.send(recordVerdict, sender, { listing, holder }, answer);
}
