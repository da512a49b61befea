import ical, { ICalCalendarMethod } from 'ical-generator';
import type { Deadline } from '../domain/aggregate.ts';
import { CaseDeadline } from '../domain/case/deadlines.ts';
import { epochMs, instant } from '../domain/instant.ts';
import { oneLine } from '../domain/one-line.ts';
import type { OpenCase } from '../store/queries/open-cases.ts';

/** How often a calendar may ask again: made up, an hour is less than any window. */
const ASK_AGAIN_S = 3_600;

/** What stands in a feed: the name of the organisation, its open cases, the titles of their listings, where the portal is. */
export interface FeedContent {
  readonly name: string;
  /** Each with the instant until which an answer is in time; those without one are left out. */
  readonly cases: readonly (OpenCase & { readonly deadline: Deadline | undefined })[];
  readonly titles: ReadonlyMap<string, string>;
  readonly origin: string;
}

/** The consequence of silence in the title: a calendar shows little else. */
const WHAT: Readonly<Record<string, string>> = {
  [CaseDeadline.lapse]: 'Answer due',
  [CaseDeadline.further]: 'Answer due (last window)',
  [CaseDeadline.provisionalEnd]: 'Confirm, or the provisional removal ends',
};

/**
 * An iCalendar document (RFC 5545): one event for each case that waits for the brand, at the instant until which an answer is in
 * time. UID is the case's id for ever; stamp and sequence are of the log, so that the same cases are the same bytes, and a
 * deadline that moves has a higher sequence.
 */
export function calendarOf({ name, cases, titles, origin }: FeedContent): string {
  const calendar = ical({
    name: `Deadlines: ${oneLine(name, 200)}`,
    prodId: { company: 'interdict', product: 'deadlines', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: ASK_AGAIN_S,
  });
  for (const { id, n, deadline, marketplace, listing, changedAt } of cases) {
    if (deadline === undefined) continue;
    const title = oneLine(titles.get(listing) ?? listing, 200);
    const changed = new Date(epochMs(instant(changedAt)));
    const page = `${origin}/cases/${id}`;
    calendar.createEvent({
      id,
      sequence: n,
      stamp: changed,
      lastModified: changed,
      start: new Date(epochMs(deadline.at)),
      summary: `${WHAT[deadline.rule] ?? 'Due'}${deadline.provisional === true ? ' (provisional)' : ''}: ${title} (${oneLine(marketplace, 80)})`,
      description: `Listing ${oneLine(listing, 200)}, case ${id}. An answer at this very instant is still in time. Answer on the page of the case; nothing in a calendar is an answer.\n${page}`,
      url: page,
    });
  }
  return calendar.toString();
}
