import type { AppealKind, AppealStatus } from '../../domain/appeal/model.ts';
import type { Verdict, VerdictBasis } from '../../domain/case/model.ts';
import type { Duration, DurationUnit, Instant } from '../../domain/instant.ts';
import { epochMs } from '../../domain/instant.ts';
import type { Matter, Silence } from './params.ts';
import { oneLine } from '../../domain/one-line.ts';
import type { Block, Item } from './text-model.ts';

/** Verdicts as facts about the listing. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  counterfeit: 'counterfeit',
  genuine: 'genuine',
  unauthorised: 'genuine, but not authorised for sale here',
  'other-infringement': 'an infringement of another kind',
  'not-ours': 'not covered by its rights',
  'cannot-tell': 'not possible to tell yet',
};

/** Why a verdict makes the listing illegal content (DSA 17(3)(d)). */
export const GROUNDS: Readonly<Partial<Record<Verdict, string>>> = {
  counterfeit:
    'The offer is illegal content: it offers goods that bear a sign protected by the rights named here and that do not come from their owner (counterfeit goods).',
  unauthorised:
    'The offer is illegal content: the goods are genuine, but the owner of the rights named here has not authorised their sale in this market.',
  'other-infringement': 'The offer is illegal content: it uses the rights named here without authorisation (title, description, brand or images).',
};

export const BASES: Readonly<Record<VerdictBasis, string>> = {
  image: 'the images of the listing',
  serial: 'a serial or batch number',
  sample: 'an examined sample',
  price: 'the price',
};

export const APPEALS: Readonly<Record<AppealKind, string>> = {
  correction: 'a corrected answer from the rights holder',
  'counter-statement': "the seller's counter-statement",
  'late-verdict': 'an answer that arrived too late',
  'seller-known': 'the seller has been identified',
  'calendar-known': 'the official holiday calendar has been published',
};

/** What the end of an appeal means. */
export const ENDINGS: Readonly<Record<AppealStatus, string>> = {
  none: 'It has not started.',
  'in-review': 'It is being reviewed.',
  offered: 'A notice is offered.',
  'taking-down': 'The listing is being removed.',
  'putting-back': 'The listing is being put back.',
  upheld: 'The decision stands.',
  overturned: 'The decision is overturned and its consequences are undone. The listing is available again unless another right prevents it.',
  applied: 'The request has been carried out.',
  withdrawn: 'It was withdrawn or not pursued; the decision stands.',
};

const UNITS: Readonly<Record<DurationUnit, readonly [one: string, many: string]>> = {
  minutes: ['minute', 'minutes'],
  hours: ['hour', 'hours'],
  'working-hours': ['working hour', 'working hours'],
  'calendar-days': ['calendar day', 'calendar days'],
  'business-days': ['business day', 'business days'],
  'working-days': ['working day', 'working days'],
};

/** `14 calendar days` */
export function lengthOf({ n, unit }: Duration): string {
  return `${n} ${UNITS[unit][n === 1 ? 0 : 1]}`;
}

/** `2 October 2025 at 18:00 (Europe/Berlin)`; UTC where the zone is not known here. */
export function whenIn(zone: string, at: Instant): string {
  const known = isKnownZone(zone) ? zone : 'UTC';
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: known,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return `${parts.format(epochMs(at))} (${known})`;
}

/** What stands behind an instant that was counted beyond the published holidays. */
export function mayMove(does: boolean | undefined): string {
  return does === true ? ' (some public holidays in this period are not published yet: it may become later, never earlier)' : '';
}

function isKnownZone(zone: string): boolean {
  try {
    return zone !== '' && new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** The listing in a few words, for a subject. */
export function shortName({ listing, title }: Matter): string {
  return title === undefined ? oneLine(listing, 80) : `“${oneLine(title, 80)}”`;
}

/** The listing, where it is and which case it is, for a line of a list. */
export function lineOf({ listing, title, marketplace, market, reference }: Matter): string {
  const name = title === undefined ? '' : `“${oneLine(title, 200)}”, `;
  return `${name}listing ${oneLine(listing, 200)} on ${oneLine(marketplace, 80)} (${oneLine(market, 20)}), case ${reference}`;
}

function openLabel({ isAppealPage }: Matter): string {
  return isAppealPage === true ? 'Open the appeal' : 'Open the case';
}

/** A line of a list with the page of its case. */
export function itemOf(matter: Matter, text: string): Item {
  return matter.page === undefined ? text : { text, link: { href: matter.page, label: openLabel(matter) } };
}

/** The page of what a letter is about, as a block of its own. */
export function openBlocks(matter: Matter, label = openLabel(matter)): readonly Block[] {
  return matter.page === undefined ? [] : [{ link: { href: matter.page, label } }];
}

/** What will happen when nobody answers. */
export function silenceWords(silence: Silence): string {
  return `without your answer ${consequence(silence)}`;
}

/** The same for whoever is not the one to answer. */
export function consequence({ riskClass, effect, removalLasts }: Silence): string {
  const risk = riskClass === 'high' ? 'high risk class (goods that can affect health or safety)' : 'standard risk class';
  return effect === 'remove-provisionally'
    ? `the listing is removed provisionally for ${lengthOf(removalLasts)} (${risk})`
    : `the case lapses: the listing stays online and we keep watching it (${risk})`;
}

/** `one`, or the number with the many-form. */
export function counted(n: number, one: string, many: string): string {
  return n === 1 ? one : `${n} ${many}`;
}
