import { join } from 'node:path';
import type { Config, InboundMailPlace } from '../config/config.ts';
import { databaseSecrets, type Secrets } from '../config/secrets.ts';
import { readStack, type StackAddresses, type StackState } from '../embedded/stack-record.ts';

/** Where everything is that a process talks to: given by configuration, or by the running embedded stack. */
export interface Places {
  readonly ownerUrl: string;
  readonly engineUrl: string;
  readonly portalUrl: string;
  readonly temporal: { readonly address?: string; readonly namespace: string };
  readonly smtpUrl: string;
  readonly marketplaceUrl: string;
  /** The embedded mailbox's page, where there is one. */
  readonly mailboxUrl?: string;
  readonly vaultDir: string;
  /** Where mail is taken in; absent where nobody brings any. */
  readonly inboundMail?: InboundMailPlace;
  /** Address under which browsers reach the portal, without a slash at the end; absent where nothing says it. */
  readonly origin?: string;
}

/** The embedded stack of the data folder does not run, and something it stands for is not configured either. */
export class NotRunning extends Error {
  readonly cure = 'Start it with "npm start" (or "npm run interdict -- up --detach"), or choose its folder with --data.';

  constructor(data: string, missing: readonly string[]) {
    super(`Nothing runs on ${data}, and there is no address for: ${missing.join(', ')}.`);
    this.name = 'NotRunning';
  }
}

/** The places of a data folder. Throws `NotRunning` naming all that is missing. */
export function placesOf(config: Config, secrets: Secrets, data: string): Places {
  const stack = readStack(data);
  const found = stack.state === 'running' ? stack.addresses : {};
  const database = secrets.database ?? (found.databaseUrl === undefined ? undefined : databaseSecrets(found.databaseUrl));
  const smtpUrl = secrets.smtpUrl?.reveal() ?? found.smtpUrl;
  const marketplaceUrl = config.marketplace.url ?? found.marketplace;
  const temporalAddress = config.temporal.embedded ? found.temporal : config.temporal.address;
  const missing = [
    ...(database === undefined ? ['PostgreSQL'] : []),
    ...(config.temporal.embedded && temporalAddress === undefined ? ['Temporal'] : []),
    ...(smtpUrl === undefined ? ['mail host'] : []),
    ...(marketplaceUrl === undefined ? ['marketplace'] : []),
  ];
  if (database === undefined || smtpUrl === undefined || marketplaceUrl === undefined || missing.length > 0) throw new NotRunning(data, missing);
  const { namespace } = config.temporal;
  return {
    ownerUrl: database.migrator.reveal(),
    engineUrl: database.engine.reveal(),
    portalUrl: database.portal.reveal(),
    // With a server of your own the SDK reads its settings (address, TLS, key) itself.
    temporal: config.temporal.embedded && temporalAddress !== undefined ? { address: temporalAddress, namespace } : { namespace },
    smtpUrl,
    marketplaceUrl,
    ...(found.mailbox !== undefined && { mailboxUrl: found.mailbox }),
    vaultDir: join(data, 'vault'),
    ...originOf(config, stack),
    ...inboundMailOf(config, found),
  };
}

function inboundMailOf({ mail }: Config, { inboundMail }: StackAddresses): Pick<Places, 'inboundMail'> {
  const inbound = mail.inbound ?? (mail.embedded ? inboundMail : undefined);
  return inbound === undefined ? {} : { inboundMail: inbound };
}

/** The API of a running stack listens on its first port. */
function originOf({ portal }: Config, stack: StackState): Pick<Places, 'origin'> {
  if (portal.origin !== undefined) return { origin: portal.origin };
  return stack.state === 'running' ? { origin: `http://127.0.0.1:${stack.basePort}` } : {};
}
