import { resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Clock } from '../activities/ports.ts';
import { CaseClient } from '../client/case-client.ts';
import { temporalClient } from '../client/connection.ts';
import { type Config, loadConfig } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { openStore, type Store } from '../store/orm.ts';
import { type Places, placesOf } from '../worker/places.ts';
import { systemClock } from '../worker/system-clock.ts';
import type { CliContext } from './io.ts';

/** The global options of every command. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly data?: string;
}

/** What a command works with; opened at first use, closed once at the end. */
export class Context implements CliContext {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly data: string;
  readonly clock: Clock = systemClock;
  #store: Promise<Store> | undefined;
  #temporal: Client | undefined;

  constructor(options: GlobalOptions) {
    const { config, secrets } = loadConfig();
    this.config = config;
    this.secrets = secrets;
    this.data = options.data === undefined ? config.data : resolve(options.data);
  }

  /** Throws `NotRunning` when there is nothing to talk to. */
  places(): Places {
    return placesOf(this.config, this.secrets, this.data);
  }

  store(): Promise<Store> {
    this.#store ??= openStore({ url: this.places().engineUrl, operator: this.config.operator, poolSize: 4 });
    return this.#store;
  }

  temporal(): Client {
    this.#temporal ??= temporalClient(this.places().temporal);
    return this.#temporal;
  }

  async client(): Promise<CaseClient> {
    return new CaseClient({ store: await this.store(), clock: this.clock, temporal: this.temporal() });
  }

  async close(): Promise<void> {
    await (await this.#store?.catch(() => undefined))?.close();
    await this.#temporal?.connection.close();
  }
}
