import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import type { CaseView } from '../../../api/schemas/case.ts';
import { hrefOf } from '../../parts/lines.tsx';
import { Act } from '../../parts/page.tsx';
import css from '../../parts/parts.module.css';
import { type Language, useLanguage } from '../../words/language.tsx';
import type { Form } from './forms.ts';
import { MessageForm } from './message-form.tsx';

export type Action = CaseView['actions'][number];

/** One thing to do: a command, or one of the verdicts or decisions that a command can carry. */
interface Deed {
  readonly key: string;
  readonly name: string;
  readonly action: Action;
  readonly decision?: string;
  readonly refused: Action['refused'];
  readonly fault: Action['fault'];
}

interface ActionsProps {
  readonly actions: readonly Action[];
  /** What the messages are about, and the address under which it takes them. */
  readonly id: string;
  readonly base: string;
  readonly formOf: (action: Action) => Form | undefined;
}

/** What the reader can do now; what cannot be done says why. */
export function Actions({ actions, id, base, formOf }: ActionsProps): ReactNode {
  const language = useLanguage();
  const client = useQueryClient();
  const [, go] = useLocation();
  const [chosen, setChosen] = useState<string>();
  const deeds = actions.flatMap((action) => deedsOf(action, language));
  const open = deeds.find(({ key, refused, fault }) => key === chosen && refused === null && fault === null);
  const form = open === undefined ? undefined : formOf(open.action);
  return (
    <div className={css['stack']}>
      <div className={css['row']}>
        {deeds.map((deed) => (
          <Act
            key={deed.key}
            why={whyNot(deed, language)}
            variant={deed === open ? 'filled' : 'default'}
            onClick={() => setChosen(deed === open ? undefined : deed.key)}
          >
            {deed.name}
          </Act>
        ))}
      </div>
      {open !== undefined && form !== undefined && (
        <MessageForm
          key={open.key}
          path={`${base}/${form.path}`}
          form={open.decision === undefined ? form : { ...form, fixed: { ...form.fixed, decision: open.decision } }}
          title={open.name}
          onDone={({ aggregate }) => {
            setChosen(undefined);
            void client.invalidateQueries({ queryKey: ['live'] });
            // After the seal a message opens an appeal: that is where it goes on.
            if (aggregate !== null && aggregate !== id) go(hrefOf(aggregate));
          }}
          onStop={() => setChosen(undefined)}
        />
      )}
    </div>
  );
}

function deedsOf(action: Action, { named }: Language): readonly Deed[] {
  const { command, verdict, decisions, refused, fault } = action;
  if (decisions.length === 0)
    return [
      { key: `${command} ${verdict ?? ''}`, name: verdict === null ? named('command', command) : named('verdict', verdict), action, refused, fault },
    ];
  return decisions.map((each) => ({
    key: `${command} ${each.decision}`,
    name: named('decision', each.decision),
    action,
    decision: each.decision,
    refused: each.refused,
    fault: each.fault,
  }));
}

function whyNot({ refused, fault }: Deed, { code, named, t }: Language): string | undefined {
  if (fault !== null) return t('fault.action', { id: fault });
  if (refused === null) return undefined;
  return code === 'en' ? `${refused.message} ${refused.cure}` : named('refusal', refused.code);
}
