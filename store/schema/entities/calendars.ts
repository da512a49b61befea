import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { engineRows, operatorColumn } from './operator.ts';

/** An official notice of a country's days off and make-up days in a year, as it was loaded. Versions are never replaced. */
export const HolidayNoticeRow = defineEntity({
  name: 'HolidayNoticeRow',
  tableName: 'holiday_notice',
  properties: {
    operator: operatorColumn().primary(),
    country: p.string().length(8).primary(),
    year: p.integer().primary(),
    version: p.integer().primary(),
    digest: p.string().length(64),
    document: p.json<Record<string, unknown>>(),
    since: p.string().length(24),
  },
  policies: [engineRows('holiday_notice')],
  rowLevelSecurity: 'force',
});
export type HolidayNoticeRow = InferEntity<typeof HolidayNoticeRow>;
