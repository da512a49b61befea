import type { CapturedOffer, CaptureManifest } from '../capture.ts';
import type { HistoryFile } from '../history-file.ts';
import type { Instant } from '../instant.ts';

/** The languages that a cover statement can be written in besides English. */
export const Language = { en: 'en', de: 'de', fr: 'fr', es: 'es', pt: 'pt-BR', zh: 'zh-CN' } as const;
export type Language = (typeof Language)[keyof typeof Language];

/** One sealed case as it goes into a packet. */
export interface PacketCase {
  /** With every disclosure that the store holds: what may not leave is taken out by `redacted`. */
  readonly history: HistoryFile;
  readonly holder: { readonly id: string; readonly name: string };
  readonly rights: readonly PacketRight[];
  /** The seller's account as the register has it; absent when it is not known, or erased. */
  readonly seller?: PacketSeller;
}

export interface PacketRight {
  readonly id: string;
  readonly jurisdiction: string;
  readonly type: string;
  readonly status: string;
  readonly office?: string;
  readonly registration?: string;
  readonly mark?: string;
  readonly owner?: string;
  readonly observedAt?: string;
}

export interface PacketSeller {
  readonly account: string;
  readonly name?: string;
  readonly mail?: string;
  readonly market?: string;
}

/** What somebody has stated for the packet, in words; `document` names a document of the packet that shows it. */
export interface Statement {
  readonly text: string;
  readonly at: Instant;
  readonly document?: string;
}

/** What a rights holder adds to its cases. */
export interface PacketBrand {
  readonly holder: string;
  readonly contact?: { readonly name?: string; readonly mail?: string; readonly phone?: string };
  readonly appraisal?: Statement;
  readonly priceStatement?: Statement;
}

export const DocumentKind = {
  certificate: 'certificate',
  appraisal: 'appraisal',
  priceStatement: 'price-statement',
  examination: 'examination',
  photo: 'photo',
  film: 'film',
  other: 'other',
} as const;
export type DocumentKind = (typeof DocumentKind)[keyof typeof DocumentKind];

/** A document that lies in the vault. `about` names the right, rights holder, case or exhibit that it belongs to. */
export interface PacketDocument {
  readonly kind: DocumentKind;
  readonly digest: string;
  readonly title: string;
  readonly about: string;
  /** `pdf`, `png` ...; told from how the file begins when it is not given. A file of another kind is packed as `.bin`. */
  readonly extension?: string;
}

/** One step in the custody of an exhibit, in words of whoever recorded it. */
export interface CustodyStep {
  readonly at: Instant;
  /** What happened: collected, received, transferred, examined, disposed of. */
  readonly what: string;
  readonly from?: string;
  readonly to?: string;
  readonly where?: string;
  readonly why?: string;
  /** State of the seal, or the hash that was checked again. */
  readonly check?: string;
}

/** A physical or digital exhibit. `gap` is the first gap in its custody, in words, as its own rules found it. */
export interface PacketExhibit {
  readonly id: string;
  readonly case: string;
  readonly parent?: string;
  readonly what: string;
  readonly source: string;
  readonly custody: readonly CustodyStep[];
  readonly gap?: string;
}

/** What goes with the cases: of a referral all of it; of a single case as much as the log and the register know. */
export interface Cover {
  readonly recipient?: { readonly name: string; readonly language: Language; readonly jurisdiction: readonly string[] };
  /** Why this may be handed over, in words; most referrals of counterfeits are voluntary. */
  readonly legalBasis?: string;
  readonly brands: readonly PacketBrand[];
  readonly documents: readonly PacketDocument[];
  readonly exhibits: readonly PacketExhibit[];
}

/** One case, or the cases of a referral. */
export interface PacketSubject {
  /** `case:...` or `referral:...` */
  readonly id: string;
  readonly cases: readonly PacketCase[];
  readonly cover: Cover;
}

/** An object of the vault as it was found: its bytes counted and hashed again, or what is wrong with it. */
export type VaultObject = { readonly size: number; readonly crc32: number } | 'absent' | 'changed';

/** All that is known when a packet is put together: the subject, and what the vault holds of what it names. */
export interface PacketFacts extends PacketSubject {
  /** Captures by vault digest; one that cannot be read is not in here. */
  readonly captures: ReadonlyMap<string, { readonly manifest: CaptureManifest; readonly offer: CapturedOffer }>;
  readonly vault: ReadonlyMap<string, VaultObject>;
}
