import type { VerdictDetails } from '../../domain/case/model.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { nameOf } from '../../store/access/sign-in.ts';
import { work } from '../../store/connection/orm.ts';
import { disclosuresOf, readLogged } from '../../store/queries/aggregate.ts';
import { asParty } from '../../store/queries/as-party.ts';
import type { ServerDeps } from '../deps.ts';
import type { Principal } from '../identity.ts';

/** Who answered what and when, in a sentence for a colleague who came second; undefined when nobody has. */
export async function answerOnRecord(deps: ServerDeps, who: Principal, id: AggregateId): Promise<string | undefined> {
  const logged = await asParty(deps.portal, who, (em) => readLogged(em, id));
  const given = logged?.decisions.findLast(({ decision: { command, outcome } }) => command.kind === 'recordVerdict' && 'events' in outcome)?.decision;
  if (given === undefined) return undefined;
  const { by, at } = given.command;
  // Only recordVerdict carries an answer, and its shape is the rules'.
  const { verdict } = given.command as unknown as VerdictDetails;
  const isColleague = by.organisation !== undefined && who.organisations.includes(by.organisation);
  const em = work(deps.engine);
  const person = isColleague && by.person !== undefined ? (await disclosuresOf(em, [id])).get(by.person['...']) : undefined;
  const name = person === undefined ? 'Somebody of the rights holder' : await nameOf(em, person);
  return `${name} answered ${verdict} at ${at}.`;
}
