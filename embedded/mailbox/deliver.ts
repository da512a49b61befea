import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { cameTo } from '../../domain/inbound-mail.ts';

/** The address of the embedded stack to which replies and reports come. */
export const REPLY_ADDRESS = 'desk@interdict.invalid';

/** Where mail to one address is brought by SMTP. */
export interface InboundMailHost {
  readonly address: string;
  readonly host: string;
  readonly port: number;
}

interface Handed {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

/** Brings a mail to the SMTP server for inbound mail when it is for its address: what a mail host does for the domain that it serves. */
export async function bringIn(inbound: InboundMailHost | undefined, { from, to, raw }: Handed): Promise<void> {
  if (inbound === undefined) return;
  const { host, port, address: ours } = inbound;
  const brought = to.filter((address) => cameTo(ours, address) !== undefined);
  if (brought.length === 0) return;
  await createTransport({ host, port, secure: false, ignoreTLS: true }).sendMail({ envelope: { from, to: brought }, raw });
}

/** The report by which a mail host returns a mail that it has taken (RFC 3464), with the headers of that mail. */
export function reportOf(raw: Buffer, to: string, failed: readonly string[], at: string): Buffer {
  const headers = raw.subarray(0, raw.indexOf('\r\n\r\n') + 2).toString('latin1');
  const id = createHash('sha256').update(raw).digest('hex').slice(0, 32);
  const recipients = failed.map((address) => `Final-Recipient: rfc822; ${address}\r\nAction: failed\r\nStatus: 5.1.1\r\n`);
  const part = (type: string, body: string) => `--report\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  return Buffer.from(
    [
      'From: Mail Delivery System <mailer-daemon@mailbox.invalid>\r\n',
      `To: ${to}\r\n`,
      'Subject: Returned mail\r\n',
      `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}\r\n`,
      `Message-ID: <report.${id}@mailbox.invalid>\r\n`,
      'Auto-Submitted: auto-replied\r\n',
      'MIME-Version: 1.0\r\n',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=report\r\n\r\n',
      part('text/plain; charset=utf-8', 'Your message could not be delivered: there is no such mailbox.'),
      part('message/delivery-status', ['Reporting-MTA: dns; mailbox.invalid\r\n', ...recipients].join('\r\n')),
      part('text/rfc822-headers', headers),
      '--report--\r\n',
    ].join(''),
    'latin1',
  );
}
