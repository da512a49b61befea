/** A step as it was done. */
export interface StepReport {
  readonly type: 'step';
  readonly story: string;
  readonly line: number;
  readonly at: string;
  readonly who: string | null;
  readonly does: string;
  readonly outcome: string;
  readonly ok: boolean;
  readonly wrong: readonly string[];
}

/** An expectation as it was found. */
export interface CheckReport {
  readonly type: 'check';
  readonly story: string;
  readonly line: number;
  readonly at: string;
  readonly what: string;
  readonly ok: boolean;
  readonly expected?: unknown;
  readonly got?: unknown;
}

/** A story as it went. */
export interface ScenarioReport {
  readonly type: 'scenario';
  readonly name: string;
  readonly file: string;
  readonly ok: boolean;
  readonly from: string;
  readonly until: string;
  readonly steps: number;
  readonly checks: number;
  readonly failed: readonly (StepReport | CheckReport)[];
  /** Why the story could not be told to its end. */
  readonly error?: string;
  readonly ms: number;
}

export type Reported = StepReport | CheckReport | ScenarioReport;

/** A report in words, one or more lines. */
export function inWords(report: Reported, file: string): string {
  switch (report.type) {
    case 'step':
      return [
        `  ${short(report.at)}  ${report.who === null ? '' : `${report.who}: `}${report.does} -> ${report.outcome}`,
        ...report.wrong.map((wrong) => `  FAILED ${file}:${report.line}: ${wrong}`),
      ].join('\n');
    case 'check':
      return report.ok
        ? `  ${short(report.at)}    ok ${report.what}`
        : `  FAILED ${file}:${report.line}: ${report.what}\n    expected ${showValue(report.expected)}\n    got      ${showValue(report.got)}`;
    case 'scenario': {
      const summary = `${report.name}: ${report.steps} steps, ${report.checks} checks, ${(report.ms / 1000).toFixed(1)} s`;
      if (report.error !== undefined) return `FAILED ${file}: ${report.error}\nFAILED ${summary}`;
      return report.ok ? `ok ${summary}` : `FAILED ${summary}, ${report.failed.length} wrong`;
    }
  }
}

function short(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
}

function showValue(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  return value.length === 0 ? 'nothing' : value.map((item) => `\n      ${typeof item === 'string' ? item : JSON.stringify(item)}`).join('');
}
