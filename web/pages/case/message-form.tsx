import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { AnswerBody } from '../../../api/schemas/messages.ts';
import { freshId, sendAndFollow } from '../../api/client.ts';
import { Failure } from '../../parts/loaded.tsx';
import css from '../../parts/parts.module.css';
import { useLanguage } from '../../words/language.tsx';
import { type Field, type Form, messageOf } from './forms.ts';

const MOST_TEXT = 4_000;

interface FormProps {
  readonly path: string;
  readonly form: Form;
  readonly title: string;
  readonly onDone: (answer: AnswerBody) => void;
  readonly onStop?: () => void;
}

/** Asks for a message's fields and sends it. One message id for as long as the form says the same: a second click is no second message. */
export function MessageForm({ path, form, title, onDone, onStop }: FormProps): ReactNode {
  const { t } = useLanguage();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [messageId, setMessageId] = useState(freshId);
  const [isAccepted, setAccepted] = useState(false);
  const sending = useMutation({ mutationFn: () => sendAndFollow(path, messageOf(form, values), messageId, () => setAccepted(true)) });
  const change = (name: string, value: string) => {
    setValues({ ...values, [name]: value });
    setMessageId(freshId());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Told here, not above: whoever has left the page meanwhile is not taken elsewhere.
    sending.mutate(undefined, { onSuccess: onDone, onSettled: () => setAccepted(false) });
  };
  return (
    <form className={css['form']} onSubmit={submit} aria-label={title}>
      {form.fields.map((field) => (
        <FieldInput key={field.name} field={field} value={values[field.name] ?? ''} chosen={values} onChange={(value) => change(field.name, value)} />
      ))}
      <div className={css['row']}>
        <Button type="submit" variant="filled" loading={sending.isPending}>
          {title}
        </Button>
        {onStop !== undefined && <Button onClick={onStop}>{t('form.stop')}</Button>}
      </div>
      <p role="status">{isAccepted ? t('form.pending', { id: messageId }) : ''}</p>
      {sending.error !== null && <Failure error={sending.error} />}
    </form>
  );
}

interface InputProps {
  readonly field: Field;
  readonly value: string;
  readonly chosen: Readonly<Record<string, string>>;
  readonly onChange: (value: string) => void;
}

function FieldInput({ field, value, chosen, onChange }: InputProps): ReactNode {
  const { t, named } = useLanguage();
  const { name, label, kind, isOptional } = field;
  const shared = { label: label === undefined ? named('form', name) : t(label), value, required: !isOptional };
  switch (kind) {
    case 'choice':
      return <Choice field={field} value={value} chosen={chosen} onChange={onChange} />;
    case 'number':
      return <TextInput {...shared} type="number" min={1} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'line':
      return <TextInput {...shared} maxLength={256} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'text':
      return <Textarea {...shared} maxLength={MOST_TEXT} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
}

/** A choice that nobody has made for the reader. */
function Choice({ field, value, chosen, onChange }: InputProps): ReactNode {
  const { t, named } = useLanguage();
  const { name, label, isOptional, isPreset, family = '', valuesOf, labels = {} } = field;
  const values = valuesOf?.(chosen) ?? field.values ?? [];
  const data = values.map((each) => ({ value: each, label: labels[each] ?? named(family, each) }));
  return (
    <NativeSelect
      size="sm"
      label={label === undefined ? named('form', name) : t(label)}
      required={!isOptional}
      value={values.includes(value) ? value : isPreset === true ? (values[0] ?? '') : ''}
      data={isPreset === true ? data : [{ value: '', label: t('form.choose') }, ...data]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
