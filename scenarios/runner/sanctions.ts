import { chainFindings, missing } from './check-chain.ts';
import type { CheckOf } from './check-schemas.ts';
import { compareCount, type Finding, same, sameCounts } from './compare.ts';
import { sanctionsOf, type Session } from './session.ts';

/** What became of a sanction. */
export async function checkSanction(session: Session, check: CheckOf<'sanction'>): Promise<readonly Finding[]> {
  const view = await session.view(await session.sanctionId(check.sanction));
  return view?.kind === 'sanction' ? chainFindings('sanction', view, check) : missing('sanction', check.sanction, check.exists);
}

/** How many sanctions a seller has. */
export async function checkSanctions(session: Session, check: CheckOf<'sanctions'>): Promise<readonly Finding[]> {
  const { seller, status, step } = check.sanctions;
  const found = (await sanctionsOf(session.em(), seller)).filter((one) => (status ?? one.status) === one.status && (step ?? one.step) === one.step);
  return compareCount('sanctions', check.count, found.length);
}

/** A shop as the marketplace shows it, and what it was asked to do with it. */
export async function checkShop(session: Session, check: CheckOf<'shop'>): Promise<readonly Finding[]> {
  const shop = await session.outside.shop(check.shop);
  if (shop === undefined) return [{ field: ['shop'], ok: false, expected: check.shop, got: 'the marketplace does not know it' }];
  const requests = (await session.outside.requests()).filter(({ shop: one }) => one === check.shop);
  const effects = requests.filter(({ outcome }) => outcome === 'first').map(({ result }) => result ?? 'none');
  return [
    ...same('status', check.status, shop.status),
    ...same('measure', check.measure, shop.restriction?.measure ?? 'none'),
    ...sameCounts(
      'effects',
      check.effects,
      Object.fromEntries([...Map.groupBy(effects, (result) => result)].map(([result, all]) => [result, all.length])),
    ),
  ];
}
