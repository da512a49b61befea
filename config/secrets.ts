import { inspect } from 'node:util';

/**
 * A value that must not reach a log, a document or an error message: printing or serialising it shows `[secret]`.
 * The one way to the value is `reveal()`, so that every use can be found by name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value itself; hand it to the library that needs it and to nothing else. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** The logins of one PostgreSQL: the one that migrates, and the two that serve, each bound to its role. */
export interface DatabaseSecrets {
  readonly migrator: Secret;
  readonly engine: Secret;
  readonly portal: Secret;
}

/** What is kept apart from the configuration; absent means that the embedded part is used. */
export interface Secrets {
  readonly database?: DatabaseSecrets;
  readonly smtpUrl?: Secret;
  readonly oidcClient?: Secret;
  /** The private key that signs mail, PEM. */
  readonly dkimKey?: Secret;
}

/** The database roles that serve; neither is owner or superuser (design, section 2.9). */
export const ServingRole = { engine: 'interdict_engine', portal: 'interdict_portal' } as const;
export type ServingRole = (typeof ServingRole)[keyof typeof ServingRole];

/** The same address with the session bound to `role`, beside the options it already has. */
export function withRole(url: string, role: ServingRole): string {
  const bound = new URL(url);
  const options = [bound.searchParams.get('options'), `-c role=${role}`].filter((part) => part !== null).join(' ');
  bound.searchParams.set('options', options);
  // libpq reads "+" as a plus sign, the WHATWG form writes a space as "+": only %20 means a space to both.
  bound.search = bound.search.replaceAll('+', '%20');
  return bound.href;
}

/** The three logins of an address; the serving ones are derived where they are not given. */
export function databaseSecrets(migrator: string, engine?: string, portal?: string): DatabaseSecrets {
  return Object.freeze({
    migrator: new Secret(migrator),
    engine: new Secret(engine ?? withRole(migrator, ServingRole.engine)),
    portal: new Secret(portal ?? withRole(migrator, ServingRole.portal)),
  });
}
