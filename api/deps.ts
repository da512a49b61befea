import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.ts';
import type { VaultPort } from '../adapters/ports.ts';
import type { CaseClient } from '../client/case-client.ts';
import type { MissingItem } from '../domain/effects.ts';
import type { PolicyDocument } from '../domain/policy/policy.ts';
import type { HistoryFile } from '../domain/history-file.ts';
import type { AggregateId } from '../domain/ids.ts';
import type { Language } from '../domain/packet/facts.ts';
import type { ImportOptions } from '../store/register/imports/import-file.ts';
import type { PolicyCache } from '../store/log/context.ts';
import type { Store } from '../store/connection/orm.ts';
import type { Rulebook } from '../verifier/rulebook.ts';

/** A packet that can be handed out, or why not: something in `missing` refuses. */
export interface ServedPacket {
  readonly profile: string;
  readonly missing: readonly MissingItem[];
  readonly packet?: {
    readonly folder: string;
    readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
    bytes(): AsyncIterable<Uint8Array>;
  };
}

/** What the API works with; a composition root hands it in. */
export interface ServerDeps {
  /** The engine's role: messages, sessions and the register. What it reads for somebody was allowed before. */
  readonly engine: Store;
  /** The portal's role: aggregates as a party sees them. */
  readonly portal: Store;
  readonly clock: Clock;
  readonly client: CaseClient;
  readonly policies: PolicyCache;
  readonly vault: VaultPort;
  /** Address under which browsers reach this server, without a slash at the end. */
  readonly origin: string;
  /** Reads and checks a policy document. */
  readonly parsePolicy: (text: string) => PolicyDocument;
  /** The exported history of an aggregate. */
  readonly historyOf: (id: AggregateId, redacted: boolean) => Promise<HistoryFile | undefined>;
  /** Puts the packet of a case or a referral together; undefined when there is none of that id. */
  readonly packetOf: (
    id: AggregateId,
    options: { readonly profile?: string | undefined; readonly language?: Language | undefined },
  ) => Promise<ServedPacket | undefined>;
  /** How the rules that this store's decisions name are run. */
  readonly rulebook: () => Promise<Rulebook>;
  /** Puts imported listings on sale where a reference marketplace has to be told. */
  readonly publish?: ImportOptions['publish'];
  /** Lets webhooks be registered for this machine and private networks. */
  readonly privateWebhooks?: boolean;
  /** Sign-in with an identity provider; absent: links only. */
  readonly oidc?: {
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string;
    /** `trusted`: its addresses are good unless it says that they are not. Absent: `strict`. */
    readonly emailVerified?: 'strict' | 'trusted';
  };
  /** How long bodies may take, in milliseconds; absent: a minute of silence, and a minute in all for an ordinary one. */
  readonly bodyPatience?: { readonly idleMs?: number; readonly wholeMs?: number };
  /** Folder of the built pages; absent: the API alone. */
  readonly pages?: string;
  readonly log: Logger;
  /** Bytes of files that one organisation may store; absent: without a bound. */
  readonly documentBytes?: number;
  /** Requests a minute for one person, or for one address of those who are not signed in. */
  readonly perMinute?: number;
  /** Proxies before this server whose X-Forwarded-For is believed: how many, or their addresses and networks. Absent: none. */
  readonly trustedProxies?: number | readonly string[];
}
