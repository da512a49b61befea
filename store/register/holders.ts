import type { Manager } from '../connection/orm.ts';
import { statement } from '../connection/statement.ts';

/** The organisation that a rights holder is by now: itself, or the one that the owner of record turned out to be (store/register/adoption.ts). */
export async function standingHolder(em: Manager, holder: string): Promise<string> {
  const [row] = await statement<{ adopted_by: string | null }>(em, 'select adopted_by from organisation where id = $1', [holder]);
  return row?.adopted_by ?? holder;
}
