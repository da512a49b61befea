import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { send } from '../api/client.ts';
import { detectorsQuery } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { Chip } from '../parts/chip.tsx';
import { Failure, Loaded } from '../parts/loaded.tsx';
import { Act } from '../parts/page.tsx';
import css from '../parts/parts.module.css';
import { useLanguage } from '../words/language.tsx';

interface Line {
  readonly detector: string;
  readonly isStopped: boolean;
}

/** Every detector, running or stopped; whoever may change the policy stops one with a reason, which becomes a new version of it. */
export function Detectors(): ReactNode {
  const { t, named } = useLanguage();
  const may = useMay('policy.activate');
  const query = useQuery(detectorsQuery);
  const [chosen, setChosen] = useState<Line>();
  return (
    <Loaded query={query}>
      {({ lines, source }) => (
        <div className={css['stack']}>
          <ul className={`${css['list']} ${css['stack']}`}>
            {lines.map((line) => (
              <li key={line.detector} className={css['row']}>
                <span>{named('detector', line.detector)}</span>
                <Chip tone={line.isStopped ? 'bad' : 'good'}>{t(line.isStopped ? 'detectors.stopped' : 'detectors.runs')}</Chip>
                {may && <Act onClick={() => setChosen(line)}>{t(line.isStopped ? 'detectors.start' : 'detectors.stop')}</Act>}
              </li>
            ))}
          </ul>
          {source !== null && (
            <p className={css['dim']} lang="en">
              {source}
            </p>
          )}
          {chosen !== undefined && <Change key={chosen.detector} line={chosen} onDone={() => setChosen(undefined)} />}
        </div>
      )}
    </Loaded>
  );
}

function Change({ line: { detector, isStopped }, onDone }: { readonly line: Line; readonly onDone: () => void }): ReactNode {
  const { t, named } = useLanguage();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const title = `${t(isStopped ? 'detectors.start' : 'detectors.stop')}: ${named('detector', detector)}`;
  const change = useMutation({
    mutationFn: () => send('PUT', `/api/detectors/${detector}`, { isStopped: !isStopped, reason }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['policies'] });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form className={css['form']} onSubmit={submit} aria-label={title}>
      <TextInput
        label={t('detectors.reason')}
        description={t('detectors.reasonHelp')}
        required
        maxLength={1_000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={css['row']}>
        <Button type="submit" variant="filled" loading={change.isPending}>
          {title}
        </Button>
        <Button onClick={onDone}>{t('form.stop')}</Button>
      </div>
      {change.error !== null && <Failure error={change.error} />}
    </form>
  );
}
