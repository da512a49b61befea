import { resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Clock } from '../domain/clock.ts';
import type { VaultPort } from '../adapters/ports.ts';
import type { CaseClient } from '../client/case-client.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import type { Manager, Store } from '../store/connection/orm.ts';
import type { Places } from '../worker/service-addresses.ts';
import { systemClock } from '../worker/system-clock.ts';
import type { CliContext } from './io.ts';

/** The global options of every command. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly data?: string;
}

/** What a command works with; read and opened at first use, closed once at the end. Each module is loaded when it is asked for. */
export class Context implements CliContext {
  readonly config: Config;
  readonly data: string;
  readonly clock: Clock = systemClock;
  readonly #secrets: Secrets;
  #store: Promise<Store> | undefined;
  #temporal: Promise<Client> | undefined;

  private constructor(options: GlobalOptions, config: Config, secrets: Secrets) {
    this.config = config;
    this.#secrets = secrets;
    this.data = options.data === undefined ? config.data : resolve(options.data);
  }

  /** Throws `ConfigError` naming every wrong setting. */
  static async open(options: GlobalOptions): Promise<Context> {
    const { loadConfig } = await import('../config/config.ts');
    const { config, secrets } = loadConfig();
    return new Context(options, config, secrets);
  }

  /** The portal's secret at its identity provider, where there is one. */
  get oidcSecret(): string | undefined {
    return this.#secrets.oidcClient?.reveal();
  }

  /** Throws `NotRunning` when there is nothing to talk to. */
  async places(): Promise<Places> {
    const { placesOf } = await import('../worker/service-addresses.ts');
    return placesOf(this.config, this.#secrets, this.data);
  }

  /** Throws `UnsafeDatabaseRole` rather than showing an empty store to a login that row policies do not serve. */
  store(): Promise<Store> {
    this.#store ??= this.#openStore();
    return this.#store;
  }

  /** A fresh unit of work on the store. */
  async work(): Promise<Manager> {
    const store = await this.store();
    const { work } = await import('../store/connection/orm.ts');
    return work(store);
  }

  /** Captures, packets and what people hand in. */
  async vault(): Promise<VaultPort> {
    const { directoryVault } = await import('../adapters/directory-vault.ts');
    return directoryVault({ dir: (await this.places()).vaultDir });
  }

  temporal(): Promise<Client> {
    this.#temporal ??= this.#connect();
    return this.#temporal;
  }

  async client(): Promise<CaseClient> {
    const { CaseClient } = await import('../client/case-client.ts');
    return new CaseClient({ store: await this.store(), clock: this.clock, temporal: await this.temporal() });
  }

  async close(): Promise<void> {
    await (await this.#store?.catch(() => undefined))?.close();
    await (await this.#temporal?.catch(() => undefined))?.connection.close();
  }

  async #openStore(): Promise<Store> {
    const { engineUrl } = await this.places();
    const [{ openStore, work }, { checkRole }] = await Promise.all([import('../store/connection/orm.ts'), import('../store/schema/check-role.ts')]);
    const store = await openStore({ url: engineUrl, operator: this.config.operator, poolSize: 4 });
    try {
      await checkRole(work(store));
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async #connect(): Promise<Client> {
    const { temporal } = await this.places();
    const { temporalClient } = await import('../client/connection.ts');
    return temporalClient(temporal);
  }
}
