import type { CaseState } from '../../domain/case/model.ts';
import type { Manager } from '../connection/orm.ts';

/** An open case as the log left it. */
export interface OpenCase {
  readonly id: string;
  readonly n: number;
  readonly state: CaseState;
  readonly marketplace: string;
  readonly listing: string;
  readonly changedAt: string;
  /** The next deadline, as the projection has it. */
  readonly due: string;
}

/** The open cases of a holder that wait for something, the soonest first. Run it as the portal's role: foreign ones are not there. */
export function openCasesOf(em: Manager, holder: string, limit: number): Promise<OpenCase[]> {
  return em.execute<OpenCase[]>(
    `select id, n, state, marketplace, listing, changed_at as "changedAt", due from aggregate
     where operator = current_setting('interdict.operator', true) and holder = ? and kind = 'case' and due is not null and not is_final
     order by due, id limit ${limit}`,
    [holder],
  );
}
