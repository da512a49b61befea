import type { CommandForm, FormField } from '../../../commands/forms.ts';
import type { Key } from '../../words/language.tsx';

/** A field of a message, as a page asks for it. */
export interface Field extends FormField {
  /** Absent: `form.NAME`. */
  readonly label?: Key;
  /** Where the values follow from what else was chosen. */
  readonly valuesOf?: (chosen: Readonly<Record<string, string>>) => readonly string[];
  /** What the register calls the values. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Put in place when the pages are built (`cli/build-pages.ts`). */
declare const COMMAND_FORMS: Readonly<Record<string, CommandForm>>;

type Plain = string | number | boolean;

export interface Form {
  /** The last part of the address that takes the message. */
  readonly path: string;
  readonly fields: readonly Field[];
  /** Written into the message besides what is asked. */
  readonly fixed?: Readonly<Record<string, Plain>>;
}

/** What a page knows of a command's fields: values that nobody is asked for, and the choices that there are. */
interface Known {
  readonly fixed?: Readonly<Record<string, Plain>>;
  readonly choices?: Readonly<Record<string, readonly string[]>>;
}

/** What a command asks for. It asks nothing that is already known. Undefined for a command without a form. */
export function formOf(command: string, { fixed = {}, choices = {} }: Known = {}): Form | undefined {
  const form = COMMAND_FORMS[command];
  if (form === undefined) return undefined;
  const asked = form.fields.filter(({ name }) => !Object.hasOwn(fixed, name));
  return {
    path: form.path,
    fixed,
    fields: asked.map((field) => (choices[field.name] === undefined ? field : { ...field, values: choices[field.name] ?? [] })),
  };
}

/** The message that a form's values make. What is half filled in goes as it is: the server says what is missing. */
export function messageOf({ fields, fixed }: Form, values: Readonly<Record<string, string>>): Record<string, unknown> {
  const message: Record<string, unknown> = { ...fixed };
  for (const { name, path, kind, isPreset, values: choices } of fields) {
    const value = (values[name] ?? (isPreset === true ? choices?.[0] : undefined) ?? '').trim();
    if (value !== '') put(message, path, kind === 'number' && /^\d+$/.test(value) ? Number(value) : value);
  }
  return message;
}

/** Sets the value at a path, making the objects and lists on the way. */
function put(node: object, [key, ...rest]: FormField['path'], value: unknown): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    Reflect.set(node, key, value);
    return;
  }
  const inner: unknown = Reflect.get(node, key) ?? (typeof rest[0] === 'number' ? [] : {});
  Reflect.set(node, key, inner);
  put(Object(inner), rest, value);
}
