import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { send } from '../api/client.ts';
import { Failure } from '../parts/loaded.tsx';
import { LookAndLanguage } from '../parts/shell.tsx';
import css from '../parts/parts.module.css';
import frame from '../parts/shell.module.css';
import { useLanguage } from '../words/language.tsx';

const PAGE = /^\/(?:cases|appeals|sanctions|referrals|appraisals)\/[a-z]+:[0-9a-f]{32}$/;

/** The page behind a link of a mail: the sign-in leads back to it. */
function pageAsked(): { readonly page?: string } {
  const page = window.location.pathname.replace('%3A', ':');
  return PAGE.test(page) ? { page } : {};
}

/** For everybody who is not signed in: ask for a link. The answer is the same whether the address is known or not. */
export function SignIn(): ReactNode {
  const { t } = useLanguage();
  const [mail, setMail] = useState('');
  const ask = useMutation({ mutationFn: () => send('POST', '/api/sign-in/link', { mail, ...pageAsked() }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <main className={frame['main']}>
      <div className={css['stack']}>
        <h1>{t('signIn.title')}</h1>
        <p>{t('signIn.lead')}</p>
        <form className={css['form']} onSubmit={submit}>
          <TextInput
            label={t('signIn.mail')}
            type="email"
            required
            autoComplete="email"
            value={mail}
            onChange={(event) => setMail(event.currentTarget.value)}
          />
          <Button type="submit" variant="filled" loading={ask.isPending}>
            {t('signIn.send')}
          </Button>
        </form>
        <p role="status">{ask.isSuccess ? t('signIn.sent') : ''}</p>
        {ask.error !== null && <Failure error={ask.error} />}
        <p>
          <a className={css['link']} href="/verify.html">
            {t('verify.offline')}
          </a>
        </p>
        <div className={css['row']}>
          <LookAndLanguage />
        </div>
      </div>
    </main>
  );
}
