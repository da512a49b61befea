import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDkimKey } from './dkim.ts';
import { type Environment, environment } from './env.ts';
import { databaseSecrets, Secret, type Secrets } from './secrets.ts';
import { type Settings, settingsSchema } from './settings.ts';

/** What the engine was told, checked; frozen, and without anything that must stay secret. */
export interface Config {
  /** The folder that holds package.json. */
  readonly root: string;
  /** Folder of the embedded stack, absolute. */
  readonly data: string;
  /** First port of the embedded stack; absent means any free ones. */
  readonly port?: number | undefined;
  readonly operator: string;
  /** How long an effect keeps trying before it reports failure, in milliseconds. */
  readonly outageMs: number;
  readonly database: { readonly embedded: boolean };
  readonly temporal: { readonly embedded: boolean; readonly namespace: string; readonly address?: string | undefined };
  /** `from`: sender of all mail, as in a From header; `giveUpAfterMs`: patience with recipients that put mail off; absent = the mailer's own. */
  readonly mail: {
    readonly embedded: boolean;
    readonly inbound?: InboundMailPlace | undefined;
    /** Between the mailbox of the address for replies and the message token; `none`: there is none. */
    readonly returnDelimiter: string;
    readonly from?: string | undefined;
    readonly giveUpAfterMs?: number | undefined;
    readonly dkim?: { readonly domain: string; readonly selector: string } | undefined;
  };
  readonly portal: {
    /** What the files of one organisation may take. */
    readonly documentBytes: number;
    readonly origin?: string | undefined;
    readonly oidc?: OidcPlace | undefined;
    /** How many proxies before it are believed, or which. */
    readonly trustedProxies?: number | readonly string[] | undefined;
  };
  readonly marketplace: { readonly embedded: boolean; readonly url?: string | undefined };
  /** Where to look for the programs that the embedded stack runs. */
  readonly programs: {
    readonly temporalCli?: string | undefined;
    readonly path: readonly string[];
    readonly caches: readonly string[];
  };
}

/** Where people sign in besides the links, and whether the issuer is believed when it does not say that it has checked an address. */
export interface OidcPlace {
  readonly issuer: string;
  readonly clientId: string;
  readonly emailVerified: 'strict' | 'trusted';
}

/** For which address mail is taken in, and where. */
export interface InboundMailPlace {
  readonly address: string;
  readonly host: string;
  readonly port: number;
}

/** One wrong setting, in words. */
export interface ConfigProblem {
  readonly name: string;
  readonly message: string;
}

/** Says everything that is wrong with the settings at once; never repeats a value, for it may be a secret. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(`The settings are wrong: ${problems.map(({ name, message }) => `${name} ${message}`).join('; ')}.`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads and checks the settings.
 * @throws ConfigError naming every wrong or missing value.
 */
export function loadConfig(env: Environment = environment()): { readonly config: Config; readonly secrets: Secrets } {
  const parsed = settingsSchema.safeParse(env);
  const problems = parsed.success
    ? missing(parsed.data)
    : parsed.error.issues.map((issue) => ({ name: issue.path.join('.'), message: issue.message }));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return { config: deepFreeze(configOf(parsed.data, env)), secrets: secretsOf(parsed.data) };
}

/** The serving logins alone would leave nobody to migrate: the embedded database would be used by surprise. */
function missing(settings: Settings): ConfigProblem[] {
  const incomplete = [
    ...halfOf(settings, OIDC),
    ...halfOf(settings, DKIM),
    ...halfOf(settings, INBOUND),
    ...unsignable(settings),
    ...tooLong(settings),
  ];
  const lonely = (['ENGINE_DATABASE_URL', 'PORTAL_DATABASE_URL'] as const).filter((name) => settings[name] !== undefined);
  if (settings.DATABASE_URL !== undefined || lonely.length === 0) return incomplete;
  return [...incomplete, { name: 'DATABASE_URL', message: `is missing, but ${lonely.join(' and ')} is given` }];
}

/** Settings that belong together: some of them alone do nothing. */
function halfOf(settings: Settings, names: readonly (keyof Settings)[]): ConfigProblem[] {
  const given = names.filter((name) => settings[name] !== undefined);
  const lacking = given.length === 0 ? [] : names.filter((name) => settings[name] === undefined);
  return lacking.map((name) => ({ name, message: `is missing, but ${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} given` }));
}

/** A key that cannot sign is told at the start, not with the first mail. */
function unsignable({ MAIL_DKIM_KEY_FILE: file }: Settings): ConfigProblem[] {
  const read = file === undefined ? undefined : readDkimKey(file);
  return read !== undefined && 'problem' in read ? [{ name: 'MAIL_DKIM_KEY_FILE', message: read.problem }] : [];
}

/** RFC 5321, 4.5.3.1.1: 64 octets before the `@`, of which the delimiter and the message token take 33. */
const LONGEST_MAILBOX = 31;

function tooLong({ MAIL_REPLY_TO: address = '', MAIL_RETURN_DELIMITER: delimiter }: Settings): ConfigProblem[] {
  if (delimiter === 'none' || address.lastIndexOf('@') <= LONGEST_MAILBOX) return [];
  const message = `must have at most ${LONGEST_MAILBOX} characters before the @, or MAIL_RETURN_DELIMITER must be none`;
  return [{ name: 'MAIL_REPLY_TO', message }];
}

const DKIM = ['MAIL_DKIM_DOMAIN', 'MAIL_DKIM_SELECTOR', 'MAIL_DKIM_KEY_FILE'] as const;
const INBOUND = ['MAIL_REPLY_TO', 'MAIL_DOOR'] as const;
const OIDC = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;

function oidcOf({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_EMAIL_VERIFIED: emailVerified }: Settings): OidcPlace | undefined {
  return issuer === undefined || clientId === undefined ? undefined : { issuer, clientId, emailVerified };
}

function configOf(settings: Settings, env: Environment): Config {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  return {
    root,
    data: settings.INTERDICT_DATA === undefined ? join(root, '.interdict', 'data') : resolve(settings.INTERDICT_DATA),
    port: settings.INTERDICT_PORT,
    operator: settings.INTERDICT_OPERATOR,
    outageMs: settings.INTERDICT_OUTAGE_MS,
    database: { embedded: settings.DATABASE_URL === undefined },
    temporal: temporalOf(settings),
    mail: mailOf(settings),
    portal: {
      origin: settings.INTERDICT_ORIGIN,
      oidc: oidcOf(settings),
      trustedProxies: settings.INTERDICT_TRUSTED_PROXIES,
      documentBytes: settings.INTERDICT_DOCUMENTS_MB * 1_000_000,
    },
    marketplace: { embedded: settings.MARKETPLACE_URL === undefined, url: settings.MARKETPLACE_URL },
    programs: {
      temporalCli: settings.INTERDICT_TEMPORAL_CLI,
      path: (env.PATH ?? '').split(':').filter((folder) => folder !== ''),
      caches: cachesOf(root, env),
    },
  };
}

function mailOf(settings: Settings): Config['mail'] {
  const { SMTP_URL: smtp, MAIL_FROM: from, MAIL_GIVE_UP_HOURS: patience, MAIL_DKIM_DOMAIN: domain, MAIL_DKIM_SELECTOR: selector } = settings;
  const { MAIL_RETURN_DELIMITER: returnDelimiter } = settings;
  const dkim = domain === undefined || selector === undefined ? undefined : { domain, selector };
  return { embedded: smtp === undefined, from, giveUpAfterMs: hours(patience), dkim, inbound: inboundOf(settings), returnDelimiter };
}

function inboundOf({ MAIL_REPLY_TO: address, MAIL_DOOR: place }: Settings): InboundMailPlace | undefined {
  if (address === undefined || place === undefined) return undefined;
  const at = place.lastIndexOf(':');
  return { address, host: place.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(place.slice(at + 1)) };
}

function hours(n: number | undefined): number | undefined {
  return n === undefined ? undefined : n * 3_600_000;
}

function temporalOf(settings: Settings): Config['temporal'] {
  const told = [settings.TEMPORAL_ADDRESS, settings.TEMPORAL_PROFILE, settings.TEMPORAL_CONFIG_FILE];
  return {
    embedded: told.every((value) => value === undefined),
    namespace: settings.TEMPORAL_NAMESPACE,
    address: settings.TEMPORAL_ADDRESS,
  };
}

/** The user's cache is shared by all checkouts; the project's is for users without a home. */
function cachesOf(root: string, env: Environment): string[] {
  const home = env.HOME;
  const user = env.XDG_CACHE_HOME ?? (home === undefined ? undefined : join(home, '.cache'));
  const project = join(root, '.interdict', 'cache');
  return user === undefined ? [project] : [join(user, 'interdict'), project];
}

function secretsOf(settings: Settings): Secrets {
  const { DATABASE_URL: migrator, ENGINE_DATABASE_URL: engine, PORTAL_DATABASE_URL: portal, SMTP_URL: smtp, OIDC_CLIENT_SECRET: oidc } = settings;
  const dkim = settings.MAIL_DKIM_KEY_FILE === undefined ? undefined : readDkimKey(settings.MAIL_DKIM_KEY_FILE);
  return Object.freeze({
    ...(migrator === undefined ? {} : { database: databaseSecrets(migrator, engine, portal) }),
    ...(smtp === undefined ? {} : { smtpUrl: new Secret(smtp) }),
    ...(oidc === undefined ? {} : { oidcClient: new Secret(oidc) }),
    ...(dkim !== undefined && 'key' in dkim && { dkimKey: new Secret(dkim.key) }),
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
