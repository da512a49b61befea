import type { VerdictDetails } from '../case/model.ts';
import type { AggregateId } from '../ids.ts';
import type { AppealKind, AppealState } from './model.ts';

/** What an appeal adds to what its sealed case says of itself; the case never changes again, so its reference is enough. */
export interface AppealParameters {
  readonly case: AggregateId;
  readonly appeal: AppealKind;
  readonly answer?: Pick<VerdictDetails, 'verdict' | 'reasonCode' | 'basis'>;
  /** Whether the rights holder filed the notice that it had been offered. */
  readonly isNotice: boolean;
}

/** What is said of an appeal to people. */
export function appealParameters(_kind: string, { of, kind, answer, isNotice }: AppealState): AppealParameters | undefined {
  if (of === undefined || kind === undefined) return undefined;
  const said = answer && { answer: { verdict: answer.verdict, reasonCode: answer.reasonCode, basis: answer.basis } };
  return { case: of.case, appeal: kind, isNotice: isNotice === true, ...said };
}
