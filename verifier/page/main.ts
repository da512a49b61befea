import { type Audit, auditHistory, ownRules } from '../audit.ts';
import type { Check } from '../check.ts';
import type { Verified } from '../checks.ts';
import { HistoryFileError } from '../json-text.ts';
import { verifyPacket } from '../packet/verify-packet.ts';
import { isZip, type PacketSource } from '../packet/zip-file.ts';
import { MOST_BYTES, parseHistory } from '../parse-history.ts';
import { type Rulebook, rulebook } from '../rulebook.ts';
import { printable } from '../values.ts';
import { interpretedInPage } from './interpreted-in-page.ts';
import { type Words, wordsFor } from './words.ts';

/** Digest of the rules that are built into this page (verifier/entry/verify-page.ts). */
declare const RULES_DIGEST: string;

const words = wordsFor(navigator.languages);

function start(): void {
  const main = document.getElementById('main');
  if (main === null) return;
  document.documentElement.lang = words.lang;
  document.title = words.title;
  const input = element('input', '');
  input.type = 'file';
  input.accept = '.json,.zip,application/json,application/zip';
  const zone = element('label', words.drop, input);
  const root = element('input', '');
  root.autocomplete = 'off';
  zone.className = 'drop';
  const result = element('div', '');
  result.setAttribute('aria-live', 'polite');
  const check = (file: File | undefined) => void checkFile({ file, root: root.value.trim().toLowerCase() || undefined }, result);
  main.replaceChildren(element('h1', words.title), element('p', words.lead), element('label', words.root, root), zone, result);
  input.addEventListener('change', () => check(input.files?.[0]));
  zone.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.dataset['over'] = '';
  });
  zone.addEventListener('dragleave', () => delete zone.dataset['over']);
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    delete zone.dataset['over'];
    check(event.dataTransfer?.files[0]);
  });
}

interface Asked {
  readonly file: File | undefined;
  /** A sealed root or a digest that the reader knows from elsewhere. */
  readonly root: string | undefined;
}

async function checkFile({ file, root }: Asked, result: HTMLElement, unknownRules = false): Promise<void> {
  if (file === undefined) return;
  result.replaceChildren(element('p', words.working));
  const rules = rulebook({ own: { digest: RULES_DIGEST, rules: ownRules }, interpreted: interpretedInPage, unknownRules });
  try {
    const source = sourceOf(file);
    const found = (await isZip(source)) ? { verified: await verifyPacket(source, rules, { root }) } : await audited(file, rules, root);
    result.replaceChildren(element('h2', printable(file.name)), ...report(found, unknownRules));
    if (found.verified.unknownRules.length > 0 && !unknownRules) result.append(askToRun(() => void checkFile({ file, root }, result, true)));
  } catch (error) {
    if (!(error instanceof HistoryFileError)) throw error;
    result.replaceChildren(mark(element('p', `${words.unreadable} ${printable(error.message, 2_000)}`), false));
  }
}

/** What was found: the checks of a packet, or those of a history with every decision. */
interface Found {
  readonly verified: Verified;
  readonly audit?: Audit;
}

async function audited(file: File, rules: Rulebook, root: string | undefined): Promise<Found> {
  if (file.size > MOST_BYTES) throw new HistoryFileError(file.name, 'the file is too large', 'Get the file again from its source.');
  const audit = await auditHistory(parseHistory(await file.text()), rules, { root, language: words.lang });
  return { verified: audit, audit };
}

function sourceOf(file: File): PacketSource {
  return { size: file.size, read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()) };
}

/** Where the file's own rules judged it, that is said before and after everything else. */
function report({ verified, audit }: Found, ranUnknown: boolean): readonly Node[] {
  const judge = () => (verified.isOwnJudge ? [mark(element('p', words.ownJudge(verified.unknownRules)), false)] : []);
  const first = audit === undefined ? verified.checks.find(({ ok }) => !ok) : brokenOf(audit, ranUnknown);
  const open = first === undefined ? [...verified.unproved, ...undecided(audit)] : [];
  return [
    ...judge(),
    mark(element('p', first === undefined ? words.good : `${words.bad} ${printable(first.what, 2_000)}`), first === undefined),
    ...(audit === undefined ? [] : [element('p', words.decided(audit.decisions.filter(({ same }) => same).length, audit.decisions.length))]),
    element('ul', '', ...verified.checks.map(checkItem), ...open.map((what) => element('li', `${words.unproved} ${printable(what, 1_000)}`))),
    ...(audit === undefined ? [] : [element('ul', '', ...audit.decisions.map((each) => line(each, words)))]),
    ...judge(),
  ];
}

/** A decision by rules that were not run is not broken: it is told as not proved. */
function brokenOf({ checks, decisions, broken }: Audit, ranUnknown: boolean): { readonly what: string } | undefined {
  const isBroken = checks.some(({ ok }) => !ok) || decisions.some(({ same, undecided: none }) => !same && (ranUnknown || none !== true));
  return isBroken && broken !== null ? broken : undefined;
}

function undecided(audit: Audit | undefined): readonly string[] {
  const reasons = audit?.decisions.flatMap(({ undecided: none, why }) => (none === true && why !== undefined ? [why] : [])) ?? [];
  return reasons.slice(0, 1);
}

function askToRun(run: () => void): HTMLElement {
  const button = element('button', words.runUnknown);
  button.type = 'button';
  button.addEventListener('click', run);
  return element('div', '', element('p', words.notKnown), button);
}

function checkItem({ ok, what }: Check): HTMLElement {
  return mark(element('li', `${ok ? '✓' : '✗'} ${printable(what, 2_000)}`), ok);
}

function line({ n, at, who, outcome, same, undecided: none, why }: Audit['decisions'][number], { notHere, isSame, differs }: Words): HTMLElement {
  const verdict = none === true ? notHere : same ? isSame : `${differs}: ${why ?? ''}`;
  const text = `${n} · ${at} · ${who} · ${outcome.join('; ')} · ${verdict}`;
  return element('li', printable(text, 4_000));
}

function mark<E extends HTMLElement>(node: E, ok: boolean): E {
  node.className = ok ? 'good' : 'bad';
  return node;
}

/** Texts are always text: nothing of a file becomes markup. */
function element<K extends keyof HTMLElementTagNameMap>(name: K, text: string, ...children: readonly Node[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(name);
  if (text !== '') node.append(text, ' ');
  node.append(...children);
  return node;
}

start();
