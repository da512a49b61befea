import { z } from 'zod';

/**
 * A scripted reply: refusal for now (4xx) or for good (5xx) of a recipient, or the connection dropped after the message
 * was kept, so that the sender never reads the reply (drop); or taken and returned later by a report (bounce).
 */
export const mailFaultSchema = z.strictObject({
  kind: z.enum(['4xx', '5xx', 'drop', 'bounce']),
  recipient: z.string().optional(),
  /** Absent: until the faults are cleared. */
  times: z.int().min(1).optional(),
});
export type MailFault = z.output<typeof mailFaultSchema>;

/** The scripted faults; they live as long as the process. */
export class MailFaults {
  readonly #faults: { readonly fault: MailFault; left: number }[] = [];

  /** Scripts a fault. */
  add(fault: MailFault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  /** Ends all faults. */
  clear(): void {
    this.#faults.length = 0;
  }

  /** The eldest fault of one of the kinds that fits a recipient, used up by one. */
  take(kinds: readonly MailFault['kind'][], recipients: readonly string[]): MailFault | undefined {
    const addresses = recipients.map((address) => address.toLowerCase());
    const found = this.#faults.find(
      ({ fault, left }) =>
        left > 0 && kinds.includes(fault.kind) && (fault.recipient === undefined || addresses.includes(fault.recipient.toLowerCase())),
    );
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  }
}
