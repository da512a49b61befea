import { isIP } from 'node:net';
import { z } from 'zod';

const url = (...schemes: string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
    error: `must be an address that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
  });

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((n) => n >= least && n <= most, { error: `must be a whole number from ${least} to ${most}` });

/** One mailbox, as a From header has it; names that would need quoting are left to nobody. */
const SENDER = /^(?:[^\p{C}<>()[\]\\,;:@"]+ <([^<>\s]+)>|([^<>\s]+))$/u;
const sender = z.string().refine((text) => z.email().safeParse(SENDER.exec(text)?.slice(1).find(Boolean)).success, {
  error: 'must be an address, or a name and an address: Interdict <no-reply@example.com>',
});

const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i, 'must be a domain name');

const MOST_HOPS = 16;
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** An address, or a network as address/bits. */
function isNetwork(text: string): boolean {
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return Number(bits) <= (BITS[isIP(address)] ?? -1);
}

/** How many proxies, or which. */
const proxies = z
  .string()
  .transform((text) => (/^\d{1,2}$/.test(text.trim()) ? Number(text) : text.split(',').map((one) => one.trim())))
  .refine((value) => (typeof value === 'number' ? value >= 1 && value <= MOST_HOPS : value.every(isNetwork)), {
    error: `must be a number from 1 to ${MOST_HOPS}, or addresses and networks: 10.0.0.5, 10.1.0.0/16`,
  });

const POSTGRES = ['postgres:', 'postgresql:'];

/** Every variable that interdict reads, each with the words that the documentation prints. */
export const settingsSchema = z.object({
  DATABASE_URL: url(...POSTGRES)
    .optional()
    .describe('PostgreSQL login that owns and migrates the schema. Absent: the embedded PostgreSQL.'),
  ENGINE_DATABASE_URL: url(...POSTGRES)
    .optional()
    .describe('PostgreSQL login of the worker. Absent: DATABASE_URL with `options=-c role=interdict_engine`.'),
  PORTAL_DATABASE_URL: url(...POSTGRES)
    .optional()
    .describe('PostgreSQL login of the HTTP API. Absent: DATABASE_URL with `options=-c role=interdict_portal`.'),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d{1,5}$/, 'must be host:port')
    .optional()
    .describe(
      'Temporal frontend as host:port. Absent, and no TEMPORAL_PROFILE or TEMPORAL_CONFIG_FILE: the embedded server. All other TEMPORAL_* variables are read as the Temporal SDK documents them.',
    ),
  TEMPORAL_PROFILE: z.string().optional().describe('Profile of the Temporal configuration file to connect with.'),
  TEMPORAL_CONFIG_FILE: z.string().optional().describe('Temporal configuration file (TOML) to connect with.'),
  TEMPORAL_NAMESPACE: z.string().regex(/^\S+$/, 'must be one word').default('interdict').describe('Temporal namespace of the engine.'),
  SMTP_URL: url('smtp:', 'smtps:').optional().describe('Mail host, as smtp://user:password@host:port. Absent: the embedded mailbox.'),
  MAIL_FROM: sender
    .optional()
    .describe(
      'Sender of all mail, as an address or `Name <address>`; your mail host must accept it. Absent: `Interdict <no-reply@interdict.invalid>`.',
    ),
  MAIL_REPLY_TO: z
    .email('must be a mail address')
    .optional()
    .describe(
      'Address to which replies to our mails and reports about them come; with MAIL_DOOR. It is the sender of the envelope. Absent: the embedded mailbox brings them in; with a mail host of your own nobody reads them.',
    ),
  MAIL_RETURN_DELIMITER: z
    .enum(['+', '-', '=', 'none'], 'must be +, -, = or none')
    .default('+')
    .describe(
      'Reports come to an address of each mail: MAIL_REPLY_TO with this and 32 letters and digits before the `@`, so that it is known which mail they are about. Your mail host has to take such addresses for that mailbox (Postfix: `recipient_delimiter`) and let us send as them. `none`: MAIL_REPLY_TO alone, and a report about a mail whose Message-ID a host has replaced is lost.',
    ),
  MAIL_DOOR: z
    .string()
    .regex(/^[^\s/]+:\d{1,5}$/, 'must be host:port')
    .optional()
    .describe('Where to listen by SMTP for mail to MAIL_REPLY_TO, as host:port; your mail host relays it here.'),
  MAIL_DKIM_DOMAIN: hostName
    .optional()
    .describe('Domain that signs all mail (DKIM, RFC 6376), best the one of MAIL_FROM; with the two below. Absent: mail is not signed here.'),
  MAIL_DKIM_SELECTOR: hostName.optional().describe('Selector of the signing key: its public half is in DNS under `<selector>._domainkey.<domain>`.'),
  MAIL_DKIM_KEY_FILE: z
    .string()
    .optional()
    .describe('File with the private RSA key that signs, in PEM form, at least 2048 bits, without a passphrase.'),
  MAIL_GIVE_UP_HOURS: wholeNumber(1, 720)
    .optional()
    .describe(
      'How many hours a recipient may put a mail off (4xx) before it counts as refused: the next channel is tried and the case is notified. Absent: 120, as RFC 5321 4.5.4.1 advises.',
    ),
  MARKETPLACE_URL: url('http:', 'https:').optional().describe('Base address of the marketplace adapter. Absent: the embedded reference marketplace.'),
  OIDC_ISSUER: url('http:', 'https:').optional().describe('OpenID Connect issuer for signing in at the portal. Absent: one-time links only.'),
  OIDC_CLIENT_ID: z.string().optional().describe('Client id of the portal at the issuer.'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('Client secret of the portal at the issuer.'),
  OIDC_EMAIL_VERIFIED: z
    .enum(['strict', 'trusted'], 'must be strict or trusted')
    .default('strict')
    .describe(
      'What vouches for a mail address at sign-in with the issuer. `strict`: `email_verified` is true. `trusted`, for an issuer whose addresses nobody can set for himself: also the text "true", or no such claim. False never does.',
    ),
  INTERDICT_ORIGIN: url('http:', 'https:')
    .refine((text) => !URL.canParse(text) || new URL(text).origin === text, {
      error: 'must be scheme, host and port only, without a slash at the end',
    })
    .optional()
    .describe('Address under which browsers reach the portal, such as https://cases.example.com behind a proxy. Absent: the loopback address.'),
  INTERDICT_TRUSTED_PROXIES: proxies
    .optional()
    .describe(
      'Proxies before the portal whose `X-Forwarded-For` says where a request comes from: how many there are, or their addresses and networks. With a number nobody may reach the portal but through them. Absent: none is believed, and all who are not signed in behind one proxy share one count of requests.',
    ),
  INTERDICT_DATA: z.string().optional().describe('Folder of the embedded stack. Absent: `.interdict/data` in the project. `--data` wins over it.'),
  INTERDICT_PORT: wholeNumber(1024, 65_000)
    .optional()
    .describe('First port of the embedded stack: its parts take this one and those after it. Absent: free ports, kept for the data folder.'),
  INTERDICT_OPERATOR: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens')
    .default('main')
    .describe('The marketplace operator that this engine works for.'),
  INTERDICT_OUTAGE_MS: wholeNumber(1, 86_400_000)
    .default(120_000)
    .describe('How long an effect keeps trying an outside system that does not answer before its outcome is "failed", in milliseconds.'),
  INTERDICT_DOCUMENTS_MB: wholeNumber(1, 100_000_000)
    .default(10_000)
    .describe(
      'Megabytes (millions of bytes) of files that one organisation may store by POST /api/documents; the same bytes count once. More is refused as "quota-full".',
    ),
  INTERDICT_TEMPORAL_CLI: z
    .string()
    .optional()
    .describe('Path of the `temporal` program for the embedded server. Absent: looked for on the PATH, in the cache, then fetched.'),
});

/** The settings as they stand in the environment, checked and with defaults. */
export type Settings = z.output<typeof settingsSchema>;

/** A row of the table of settings in the documentation. */
export interface SettingRow {
  readonly name: string;
  readonly description: string;
  readonly fallback?: string;
}

/** Every setting with its description and default, in the order of the schema. */
export function settingRows(): SettingRow[] {
  return Object.entries(settingsSchema.shape).map(([name, schema]) => ({
    name,
    description: schema.description ?? '',
    ...(schema instanceof z.ZodDefault ? { fallback: String(schema.def.defaultValue) } : {}),
  }));
}
