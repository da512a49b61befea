import { z } from 'zod';
import { CATALOGUE } from './catalogue.ts';
import { isOptional, partsOf } from './command.ts';
import type { Control, Field } from './field.ts';

/** One input of a form. Its label is `form.NAME` of the languages. */
export interface FormField {
  readonly name: string;
  /** Where its value stands in the message. */
  readonly path: readonly (string | number)[];
  readonly kind: 'text' | 'line' | 'number' | 'choice';
  readonly isOptional: boolean;
  /** Of a choice: the family of its names and the values. */
  readonly family?: string;
  readonly values?: readonly string[];
  /** The first value stands there already: where it is no statement of anybody's. Every other choice is made by the reader. */
  readonly isPreset?: true;
}

/** What a page asks for before it sends a command. */
export interface CommandForm {
  /** The address below the aggregate's; empty where the command opens one. */
  readonly path: string;
  readonly fields: readonly FormField[];
}

/** The form of every command, by its kind: plain data, so that the pages need no validator. */
export function commandForms(): Readonly<Record<string, CommandForm>> {
  return Object.fromEntries(
    CATALOGUE.map(({ name, path, fields, flat }) => {
      const asked = Object.entries(fields).filter(([, { isButton }]) => isButton !== true);
      const inputs = asked.flatMap(([field, one]) => inputsOf(field, one.control, flat === field ? [] : [field], mayStayEmpty(one)));
      return [partsOf(name)[1], { path: path.split('/:id/')[1] ?? '', fields: inputs }] as const;
    }),
  );
}

/** What the API fills in for a program, a person says: a choice with a default is asked for all the same. */
function mayStayEmpty(field: Field): boolean {
  return isOptional(field) && !(field.control.kind === 'choice' && field.schema instanceof z.ZodDefault);
}

function inputsOf(name: string, control: Control, path: FormField['path'], isOptionalField: boolean): readonly FormField[] {
  switch (control.kind) {
    case 'none':
      return [];
    case 'parts': {
      const base = control.many === true ? [...path, 0] : path;
      return Object.entries(control.parts).flatMap(([part, inner]) => inputsOf(part, inner, [...base, part], isOptionalField));
    }
    default:
      return [{ name, path, isOptional: isOptionalField, ...control }];
  }
}
