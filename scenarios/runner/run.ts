import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { instant, plusMs } from '../../domain/instant.ts';
import type { PolicyDocument } from '../../domain/policy/policy.ts';
import type { Check } from './check-schemas.ts';
import { about, look } from './checks.ts';
import { loadStory, ScenarioError, type Story } from './document.ts';
import { endChecks } from './end-checks.ts';
import { policyOf } from './policy.ts';
import { importRows } from './register.ts';
import { type CheckReport, inWords, type Reported, type ScenarioReport, type StepReport } from './report.ts';
import { REGISTER_KINDS } from './row-schemas.ts';
import { type Servers, startServers } from './servers.ts';
import { Session } from './session.ts';
import { perform, describeStep } from './steps.ts';
import type { Step } from './step-schemas.ts';
import { startVirtualStack } from './virtual-stack.ts';
import { installRuntime } from '../../worker/engine.ts';
import type { Path } from './yaml-text.ts';

/** A story with its policy: everything that can be wrong with a document has been looked at. */
export interface Prepared {
  readonly story: Story;
  readonly policy: PolicyDocument;
}

/** Reads a document and its policy. Throws `ScenarioError` when it cannot be run. */
export async function prepare(file: string): Promise<Prepared> {
  const story = await loadStory(file);
  return { story, policy: await policyOf(story) };
}

type Tell = (report: StepReport | CheckReport) => void;

/** Tells a story on a throw-away stack of its own; every step and check goes to `tell` as it happens. `atEnd` may look at what is left. */
export async function runScenario(
  servers: Servers,
  { story, policy }: Prepared,
  tell: Tell = () => {},
  atEnd: (session: Session) => Promise<void> = async () => {},
): Promise<ScenarioReport> {
  const { scenario, file } = story;
  const began = Date.now();
  const startAt = instant(scenario.startAt);
  const stack = await startVirtualStack(servers, { startAt, policy });
  const session = new Session(stack, story);
  const told: (StepReport | CheckReport)[] = [];
  const note: Tell = (report) => {
    told.push(report);
    tell(report);
  };
  let error: string | undefined;
  try {
    await playOut(session, note);
    await atEnd(session);
  } catch (cause) {
    // A story that cannot go on is a failed story; the others still run.
    error = cause instanceof Error ? cause.message : String(cause);
  } finally {
    await stack.stop();
  }
  const failed = told.filter(({ ok }) => !ok);
  const steps = told.filter(({ type }) => type === 'step').length;
  const ok = failed.length === 0 && error === undefined;
  const counts = { steps, checks: told.length - steps, failed, ...(error !== undefined && { error }), ms: Date.now() - began };
  return { type: 'scenario', name: scenario.name, file, ok, from: startAt, until: stack.clock.now(), ...counts };
}

async function playOut(session: Session, note: Tell): Promise<void> {
  const { scenario } = session.story;
  await tellSteps(session, note);
  for (const [at, check] of scenario.expect.entries()) await lookAt(session, check, ['expect', at], note);
  for (const { what, wrong } of await endChecks(session)) {
    const found = wrong.length === 0 ? {} : { expected: 'nothing wrong', got: wrong };
    note({ type: 'check', story: scenario.name, line: 1, at: session.now(), what, ok: wrong.length === 0, ...found });
  }
}

/** What is given and the steps of a story, in their order, each with what is expected of it. Looks at nothing else. */
export async function tellSteps(session: Session, note: Tell): Promise<void> {
  await setStage(session);
  for (const [index, step] of session.story.scenario.steps.entries()) {
    await session.moveTo(step.at === undefined ? plusMs(session.now(), step.after ?? 0) : instantOfStep(session, step.at, index));
    note(await performStep(session, step, index));
    for (const [at, check] of (step.expect ?? []).entries()) await lookAt(session, check, ['steps', index, 'expect', at], note);
  }
}

function instantOfStep(session: Session, at: string, index: number) {
  if (at >= session.now()) return instant(at);
  throw new Error(`line ${session.story.lineOf(['steps', index, 'at'])}: the step is to happen at ${at}, and it is ${session.now()} already`);
}

async function setStage({ stack, outside, story }: Session): Promise<void> {
  const { given } = story.scenario;
  for (const kind of REGISTER_KINDS) {
    const rows = given[kind];
    if (rows === undefined) continue;
    const { wrong } = await importRows(stack, outside, kind, { rows });
    if (wrong.length > 0) throw new Error(`line ${story.lineOf(['given', kind])}: ${kind}: ${wrong.join('; ')}`);
  }
}

async function performStep(session: Session, step: Step, index: number): Promise<StepReport> {
  const at = session.now();
  const { words, wrong } = await perform(session, step);
  const { scenario, lineOf } = session.story;
  const base = { type: 'step', story: scenario.name, line: lineOf(['steps', index]), at } as const;
  return { ...base, who: step.who ?? null, does: describeStep(step), outcome: words, ok: wrong.length === 0, wrong };
}

async function lookAt(session: Session, check: Check, path: Path, note: Tell): Promise<void> {
  const { scenario, lineOf } = session.story;
  const findings = await look(session, check);
  const base = { type: 'check', story: scenario.name, at: session.now() } as const;
  const wrong = findings.filter(({ ok }) => !ok);
  const looked = [...new Set(findings.map(({ field }) => String(field[0])))].join(', ');
  if (wrong.length === 0) note({ ...base, line: lineOf(path), what: `${about(check)} (${looked})`, ok: true });
  for (const { field, expected, got } of wrong)
    note({ ...base, line: lineOf([...path, ...field]), what: `${about(check)}: ${String(field[0])}`, ok: false, expected, got });
}

/** Where reports go: words for people, documents with `json`. */
export interface ScenarioIo {
  readonly json: boolean;
  out(value: unknown): void;
  say(text: string): void;
}

/** What a run of stories comes to: all held, a check failed, or a document is wrong. */
export type ScenarioExit = 0 | 1 | 2;

/**
 * Runs stories (files, or folders of them) one after the other on one set of servers. Nothing runs when a document is
 * wrong: its problems are said by file and line, exit 2. With `json` every step, check and story is one JSON line.
 */
export async function runScenarios(paths: readonly string[], io: ScenarioIo): Promise<ScenarioExit> {
  const prepared = await prepareAll(paths, io);
  if (prepared === undefined) return 2;
  installRuntime();
  const servers = await startServers();
  const reports: ScenarioReport[] = [];
  const tell = (report: Reported, file: string) => {
    if (io.json) io.out(report);
    io.say(inWords(report, file));
  };
  try {
    for (const one of prepared) {
      const { file } = one.story;
      if (reports.length > 0) io.say('');
      io.say(one.story.scenario.name);
      const report = await runScenario(servers, one, (part) => tell(part, file));
      tell(report, file);
      reports.push(report);
    }
  } finally {
    await servers.stop();
  }
  const failed = reports.filter(({ ok }) => !ok);
  if (io.json) io.out({ type: 'summary', stories: reports.length, failed: failed.map(({ name }) => name) });
  if (reports.length > 1)
    io.say(
      `\n${reports.length - failed.length} of ${reports.length} stories hold${failed.length === 0 ? '' : `; failed: ${failed.map(({ name }) => name).join(', ')}`}`,
    );
  return failed.length === 0 ? 0 : 1;
}

async function prepareAll(paths: readonly string[], io: ScenarioIo): Promise<readonly Prepared[] | undefined> {
  const prepared: Prepared[] = [];
  let isWrong = false;
  for (const file of await storyFiles(paths)) {
    try {
      const one = await prepare(file);
      prepared.push(one);
      for (const { line, word, today } of one.story.earlier) io.say(`${file}:${line}: "${word}" is called "${today}" now; write that`);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      isWrong = true;
      if (io.json) io.out({ type: 'wrong-document', file, problems: error.problems });
      io.say(error.message);
    }
  }
  if (!isWrong && prepared.length === 0) io.say('There are no stories here; name a YAML or JSON document, or a folder of them.');
  return isWrong || prepared.length === 0 ? undefined : prepared;
}

/** The stories of the paths; a folder stands for its documents, without the schema beside them. */
export async function storyFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
    if (!isFolder) files.push(path);
    else
      files.push(
        ...(await readdir(path))
          .filter((name) => /\.(ya?ml|json)$/.test(name) && name !== 'schema.json')
          .sort()
          .map((name) => join(path, name)),
      );
  }
  return files;
}
