import { MikroORM, type SqlEntityManager } from '@mikro-orm/postgresql';
import { HolidayNoticeRow } from '../schema/entities/calendars.ts';
import { ChangeRow, WebhookEndpointRow } from '../schema/entities/changes.ts';
import { AccessLogRow, CalendarFeedRow, ClaimRow, DocumentRow, MachineKeyRow, SessionRow, SignInLinkRow } from '../schema/entities/access.ts';
import { DeliveryFactRow, OutboxRow } from '../schema/entities/outbox.ts';
import { AggregateRow, DecisionRow, InboxRow, NaturalKeyRow, SealRow } from '../schema/entities/log.ts';
import {
  AliasRow,
  AuthorisedSellerRow,
  ListingRow,
  OrganisationRow,
  PersonRow,
  PolicyRow,
  ReferenceImageRow,
  RecipientRow,
  ReferenceRow,
  RightRow,
  RulesRow,
  SellerRow,
} from '../schema/entities/register.ts';
import {
  ActorRow,
  DisclosedRow,
  DisclosureRow,
  GroundRow,
  LedgerRow,
  PartyRow,
  ReferralBrandRow,
  ReferralRow,
  ReporterRow,
} from '../schema/entities/projections.ts';
import { PreparingClient } from './preparing-client.ts';

export const entities = [
  AggregateRow,
  DecisionRow,
  NaturalKeyRow,
  InboxRow,
  SealRow,
  OutboxRow,
  DeliveryFactRow,
  LedgerRow,
  ActorRow,
  GroundRow,
  DisclosureRow,
  DisclosedRow,
  PartyRow,
  ReferralRow,
  ReferralBrandRow,
  ReporterRow,
  OrganisationRow,
  AliasRow,
  PersonRow,
  RightRow,
  ListingRow,
  SellerRow,
  AuthorisedSellerRow,
  ReferenceRow,
  ReferenceImageRow,
  RecipientRow,
  PolicyRow,
  RulesRow,
  HolidayNoticeRow,
  SignInLinkRow,
  SessionRow,
  MachineKeyRow,
  CalendarFeedRow,
  AccessLogRow,
  ClaimRow,
  DocumentRow,
  ChangeRow,
  WebhookEndpointRow,
];

export type Store = MikroORM;
export type Manager = SqlEntityManager;

export interface StoreOptions {
  /** Connection address; its user (or `options=-c role=...`) decides what rows can be seen. */
  readonly url: string;
  /** The marketplace operator whose rows this process works on; absent = sees nothing. */
  readonly operator?: string;
  readonly poolSize?: number;
  /** Ends a wait for a lock and a whole transaction, in milliseconds: the log's attempts must end inside their activity. */
  readonly limits?: { readonly lockMs: number; readonly transactionMs: number };
}

/** The ORM's settings, shared by the running store and by migrations. No query is sent before the first use. */
export function storeConfig(options: StoreOptions) {
  const { url, poolSize = 8 } = options;
  return {
    clientUrl: url,
    // Settings of the session that row policies read; the ORM does not take them over from the address.
    driverOptions: { options: sessionOptions(options), application_name: 'interdict', Client: PreparingClient },
    entities,
    pool: { min: 0, max: poolSize },
    allowGlobalContext: false,
    // Rows are read and written by statements of their own, never changed in memory and flushed: what was read once is nobody's cache.
    disableIdentityMap: true,
    // Instants and ids are assigned by our own code; the ORM must not create or read anything by itself.
    discovery: { warnWhenNoEntities: false },
    ensureDatabase: false,
    // Words are the caller's: the ORM and its migrator keep quiet.
    logger: () => {},
    migrations: { tableName: 'migration', path: new URL('../schema/migrations', import.meta.url).pathname, snapshot: false, glob: '*.ts' },
  } as const;
}

/** Opens the store. The caller closes it. */
export async function openStore(options: StoreOptions): Promise<Store> {
  return MikroORM.init(storeConfig(options));
}

/** A fresh unit of work: one per activity attempt, request or command. */
export function work(store: Store): Manager {
  return store.em.fork() as Manager;
}

function sessionOptions({ url, operator, limits }: StoreOptions): string {
  const settings = [new URL(url).searchParams.get('options') ?? ''];
  if (operator !== undefined) settings.push(`-c interdict.operator=${operator}`);
  if (limits !== undefined) settings.push(`-c lock_timeout=${limits.lockMs}`, `-c transaction_timeout=${limits.transactionMs}`);
  return settings.join(' ').trim();
}
