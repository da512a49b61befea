import { countryOfZone, defaultZoneOf } from '../../calendars/zones.ts';
import { marketCountry } from '../../domain/detection/rights.ts';
import type { CalendarRef } from '../../domain/instant.ts';
import type { PolicyValues } from '../../domain/policy/policy.ts';
import { OrganisationRow } from '../schema/entities/register.ts';
import type { Manager } from '../connection/orm.ts';

/**
 * The calendar on which a holder's windows are counted: its own zone and hours; without hours the policy's, without a zone
 * that of the listing's market, where its right is in force (design.md section 5).
 */
export async function calendarOf(em: Manager, holder: string, market: string, policy: PolicyValues): Promise<CalendarRef> {
  const row = await em.findOne(OrganisationRow, { id: holder });
  const zone = row?.zone ?? defaultZoneOf(row?.country ?? marketCountry(market));
  return { country: row?.country ?? countryOfZone(zone), zone, hours: row?.hours ?? policy.confirmation.defaultHours };
}
