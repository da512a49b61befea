import { partsOf } from '../capture.ts';
import { marketCountry } from '../detection/rights.ts';
import { DocumentKind, type PacketCase, type PacketFacts } from './facts.ts';
import { type CaseOutline, outlineOf } from './outline.ts';
import type { PacketItem, PacketProfile } from './profile.ts';

/** Something that the recipient expects and the packet does not have: where, in words, and what would cure it. */
export interface MissingItem {
  readonly item: PacketItem;
  /** The case, right, rights holder or exhibit concerned; the subject itself where it concerns all of it. */
  readonly where: string;
  readonly what: string;
  readonly cure: string;
  /** Nothing is packed as long as this stands. */
  readonly refuses: boolean;
}

type Gap = Omit<MissingItem, 'item' | 'refuses'>;

interface Subject {
  readonly facts: PacketFacts;
  readonly cases: readonly (PacketCase & { readonly outline: CaseOutline })[];
  readonly discloses: readonly string[];
}

/**
 * What is missing from a packet for a profile, in the order of the profile. The same function says it for a first submission, a
 * retry and a supplement, for a dry run and for the cover: they cannot differ.
 */
export function missingFrom(facts: PacketFacts, profile: PacketProfile, discloses: readonly string[] = profile.discloses): readonly MissingItem[] {
  const cases = facts.cases.map((one) => ({ ...one, outline: outlineOf(one.history) }));
  const subject: Subject = { facts, cases, discloses };
  return profile.items.flatMap(({ item, refuses }) => LOOK[item](subject).map((gap) => ({ item, ...gap, refuses: refuses === true })));
}

/** What is wanted of each item. */
const LOOK: { readonly [I in PacketItem]: (subject: Subject) => readonly Gap[] } = {
  seal: ({ facts, cases }) =>
    cases.length === 0
      ? [{ where: facts.id, what: 'there is no case in it', cure: 'Name at least one sealed case.' }]
      : cases.flatMap(({ outline }) => sealGaps(outline)),
  custody: ({ facts, cases, discloses }) => [
    ...(discloses.includes('seller') ? cases.flatMap(({ outline }) => captureCustody(outline, facts)) : []),
    ...facts.cover.documents.flatMap(({ digest, title, about }) => objectGap(facts, digest, about, `the document "${title}"`)),
    ...facts.cover.exhibits.flatMap(({ id, gap }) =>
      gap === undefined ? [] : [{ where: id, what: gap, cure: 'Record the step that is missing, or leave the exhibit out.' }],
    ),
  ],
  jurisdiction: ({ facts, cases }) => {
    const { recipient } = facts.cover;
    if (recipient === undefined) return [];
    const countries = recipient.jurisdiction.map(marketCountry);
    return cases
      .filter(({ outline }) => !countries.includes(marketCountry(outline.market)))
      .map(({ outline }) => ({
        where: outline.id,
        what: `${recipient.name} has no jurisdiction in the market ${outline.market}`,
        cure: 'Choose a recipient of that country, or leave the case out.',
      }));
  },
  recipient: ({ facts }) =>
    facts.cover.recipient === undefined ? [of(facts, 'it is not addressed to anybody', 'Open a referral to a recipient and pack that.')] : [],
  'legal-basis': ({ facts }) =>
    facts.cover.legalBasis === undefined ? [of(facts, 'no legal basis is stated', 'State in a referral why it may be handed over.')] : [],
  ground: ({ cases }) => cases.flatMap(({ outline }) => groundGaps(outline)),
  capture: ({ cases, discloses }) => cases.flatMap(({ outline }) => captureGaps(outline, discloses)),
  suspect: ({ cases, discloses }) => cases.flatMap((one) => suspectGaps(one, discloses)),
  right: ({ cases }) => cases.flatMap(rightGaps),
  certificate: ({ facts, cases }) =>
    [...new Set(cases.flatMap(({ outline }) => outline.rights))]
      .filter((right) => !facts.cover.documents.some(({ kind, about }) => kind === DocumentKind.certificate && about === right))
      .map((right) => ({ where: right, what: 'its certificate of registration is not with it', cure: 'Ask the rights holder for the certificate.' })),
  contact: (subject) => brandGaps(subject, 'contact', 'no contact person is named', 'Ask the rights holder whom investigators may call.'),
  appraisal: (subject) => brandGaps(subject, 'appraisal', 'no appraisal of authenticity', 'Ask the rights holder for an appraisal.'),
  'price-statement': (subject) =>
    brandGaps(subject, 'priceStatement', 'no price statement', 'Ask the rights holder for the price of the genuine goods.'),
  examination: ({ facts, cases }) =>
    cases
      .filter(({ outline }) => !isExamined(facts, outline.id))
      .map(({ outline }) => ({
        where: outline.id,
        what: 'no goods were examined',
        cure: 'Buy a sample, have it examined and record the report, or say that there is none.',
      })),
  quantity: ({ cases }) =>
    cases
      .filter(({ outline }) => outline.orders === undefined)
      .map(({ outline }) => ({
        where: outline.id,
        what: 'it is not known how many were sold',
        cure: 'The marketplace tells it when it takes a listing down; ask it for the orders.',
      })),
};

function of(facts: PacketFacts, what: string, cure: string): Gap {
  return { where: facts.id, what, cure };
}

function sealGaps({ id, seal, appeals }: CaseOutline): readonly Gap[] {
  if (seal === null) {
    return [{ where: id, what: 'the case is not closed: nothing proves that its record is whole', cure: 'Wait until it is decided and sealed.' }];
  }
  return appeals
    .filter(({ ended }) => ended === undefined)
    .map((appeal) => ({ where: id, what: `the ${appeal.kind} ${appeal.id} is not decided`, cure: 'Decide it first: it may undo the case.' }));
}

const UNDONE: readonly string[] = ['overturned', 'applied'];

function groundGaps({ id, ended, appeals }: CaseOutline): readonly Gap[] {
  const undone = appeals.find(({ kind, ended: end }) => UNDONE.includes(end ?? '') && (kind === 'correction' || kind === 'counter-notice'));
  if (undone !== undefined) return [{ where: id, what: `the finding was undone by the ${undone.kind} ${undone.id}`, cure: 'Leave this case out.' }];
  if (ended === 'actioned') return [];
  const why = ended === undefined ? 'the case is open' : `the case ended ${ended}`;
  return [{ where: id, what: `no rights holder confirmed an infringement: ${why}`, cure: 'Leave this case out.' }];
}

function captureGaps({ id, captures }: CaseOutline, discloses: readonly string[]): readonly Gap[] {
  if (captures.length === 0) {
    return [{ where: id, what: 'the listing was never captured', cure: 'This cannot be corrected; the record says why the capture failed.' }];
  }
  if (discloses.includes('seller')) return [];
  return [{ where: id, what: 'captures show the seller, who is withheld, so they are left out', cure: 'Disclose the seller.' }];
}

/** Every capture that a decision names, and each of its parts, must be in the vault as it was put there. */
function captureCustody({ id, captures }: CaseOutline, facts: PacketFacts): readonly Gap[] {
  return captures.flatMap(({ digest, n }) => {
    const found = objectGap(facts, digest, id, `the capture of decision ${n}`);
    if (found.length > 0) return found;
    const capture = facts.captures.get(digest);
    if (capture === undefined) {
      return [{ where: id, what: `the capture of decision ${n} (${digest}) is no list of a capture's parts`, cure: CURE_OF_CUSTODY }];
    }
    return partsOf(capture.manifest).flatMap((part) =>
      part.digest === null ? [] : objectGap(facts, part.digest, id, `the ${part.role} in the capture of decision ${n}`),
    );
  });
}

const CURE_OF_CUSTODY = 'Put the object back from a copy of the vault; its digest says whether it is the right one.';

function objectGap({ vault }: PacketFacts, digest: string, where: string, name: string): readonly Gap[] {
  const found = vault.get(digest) ?? 'absent';
  if (typeof found === 'object') return [];
  const what = found === 'absent' ? 'is not in the vault' : 'is not what was put into the vault: its digest differs';
  return [{ where, what: `${name} (${digest}) ${what}`, cure: CURE_OF_CUSTODY }];
}

function suspectGaps({ outline, seller }: Subject['cases'][number], discloses: readonly string[]): readonly Gap[] {
  const { id } = outline;
  if (!discloses.includes('seller')) return [{ where: id, what: 'the seller is withheld from this recipient', cure: 'Disclose the seller.' }];
  if (outline.seller === undefined) return [{ where: id, what: 'the seller is not known', cure: 'Have the marketplace identify the seller.' }];
  if (seller === undefined) return [{ where: id, what: "the seller's identity has been erased", cure: 'This cannot be corrected.' }];
  if (seller.name !== undefined || seller.mail !== undefined) return [];
  return [{ where: id, what: 'of the seller only the account is known', cure: 'Import the name and address that the marketplace has verified.' }];
}

function rightGaps({ outline, rights }: Subject['cases'][number]): readonly Gap[] {
  if (outline.rights.length === 0)
    return [{ where: outline.id, what: 'no registered right is named', cure: 'Import the right and open the case on it.' }];
  return outline.rights.flatMap((id): readonly Gap[] => {
    const right = rights.find((one) => one.id === id);
    if (right === undefined) return [{ where: id, what: 'the right is not in the register any more', cure: 'Import it again.' }];
    return right.registration === undefined
      ? [{ where: id, what: 'its registration number is not known', cure: 'Import the right with its registration number.' }]
      : [];
  });
}

function brandGaps({ facts, cases }: Subject, field: 'contact' | 'appraisal' | 'priceStatement', what: string, cure: string): readonly Gap[] {
  const holders = [...new Set(cases.map(({ holder }) => holder.id))];
  return holders
    .filter((holder) => facts.cover.brands.find((brand) => brand.holder === holder)?.[field] === undefined)
    .map((where) => ({ where, what, cure }));
}

function isExamined({ cover }: PacketFacts, caseId: string): boolean {
  const exhibits = cover.exhibits.filter((exhibit) => exhibit.case === caseId).map(({ id }) => id);
  return cover.documents.some(({ kind, about }) => kind === DocumentKind.examination && (about === caseId || exhibits.includes(about)));
}
