import type { Key } from '../../words/language.tsx';

/** A field of a message, and the texts that ask for it. */
export interface Field {
  readonly name: string;
  readonly label: Key;
  readonly kind: 'text' | 'line' | 'number' | 'choice';
  readonly isOptional?: boolean;
  /** Of a choice: the family of its names and the values. */
  readonly family?: string;
  readonly values?: readonly string[];
  /** The first value stands there already: where it is no statement of anybody's. Every other choice is made by the reader. */
  readonly isPreset?: true;
  /** Where the values follow from what else was chosen. */
  readonly valuesOf?: (chosen: Readonly<Record<string, string>>) => readonly string[];
  /** What the register calls the values. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Form {
  /** The last part of the address that takes the message. */
  readonly path: string;
  readonly fields: readonly Field[];
  /** Written into the message besides what is asked. */
  readonly fixed?: Readonly<Record<string, string | number | boolean>>;
  /** Where the message is not simply its fields. */
  readonly messageOf?: (values: Readonly<Record<string, string>>) => Record<string, unknown>;
}

export const REASON: Field = { name: 'reason', label: 'form.reason', kind: 'text' };
const BASIS: Field = { name: 'basis', label: 'form.basis', kind: 'choice', family: 'basis', values: ['image', 'serial', 'sample', 'price'] };

const UNITS = ['working-hours', 'hours', 'working-days', 'calendar-days'];

/** What each command asks for. It asks nothing that is already known. */
export const FORMS: Readonly<Record<string, Form>> = {
  extendWindow: {
    path: 'extension',
    fields: [
      { name: 'n', label: 'form.length', kind: 'number' },
      { name: 'unit', label: 'form.unit', kind: 'choice', family: 'unit', isPreset: true, values: UNITS },
    ],
  },
  cancelCase: { path: 'cancellation', fields: [{ ...REASON, isOptional: true }] },
  fileCounterStatement: { path: 'counter-statement', fields: [{ name: 'statement', label: 'form.statement', kind: 'text' }] },
  identifySeller: { path: 'seller', fields: [{ name: 'seller', label: 'form.seller', kind: 'line' }] },
  decideAppeal: { path: 'decision', fields: [REASON] },
  withdrawAppeal: { path: 'withdrawal', fields: [] },
  fileOfferedNotice: { path: 'notice', fields: [BASIS] },
  decideSanction: { path: 'decision', fields: [REASON] },
  liftSanction: { path: 'lifting', fields: [REASON] },
};

/** A verdict's form depends on the reasons that the policy lists for it. */
export function verdictForm(verdict: string, reasonCodes: readonly string[], isCorrection: boolean): Form {
  return {
    path: 'verdict',
    fixed: { verdict, isCorrection },
    fields: [
      { name: 'reasonCode', label: 'form.reasonCode', kind: 'choice', family: 'reason', values: reasonCodes },
      BASIS,
      { name: 'note', label: 'form.note', kind: 'text', isOptional: true },
    ],
  };
}

/** The message that a form's values make. */
export function messageOf({ fields, fixed, messageOf: own }: Form, values: Readonly<Record<string, string>>): Record<string, unknown> {
  if (own !== undefined) return { ...fixed, ...own(values) };
  const given = fields.flatMap(({ name, kind, isPreset, values: choices }) => {
    const value = values[name] ?? (isPreset === true ? choices?.[0] : undefined) ?? '';
    return value.trim() === '' ? [] : [[name, kind === 'number' ? Number(value) : value] as const];
  });
  return { ...fixed, ...Object.fromEntries(given) };
}
