import type { CalendarRef, Duration } from '../domain/instant.ts';
import type { PolicyValues } from '../domain/policy/policy.ts';

/** One thing wrong with a document: where, what, and what would mend it. */
export interface PolicyProblem {
  readonly path: string;
  readonly message: string;
  readonly cure: string;
}

/**
 * What no schema of single values can see: clocks that can never run in order, verdicts that would act without a
 * ground, calendars nobody can count on. `calendarProblem` says why a calendar is unknown (`undefined` = known).
 */
export function checkPolicy(policy: PolicyValues, calendarProblem: (calendar: CalendarRef) => string | undefined): PolicyProblem[] {
  return [
    ...clockProblems(policy),
    ...verdictProblems(policy),
    ...calendarProblems(policy, calendarProblem),
    ...stepProblems(policy),
    ...measureProblems(policy),
    ...referralProblems(policy),
    ...detectionProblems(policy),
  ];
}

function clockProblems({ confirmation }: PolicyValues): PolicyProblem[] {
  const { remindAfter, escalateAfter, lapseAfter, extensions } = confirmation;
  const problems: PolicyProblem[] = [];
  const cure = 'let every reminder come before the escalation and the escalation before the lapse, in one unit';
  remindAfter.forEach((reminder, index) => {
    const path = `confirmation.remindAfter.${index}`;
    const next = remindAfter[index + 1];
    if (next !== undefined && !isShorter(reminder, next))
      problems.push({ path, message: `${writeDuration(reminder)} is not before ${writeDuration(next)}`, cure });
    if (!isShorter(reminder, escalateAfter)) {
      problems.push({
        path,
        message: `the reminder after ${writeDuration(reminder)} is not before the escalation after ${writeDuration(escalateAfter)}`,
        cure,
      });
    }
  });
  if (!isShorter(escalateAfter, lapseAfter)) {
    const message = `the escalation after ${writeDuration(escalateAfter)} is not before the lapse after ${writeDuration(lapseAfter)}`;
    problems.push({ path: 'confirmation.escalateAfter', message, cure });
  }
  for (const [capacity, { unit }] of Object.entries(extensions)) {
    if (unit === lapseAfter.unit) continue;
    const message = `an extension in ${unit} cannot be added to a window in ${lapseAfter.unit}`;
    problems.push({ path: `confirmation.extensions.${capacity}`, message, cure: `count it in ${lapseAfter.unit}` });
  }
  return problems;
}

/** Durations of one unit compare by number; of two units they do not compare at all (a weekend may lie between). */
function isShorter(a: Duration, b: Duration): boolean {
  return minutesOf(a).unit === minutesOf(b).unit && minutesOf(a).n < minutesOf(b).n;
}

function minutesOf({ n, unit }: Duration): { readonly n: number; readonly unit: string } {
  return unit === 'hours' ? { n: n * 60, unit: 'minutes' } : { n, unit };
}

function writeDuration({ n, unit }: Duration): string {
  return `${n} ${unit}`;
}

const NEVER_A_GROUND = ['genuine', 'not-ours', 'cannot-tell'] as const;

function verdictProblems({ verdicts, reasonCodes }: PolicyValues): PolicyProblem[] {
  const acting = NEVER_A_GROUND.filter((kind) => verdicts[kind].acts || verdicts[kind].points > 0).map((kind) => ({
    path: `verdicts.${kind}`,
    message: `${kind} is no ground to act and gives no points`,
    cure: 'set acts to false and points to 0',
  }));
  const used = new Set(Object.values(reasonCodes).flat());
  const unreachable = Object.keys(verdicts).filter((kind) => ![...used].some((other) => other === kind));
  const orphans = unreachable.map((kind) => ({
    path: 'reasonCodes',
    message: `no reason code goes with the verdict ${kind}, so nobody could give it`,
    cure: `list ${kind} under a reason code`,
  }));
  return [...acting, ...orphans];
}

function calendarProblems({ ledger }: PolicyValues, problemOf: (calendar: CalendarRef) => string | undefined): PolicyProblem[] {
  const named = [
    { path: 'ledger.calendar', calendar: ledger.calendar, durations: [ledger.countsAfter] },
    { path: 'ledger.expiryCalendar', calendar: ledger.expiryCalendar, durations: [ledger.expiresAfter] },
  ];
  return named.flatMap(({ path, calendar, durations }) => {
    const unknown = problemOf(calendar);
    const cure = 'name an ISO country, a zone of the time-zone database and, for working hours, hours';
    const problems = unknown === undefined ? [] : [{ path, message: unknown, cure }];
    if (calendar.hours !== undefined || !durations.some(({ unit }) => unit === 'working-hours')) return problems;
    return [...problems, { path, message: 'working-hours are counted on a calendar without hours', cure: 'add hours: 09:00-18:00' }];
  });
}

function stepProblems({ ledger }: PolicyValues): PolicyProblem[] {
  const rising = ledger.steps.every((step, index) => index === 0 || step.points > (ledger.steps[index - 1]?.points ?? 0));
  if (rising) return [];
  return [{ path: 'ledger.steps', message: 'the steps do not rise', cure: 'order the steps by points, each once' }];
}

/** A restriction is one for n days; a freeze or a closure may wait for whoever lifts it. */
function measureProblems({ sanctions: { measures } }: PolicyValues): PolicyProblem[] {
  if (measures.restrict.lasts !== undefined) return [];
  const message = 'a restriction without an end is a freeze';
  return [{ path: 'sanctions.measures.restrict.lasts', message, cure: 'say for how many calendar-days a shop is restricted' }];
}

function referralProblems({ referrals: { remindBrandAfter, appraisalWithin } }: PolicyValues): PolicyProblem[] {
  if (isShorter(remindBrandAfter, appraisalWithin)) return [];
  const message = `the reminder after ${writeDuration(remindBrandAfter)} is not before the end after ${writeDuration(appraisalWithin)}`;
  return [{ path: 'referrals.remindBrandAfter', message, cure: "let the reminder come before the end of the brand's time" }];
}

function detectionProblems({ detection: { priceGap, markUse, stayDown } }: PolicyValues): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (priceGap.fullGap <= priceGap.fromGap || priceGap.fullScore < priceGap.fromScore) {
    const message = 'the full score is reached before the first one';
    problems.push({ path: 'detection.priceGap', message, cure: 'let fullGap be above fromGap and fullScore not below fromScore' });
  }
  if (stayDown.fullScore < stayDown.fromScore) {
    const message = 'the same words would score less than similar ones';
    problems.push({ path: 'detection.stayDown.fullScore', message, cure: 'let fullScore not be below fromScore' });
  }
  if (markUse.longMark <= markUse.shortMark) {
    const message = 'a mark would be short and long at once';
    problems.push({ path: 'detection.markUse.longMark', message, cure: 'let longMark be above shortMark' });
  }
  return problems;
}
