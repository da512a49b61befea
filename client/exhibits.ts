import type { Verdict } from '../domain/case/model.ts';
import type { Money } from '../domain/money.ts';
import type { CaseClient, CaseTarget, Sender, Sent } from './case-client.ts';

/** What a test purchase is booked with; the order number is salted, for it would tell the seller which purchase was ours. */
export interface TestPurchase {
  readonly exhibit: string;
  readonly order: string;
  readonly price: Money;
}

/** What has arrived; `media` are digests in the vault. */
export interface Receipt {
  readonly exhibit: string;
  readonly parent?: string;
  readonly what: string;
  readonly condition: string;
  readonly seal?: string;
  readonly media: readonly string[];
}

/** A change of hands between organisations; `receiver` is a person's name. */
export interface Transfer {
  readonly exhibit: string;
  readonly from?: string;
  readonly to: string;
  readonly receiver?: string;
  readonly why: string;
  readonly seal?: string;
  readonly hash?: string;
}

/** An examination; `report` is a digest in the vault. */
export interface Examination {
  readonly exhibit: string;
  readonly agency?: string;
  readonly verdict: Verdict;
  readonly report: string;
  readonly seal?: string;
  readonly newSeal?: string;
}

/** The custody of physical samples: messages to the open case that they belong to. */
export class ExhibitClient {
  readonly #client: CaseClient;

  constructor(client: CaseClient) {
    this.#client = client;
  }

  order(sender: Sender, target: CaseTarget, { order, ...rest }: TestPurchase): Promise<Sent> {
    return this.#client.tell(sender, target, { kind: 'orderTestPurchase', ...rest }, { order });
  }

  receive(sender: Sender, target: CaseTarget, { what, condition, ...rest }: Receipt): Promise<Sent> {
    return this.#client.tell(sender, target, { kind: 'recordExhibit', ...rest }, { what, condition });
  }

  transfer(sender: Sender, target: CaseTarget, { receiver, why, ...rest }: Transfer): Promise<Sent> {
    return this.#client.tell(sender, target, { kind: 'transferExhibit', ...rest }, { why, ...(receiver !== undefined && { receiver }) });
  }

  examine(sender: Sender, target: CaseTarget, examination: Examination): Promise<Sent> {
    return this.#client.tell(sender, target, { kind: 'recordExamination', ...examination }, {});
  }

  lose(sender: Sender, target: CaseTarget, exhibit: string, why: string): Promise<Sent> {
    return this.#client.tell(sender, target, { kind: 'recordLoss', exhibit }, { why });
  }
}
