import type { BrandDocument } from '../domain/referral/model.ts';
import type { FactKind, Goods, SourcedValue } from '../domain/referral/totals.ts';
import type { CaseClient, Sender, Sent } from './case-client.ts';

/** What a brand says for a referral, in the clear: salted on its way in. `documents` are digests in the vault. */
export interface AppraisalWords {
  readonly brand: string;
  readonly appraisal: string;
  readonly priceStatement: string;
  readonly contact: string;
  readonly contactMail?: string;
  readonly contactPhone?: string;
  readonly documents: readonly BrandDocument[];
}

/** What an authority has done; several reports on one `fact` add their sources. */
export interface FactWords {
  readonly fact: string;
  readonly outcome: FactKind;
  readonly goods: readonly Goods[];
  readonly values: readonly SourcedValue[];
  readonly place?: string;
  readonly cases: readonly string[];
}

/** Messages about referrals. */
export class ReferralClient {
  readonly #client: CaseClient;

  constructor(client: CaseClient) {
    this.#client = client;
  }

  /** An officer or a liaison opens one by hand, or gets the one that is open. Any seller of the actor names it. */
  open(sender: Sender, wanted: { seller: string; recipient: string; profile?: string; reason: string }): Promise<Sent> {
    const { seller, reason, ...rest } = wanted;
    return this.#client.tellIntake(sender, { kind: 'openReferral', ...rest }, { seller, reason });
  }

  appraise(sender: Sender, id: string, { brand, documents, ...personal }: AppraisalWords): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'giveAppraisal', brand, documents }, { ...personal });
  }

  decline(sender: Sender, id: string, brand: string, reason?: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'declineAppraisal', brand }, reason === undefined ? {} : { reason });
  }

  rebuild(sender: Sender, id: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'rebuildPacket' });
  }

  waive(sender: Sender, id: string, item: string, reason: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'waiveItem', item }, { reason });
  }

  /** Decides on exactly the packet of that digest. */
  decide(sender: Sender, id: string, decision: 'approve' | 'reject', packet: string, reason: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'decideReferral', decision, packet }, { reason });
  }

  receipt(sender: Sender, id: string, reference: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'recordReceipt', reference });
  }

  refuse(sender: Sender, id: string, reason: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'recordRefusal' }, { reason });
  }

  question(sender: Sender, id: string, question: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'recordQuestion' }, { question });
  }

  answer(sender: Sender, id: string, question: number, answer: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'answerQuestion', question }, { answer });
  }

  outcome(sender: Sender, id: string, { place, ...fact }: FactWords): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'recordFact', ...fact }, place === undefined ? {} : { place });
  }

  close(sender: Sender, id: string, reason: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'closeReferral' }, { reason });
  }

  withdraw(sender: Sender, id: string, reason: string): Promise<Sent> {
    return this.#tell(sender, id, { kind: 'withdrawReferral' }, { reason });
  }

  #tell(sender: Sender, id: string, content: Readonly<Record<string, unknown>>, personal: Readonly<Record<string, string>> = {}): Promise<Sent> {
    return this.#client.tell(sender, { id }, content, personal);
  }
}
