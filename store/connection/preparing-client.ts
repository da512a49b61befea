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
 * The library frees a transaction's place in the pool only when its begin was answered, and its rollback: every transaction under way when
 * the server dies would cost a place for ever. So both are always answered: where one fails, the connection is ended, whatever else is
 * asked of it fails, and the pool makes another.
 */
export class PreparingClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const send = super.query.bind(this) as Send;
    const orEnded = async (answered: unknown): Promise<unknown> => {
      try {
        return await answered;
      } catch {
        this.end().catch(() => {});
        return NOTHING;
      }
    };
    const prepare: Send = (text, values, callback) => {
      if ((text === 'begin' || text === 'rollback') && callback === undefined) return orEnded(send(text));
      const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
      return name === undefined ? send(text, values, callback) : send({ name, text, values }, callback);
    };
    // One signature for the library's many.
    this.query = prepare as typeof this.query;
  }
}
