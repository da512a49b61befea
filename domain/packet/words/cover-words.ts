import type { AppealKind } from '../../appeal/model.ts';
import type { Verdict, VerdictBasis } from '../../case/model.ts';
import type { DocumentKind } from '../facts.ts';
import type { PacketItem } from '../profile.ts';

/** The texts of a cover statement in one language: data, one version for all languages; `{name}` is filled in. */
export interface CoverWords {
  readonly title: string;
  readonly footer: string;
  readonly intro: string;
  readonly suspicion: string;
  readonly notStated: string;
  readonly withheld: string;
  readonly complete: string;
  readonly incomplete: string;
  readonly heading: {
    readonly recipient: string;
    readonly seller: string;
    readonly rights: string;
    readonly holders: string;
    readonly cases: string;
    readonly documents: string;
    readonly exhibits: string;
    readonly missing: string;
    readonly withheld: string;
    readonly check: string;
  };
  readonly label: {
    readonly recipient: string;
    readonly jurisdiction: string;
    readonly legalBasis: string;
    readonly reference: string;
    readonly asOf: string;
    readonly account: string;
    readonly name: string;
    readonly mail: string;
    readonly market: string;
    readonly right: string;
    readonly type: string;
    readonly mark: string;
    readonly registration: string;
    readonly owner: string;
    readonly status: string;
    readonly holder: string;
    readonly contact: string;
    readonly appraisal: string;
    readonly priceStatement: string;
    readonly listing: string;
    readonly offer: string;
    readonly price: string;
    readonly detected: string;
    readonly found: string;
    readonly captured: string;
    readonly answer: string;
    readonly removed: string;
    readonly orders: string;
    readonly ended: string;
    readonly afterwards: string;
    readonly seal: string;
    readonly sha256: string;
    readonly source: string;
    readonly partOf: string;
    readonly custody: string;
  };
  /** `{number}`, `{at}`, `{root}`. */
  readonly sealed: string;
  /** `{verdict}`, `{code}`, `{basis}`, `{at}`. */
  readonly answered: string;
  readonly undecided: string;
  readonly verdict: Readonly<Record<Verdict, string>>;
  readonly basis: Readonly<Record<VerdictBasis, string>>;
  /** How cases and appeals end, by their final status. */
  readonly end: Readonly<Record<'actioned' | 'dismissed' | 'lapsed' | 'cancelled' | 'upheld' | 'overturned' | 'applied' | 'withdrawn', string>>;
  readonly appeal: Readonly<Record<AppealKind, string>>;
  readonly document: Readonly<Record<DocumentKind, string>>;
  readonly item: Readonly<Record<PacketItem, string>>;
  /** What is withheld, by kind; a kind without words is named as it is. */
  readonly kind: Readonly<Record<'seller' | 'person' | 'note' | 'statement' | 'reason', string>>;
  readonly check: readonly string[];
}
