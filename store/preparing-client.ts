import { Client, type ClientConfig } from 'pg';

/** So many texts get a name of their own; a server keeps every named plan for as long as the connection lives. */
const MOST_NAMES = 200;
const NAMES = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = NAMES.get(text);
  if (known !== undefined) return known;
  if (NAMES.size >= MOST_NAMES) return undefined;
  const name = `s${NAMES.size}`;
  NAMES.set(text, name);
  return name;
}

/** What a statement without rows is answered with. */
const NOTHING = { command: 'ROLLBACK', rowCount: null, oid: 0, rows: [], fields: [] };

type Send = (query: unknown, values?: unknown, callback?: unknown) => unknown;

/**
 * A connection that prepares what it is sent with values apart. The ORM writes values into its texts: those stay unnamed.
 * A rollback on a connection that is gone is done: the library frees a place in the pool only when a rollback is answered, so every
 * transaction under way when the server dies would cost a place for ever.
 */
export class PreparingClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const send = super.query.bind(this) as Send;
    let isGone = false;
    this.on('error', () => {
      isGone = true;
    });
    const rolledBack = async (answered: unknown): Promise<unknown> => {
      try {
        return await answered;
      } catch (error) {
        if (isGone) return NOTHING;
        throw error;
      }
    };
    const prepare: Send = (text, values, callback) => {
      if (text === 'rollback' && callback === undefined) return rolledBack(send(text));
      const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
      return name === undefined ? send(text, values, callback) : send({ name, text, values }, callback);
    };
    // One signature for the library's many.
    this.query = prepare as typeof this.query;
  }
}
