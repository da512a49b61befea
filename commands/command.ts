import { z } from 'zod';
import type { CommandName } from '../domain/commands.ts';
import { AggregateKind } from '../domain/ids.ts';
import type { Field, Fields } from './field.ts';

/** How a command is given by hand: on the command line and in a story. A decision can have one for each of its values. */
export interface ByHand {
  /** Words of the command line, such as `sanction approve`. */
  readonly cli: string;
  /** Names of the step in a story. */
  readonly steps: readonly string[];
  readonly summary?: string;
  /** Fields that follow the id without a name, in this order. */
  readonly positional?: readonly string[];
  /** Names of fields where they do not follow from the field: on the command line and in stories, or only on the command line. */
  readonly names?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
  /** Fields that this way of giving the command fixes. */
  readonly fixed?: Readonly<Record<string, unknown>>;
}

type Body<F extends Fields> = { [K in keyof F]: F[K]['schema'] };

/** The body of a command: what a sender writes, before anything is filled in. */
export type BodyOf<C> = C extends Command<infer _N, infer F> ? z.input<z.ZodObject<Body<F>>> : never;

/** The body of a command as it has been read. */
export type ReadBodyOf<C> = C extends Command<infer _N, infer F> ? z.output<z.ZodObject<Body<F>>> : never;

/** A command as the log takes it, with everything that the entry points say about it. */
export interface Command<N extends CommandName = CommandName, F extends Fields = Fields, O extends string = string> {
  /** Its aggregate and its kind. */
  readonly name: N;
  /** What it does, in the third person; help, API, replay and documents begin with it. */
  readonly summary: string;
  readonly fields: F;
  /** The schema of its body, made once: a schema is compiled when it is first used. */
  readonly body: z.ZodType;
  /** The entry of the access table under which it is sent. */
  readonly operation: O;
  /** Part of the HTTP API. */
  readonly tag: string;
  readonly path: string;
  /** Goes to intake, which opens an aggregate or finds the open one. */
  readonly isOpening: boolean;
  readonly byHand: readonly ByHand[];
  /** Fields asked for by hand in place of some of the body's, and how the body's come of them. */
  readonly handFields?: Fields;
  readonly joined?: (written: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** The one field whose value is the whole body over HTTP. */
  readonly flat?: string;
  /** What the log keeps, where it is more than the fields. */
  readonly completed?: (body: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Whether the page of its aggregate has a button for it. */
  readonly hasForm: boolean;
}

/** What one entry says; the rest follows from the command's kind. */
type Entry<N extends CommandName, F extends Fields, O extends string> = Pick<Command<N, F, O>, 'name' | 'summary' | 'fields' | 'operation'> &
  Partial<Omit<Command<N, F, O>, 'name' | 'summary' | 'fields' | 'body' | 'operation' | 'byHand'>> & {
    /** Last part of the address under the aggregate's, where it is not the kind's. */
    readonly at?: string;
    readonly byHand?: readonly Partial<ByHand>[];
  };

const COLLECTION: Readonly<Record<AggregateKind, string>> = {
  [AggregateKind.case]: 'cases',
  [AggregateKind.appeal]: 'appeals',
  [AggregateKind.sanction]: 'sanctions',
  [AggregateKind.referral]: 'referrals',
};

/** A command that people give. Address, words of the command line and step follow from its kind unless the entry says otherwise. */
export function defineCommand<const N extends CommandName, const F extends Fields, const O extends string>(entry: Entry<N, F, O>): Command<N, F, O> {
  const { at, byHand = [{}], ...rest } = entry;
  const [aggregate, kind] = partsOf(entry.name);
  const word = kebab(kind);
  const collection = COLLECTION[aggregate];
  const base = entry.isOpening === true ? `/api/${collection}` : `/api/${collection}/:id/${at ?? word}`;
  const cli = aggregate === AggregateKind.case ? word : `${aggregate} ${word}`;
  return {
    ...{ tag: collection, path: base, isOpening: false, hasForm: true },
    ...rest,
    body: z.strictObject(Object.fromEntries(Object.entries(entry.fields).map(([name, { schema }]) => [name, schema]))),
    byHand: byHand.map((way) => ({ cli, steps: [word], ...way })),
  };
}

/** The aggregate and the kind of a command's name. */
export function partsOf(name: CommandName): readonly [aggregate: AggregateKind, kind: string] {
  const at = name.indexOf('.');
  // The name is made of them.
  return [name.slice(0, at) as AggregateKind, name.slice(at + 1)];
}

/** `reasonCode` as it is written on a command line and in a story: `reason-code`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The schema of a command's body. */
export function bodySchema<F extends Fields>({ body }: Pick<Command<CommandName, F>, 'body' | 'fields'>): z.ZodObject<Body<F>, z.core.$strict> {
  // `defineCommand` has made it of the fields.
  return body as z.ZodObject<Body<F>, z.core.$strict>;
}

/** Whether a body may lack the field. */
export function isOptional({ schema }: Field): boolean {
  return schema.safeParse(undefined).success;
}

/** What a field is, as its schema describes it. */
export function describedAs({ schema }: Field): string {
  const inner = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  return schema.description ?? (inner instanceof z.ZodType ? inner.description : undefined) ?? '';
}

/** What a field is called in a story, and on a command line unless that has its own name for it. */
export function nameByHand({ names = {} }: ByHand, field: string): string {
  return names[field] ?? kebab(field);
}

/** What the log is sent: what it keeps in the clear, and what is salted on its way in. */
export interface Content {
  readonly clear: Readonly<Record<string, unknown>> & { readonly kind: string };
  readonly personal: Readonly<Record<string, string>>;
}

/** The content of a command. Throws `ZodError` for a body that is not valid. */
export function contentOf(command: Command, body: unknown): Content {
  return logged(command, bodySchema(command).parse(body));
}

/** The content that a body makes, which is taken as it is. */
export function logged(command: Command, parsed: Readonly<Record<string, unknown>>): Content {
  const values = command.completed?.(parsed) ?? parsed;
  const clear: Record<string, unknown> = {};
  const hidden: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const field: Field | undefined = command.fields[name];
    if (field?.personal === true) hidden[field.as ?? name] = String(value);
    else clear[field?.as ?? name] = field?.kept === undefined ? value : field.kept(value as never);
  }
  return { clear: { kind: partsOf(command.name)[1], ...clear }, personal: hidden };
}

/** A valid body, with what is known in it and without what may be left out. */
export function sampleBody({ fields }: Command, known: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const values = Object.entries(fields).map(([name, field]) => {
    if (Object.hasOwn(known, name)) return [name, known[name]] as const;
    return [name, isOptional(field) ? field.schema.parse(undefined) : field.sample] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
