import { type Audit, auditHistory, ownRules } from '../../../verifier/audit.ts';
import { HistoryFileError } from '../../../verifier/json-text.ts';
import { MOST_BYTES, parseHistory } from '../../../verifier/parse-history.ts';
import { type RulesModule, RulesNotRun } from '../../../verifier/replay.ts';
import { printable } from '../../../verifier/values.ts';
import { type Words, wordsFor } from './words.ts';

/** Digest of the rules that are built into this page (scripts/build-pages.ts). */
declare const RULES_DIGEST: string;

/** A page runs no text that a file brings along: other rules than its own are left to the command line. */
const FOREIGN_RULES: RulesModule = {
  redecide: () => {
    throw new RulesNotRun('its rules are not those of this page; use `interdict replay` for it');
  },
};

const words = wordsFor(navigator.languages);

function start(): void {
  const main = document.getElementById('main');
  if (main === null) return;
  document.documentElement.lang = words.lang;
  document.title = words.title;
  const input = element('input', '');
  input.type = 'file';
  input.accept = '.json,application/json';
  const zone = element('label', words.drop, input);
  const result = element('div', '');
  result.setAttribute('aria-live', 'polite');
  main.replaceChildren(element('h1', words.title), element('p', words.lead), zone, result);
  input.addEventListener('change', () => void check(input.files?.[0], result));
  zone.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.dataset['over'] = '';
  });
  zone.addEventListener('dragleave', () => delete zone.dataset['over']);
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    delete zone.dataset['over'];
    void check(event.dataTransfer?.files[0], result);
  });
}

async function check(file: File | undefined, result: HTMLElement): Promise<void> {
  if (file === undefined) return;
  result.replaceChildren(element('p', words.working));
  try {
    if (file.size > MOST_BYTES) throw new HistoryFileError(file.name, 'the file is too large', 'Use `interdict verify` for it.');
    const audit = await auditHistory(parseHistory(await file.text()), (digest) => (digest === RULES_DIGEST ? ownRules : FOREIGN_RULES));
    show(file.name, audit, result);
  } catch (error) {
    if (!(error instanceof HistoryFileError)) throw error;
    result.replaceChildren(mark(element('p', `${words.unreadable} ${printable(error.message, 2_000)}`), false));
  }
}

function show(name: string, { checks, decisions, broken }: Audit, result: HTMLElement): void {
  const foreign = decisions.filter(({ rules }) => rules !== RULES_DIGEST).length;
  const decided = decisions.filter(({ rules, same }) => rules === RULES_DIGEST && same).length;
  const failed = checks.filter(({ ok }) => !ok).length + decisions.filter(({ rules, same }) => rules === RULES_DIGEST && !same).length;
  const first = failed === 0 ? undefined : broken;
  const head = first === undefined || first === null ? words.good : `${words.bad} ${printable(first.what, 2_000)}`;
  const lines = checks.map(({ ok, what }) => mark(element('li', `${ok ? '✓' : '✗'} ${printable(what, 2_000)}`), ok));
  const told = decisions.map((each) => line(each, words));
  result.replaceChildren(
    element('h2', printable(name)),
    mark(element('p', head), failed === 0),
    element('p', words.decided(decided, foreign)),
    element('ul', '', ...lines),
    element('ul', '', ...told),
  );
}

function line({ n, at, who, outcome, rules, same, why }: Audit['decisions'][number], { notHere, isSame, differs }: Words): HTMLElement {
  const verdict = rules !== RULES_DIGEST ? notHere : same ? isSame : `${differs}: ${why ?? ''}`;
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
