import { createContext, type ReactNode, useContext, useEffect } from 'react';
import type { Session } from '../../api/schemas/session.ts';
import { outbox } from './outbox.ts';

const Context = createContext<Session | undefined>(undefined);

/** Who is signed in, for everything below; answers that were kept are sent from here on. */
export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }): ReactNode {
  useEffect(() => outbox.open(), []);
  return <Context value={session}>{children}</Context>;
}

/** Who is signed in. */
export function useSession(): Session {
  const session = useContext(Context);
  if (session === undefined) throw new Error('nobody is signed in here');
  return session;
}

/** Whether the access table gives the reader an operation. */
export function useMay(operation: string): boolean {
  return useSession().may.includes(operation);
}
