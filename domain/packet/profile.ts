import type { DisclosureKind } from './redaction.ts';

/** What a recipient can expect in a packet. Their words for people are in `words/`. */
export const PacketItem = {
  seal: 'seal',
  custody: 'custody',
  jurisdiction: 'jurisdiction',
  recipient: 'recipient',
  legalBasis: 'legal-basis',
  ground: 'ground',
  capture: 'capture',
  suspect: 'suspect',
  right: 'right',
  certificate: 'certificate',
  contact: 'contact',
  appraisal: 'appraisal',
  priceStatement: 'price-statement',
  examination: 'examination',
  quantity: 'quantity',
} as const;
export type PacketItem = (typeof PacketItem)[keyof typeof PacketItem];

export interface ExpectedItem {
  readonly item: PacketItem;
  /** Without it nothing is packed: what would go out would be wrong, not merely incomplete. */
  readonly refuses?: true;
  /** Where the expectation comes from. */
  readonly source: string;
}

/** What one kind of recipient expects, and which withheld values it may see. */
export interface PacketProfile {
  readonly id: string;
  readonly version: number;
  readonly discloses: readonly DisclosureKind[];
  readonly items: readonly ExpectedItem[];
}

const DOJ = 'US DOJ, Reporting Intellectual Property Crime, 3rd ed. (list to be checked)';
const DSA = 'DSA art. 18: content, time with zone, reason, data to find the person';
const OWN = 'our own rule (domain notes, evidence and referral)';

/** A police force or a customs investigation, whatever its country. */
const POLICE: PacketProfile = {
  id: 'police',
  version: 1,
  discloses: ['seller', 'statement'],
  items: [
    { item: PacketItem.seal, refuses: true, source: `${OWN}: proofs verify against the sealed root` },
    { item: PacketItem.custody, refuses: true, source: 'ISO/IEC 27037; a gap in the chain of custody refuses the packet' },
    { item: PacketItem.jurisdiction, refuses: true, source: `${OWN}: a recipient without jurisdiction is refused` },
    { item: PacketItem.recipient, source: OWN },
    { item: PacketItem.legalBasis, source: `${OWN}: the packet says its legal basis` },
    { item: PacketItem.ground, source: `${DSA}; ${DOJ}: how found, reason` },
    { item: PacketItem.capture, source: `${DSA}; ${DOJ}: internet data` },
    { item: PacketItem.suspect, source: `${DSA}; ${DOJ}: suspects` },
    { item: PacketItem.right, source: `${DOJ}: registration number, date, in use` },
    { item: PacketItem.certificate, source: `${DOJ}: certificate of the right` },
    { item: PacketItem.contact, source: `${DOJ}: victim and contact` },
    { item: PacketItem.appraisal, source: "China PSB: the brand's appraisal of authenticity (to be checked)" },
    { item: PacketItem.priceStatement, source: "China PSB: the brand's price statement, for the threshold (to be checked)" },
    { item: PacketItem.examination, source: `${DOJ}: examination report` },
    { item: PacketItem.quantity, source: `${DOJ}: type, scope, quantity` },
  ],
};

const PROFILES: Readonly<Record<string, PacketProfile>> = { [POLICE.id]: POLICE };

/** The names of all profiles. */
export function profileIds(): readonly string[] {
  return Object.keys(PROFILES);
}

/** A profile by its name; undefined when there is none of that name. */
export function profileOf(id: string): PacketProfile | undefined {
  return Object.hasOwn(PROFILES, id) ? PROFILES[id] : undefined;
}
