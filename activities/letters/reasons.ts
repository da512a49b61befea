import { z } from 'zod';
import type { VerdictDetails } from '../../domain/case/model.ts';
import { instant } from '../../domain/instant.ts';
import { contestEndOf } from '../../store/log/contest-end.ts';
import { RightRow } from '../../store/schema/entities/register.ts';
import type { Manager } from '../../store/connection/orm.ts';
import { findingsOf, type Particulars } from './history.ts';
import type { Reasons } from '../../notifications/parameters.ts';

interface Removal {
  readonly provisional: boolean;
  readonly alreadyGone: boolean;
}

/** What a statement of reasons says, as it stood when the restriction was decided. */
export async function readReasons(em: Manager, particulars: Particulars, { provisional, alreadyGone }: Removal): Promise<Reasons> {
  const { of, appeal, row, policy } = particulars;
  const { opened, state } = of;
  const answer = appeal === undefined ? state.answer : (appeal.state.answer ?? state.answer);
  const isSellerKnown = appeal?.state.kind === 'seller-known';
  return {
    provisional,
    alreadyGone,
    // A seller who becomes known later is told of a removal that has been in force since the case was closed.
    removedAt: isSellerKnown && state.sealedAt !== undefined ? state.sealedAt : instant(row.writtenAt),
    source: appeal?.isNotice === true ? 'notice' : opened.origin,
    detectors: opened.findings.map((finding) => `${finding.detector}@${finding.version}`),
    findings: findingsOf(of),
    rights: await rightNames(em, state.rights),
    contest: await contestOf(em, particulars),
    policy: { name: policy.name, version: policy.version },
    ...(provisional && state.provisionalUntil !== undefined && { until: state.provisionalUntil, ...(state.untilOpen && { mayMove: true as const }) }),
    ...(answer !== undefined && !provisional && { answer: plainAnswer(answer) }),
  };
}

function plainAnswer({ verdict, reasonCode, basis }: VerdictDetails): NonNullable<Reasons['answer']> {
  return { verdict, reasonCode, basis };
}

/** The end of the contest window as the log accepts it; open while the case is. */
async function contestOf(em: Manager, { caseId, of: { state }, policy }: Particulars): Promise<Reasons['contest']> {
  const window = policy.appeals.contestWindow;
  if (state.sealedAt === undefined) return { window };
  const end = await contestEndOf(em, caseId, state, policy);
  return end === undefined ? { window } : { window, until: end.at, ...(end.provisional && { mayMove: true }) };
}

const rightSchema = z.object({ markText: z.string().optional(), rightType: z.string().optional() });

/** Registered rights as the register names them; an id that is not imported stands for itself. */
async function rightNames(em: Manager, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await em.find(RightRow, { id: { $in: [...ids] } });
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = known.get(id);
    if (row === undefined) return id;
    const { markText, rightType } = rightSchema.parse(row.row);
    const mark = markText === undefined ? '' : ` “${markText}”`;
    return `${rightType ?? 'right'}${mark}, ${row.jurisdiction} ${id}`;
  });
}
