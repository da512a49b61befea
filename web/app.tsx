import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem } from './api/client.ts';
import { sessionQuery } from './api/queries.ts';
import { SessionProvider } from './api/session.tsx';
import { Failure, Waiting } from './parts/loaded.tsx';
import { Pages } from './pages/pages.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { Shell } from './parts/shell.tsx';
import { theme } from './theme.ts';
import { ClockProvider } from './words/clock.tsx';
import { LanguageProvider } from './words/language.tsx';

const MOST_RETRIES = 2;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // Nothing moves under the pointer: pages are read again when the reader asks, or after a message of theirs.
      refetchOnWindowFocus: false,
      refetchOnReconnect: true,
      staleTime: 30_000,
      retry: (count, error) => !(error instanceof ApiProblem && error.status < 500) && count < MOST_RETRIES,
    },
  },
});

/** Everything: look, language, session, pages. */
export function App(): ReactNode {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <LanguageProvider>
        <QueryClientProvider client={client}>
          <SignInOrPages />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}

function SignInOrPages(): ReactNode {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  if (session !== undefined) {
    return (
      <SessionProvider session={session}>
        <ClockProvider now={session.now}>
          <Shell>
            <Pages />
          </Shell>
        </ClockProvider>
      </SessionProvider>
    );
  }
  if (error instanceof ApiProblem && error.status === 401) return <SignIn />;
  return error === null ? <Waiting lines={3} /> : <Failure error={error} onRetry={() => void refetch()} />;
}
