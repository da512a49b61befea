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

type Send = (query: unknown, values?: unknown, callback?: unknown) => unknown;

/** A connection that prepares what it is sent with values apart. The ORM writes values into its texts: those stay unnamed. */
export class PreparingClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const send = super.query.bind(this) as Send;
    const prepare: Send = (text, values, callback) => {
      const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
      return name === undefined ? send(text, values, callback) : send({ name, text, values }, callback);
    };
    // One signature for the library's many.
    this.query = prepare as typeof this.query;
  }
}
