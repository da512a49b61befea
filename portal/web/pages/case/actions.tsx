import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import type { CaseView } from '../../../server/schemas/case.ts';
import { Act } from '../../parts/page.tsx';
import css from '../../parts/parts.module.css';
import { type Language, useLanguage } from '../../words/language.tsx';
import { FORMS, type Form, verdictForm } from './forms.ts';
import { MessageForm } from './message-form.tsx';

type Action = CaseView['actions'][number];

/** What the reader can do now; what cannot be done says why. */
export function Actions({ view }: { readonly view: CaseView }): ReactNode {
  const language = useLanguage();
  const client = useQueryClient();
  const [, go] = useLocation();
  const [open, setOpen] = useState<Action>();
  const form = open === undefined ? undefined : formOf(open, view);
  return (
    <div className={css['stack']}>
      <div className={css['row']}>
        {view.actions.map((action) => (
          <Act
            key={`${action.command} ${action.verdict ?? ''}`}
            why={whyNot(action, language)}
            variant={action === open ? 'filled' : 'default'}
            onClick={() => setOpen(action === open ? undefined : action)}
          >
            {nameOf(action, language)}
          </Act>
        ))}
      </div>
      {open !== undefined && form !== undefined && (
        <MessageForm
          key={`${open.command} ${open.verdict ?? ''}`}
          path={`/api/${view.kind}s/${encodeURIComponent(view.id)}/${form.path}`}
          form={form}
          title={nameOf(open, language)}
          onDone={({ aggregate }) => {
            setOpen(undefined);
            void client.invalidateQueries({ queryKey: ['live'] });
            // After the seal a message opens an appeal: that is where it goes on.
            if (aggregate !== null && aggregate !== view.id) go(`/${aggregate.split(':')[0]}s/${encodeURIComponent(aggregate)}`);
          }}
          onStop={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

function nameOf({ command, verdict }: Action, { named }: Language): string {
  return verdict === null ? named('command', command) : named('verdict', verdict);
}

function whyNot({ refused }: Action, { code, named }: Language): string | undefined {
  if (refused === null) return undefined;
  return code === 'en' ? `${refused.message} ${refused.cure}` : named('refusal', refused.code);
}

/** A verdict on a case that has one is a correction of it. */
function formOf({ command, verdict, reasonCodes }: Action, view: CaseView): Form | undefined {
  return verdict === null ? FORMS[command] : verdictForm(verdict, reasonCodes, view.verdict !== null);
}
