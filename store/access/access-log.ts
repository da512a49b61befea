import { AccessLogRow } from '../schema/entities/access.ts';
import type { Manager } from '../connection/orm.ts';

/** One look of somebody at something. */
export interface Access {
  readonly at: string;
  readonly who: string;
  readonly capacity: string;
  /** `session`, or `key:` and the key's id. */
  readonly how: string;
  readonly operation: string;
  readonly aggregate: string;
}

/** Notes a read; awaited before the answer goes out, so that nothing is seen unnoted. */
export async function logAccess(em: Manager, access: Access): Promise<void> {
  await em.insert(AccessLogRow, access);
}

/** The newest reads first; `after` is the last id of the page before. */
export async function readAccessLog(
  em: Manager,
  filter: { readonly aggregate?: string | undefined; readonly who?: string | undefined; readonly after?: number | undefined; readonly limit: number },
): Promise<readonly AccessLogRow[]> {
  const { aggregate, who, after, limit } = filter;
  return em.find(
    AccessLogRow,
    { ...(aggregate !== undefined && { aggregate }), ...(who !== undefined && { who }), ...(after !== undefined && { id: { $lt: after } }) },
    { orderBy: { id: 'desc' }, limit },
  );
}
