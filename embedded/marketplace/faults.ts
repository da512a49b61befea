import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type Fault, faultSchema, type Operation } from './schemas.ts';

/** What a request is about, as far as a fault can be narrowed to it. */
export interface Target {
  readonly listing?: string | undefined;
  readonly shop?: string | undefined;
}

const storedSchema = z.object({ id: z.number(), fault: z.string(), remaining: z.number().nullable() });

/** Scripts a fault; without `times` it stays until the faults are cleared. */
export function addFault(db: DatabaseSync, fault: Fault): void {
  db.prepare('insert into faults (fault, remaining) values (?, ?)').run(JSON.stringify(fault), fault.times ?? null);
}

/** Ends all scripted faults. */
export function clearFaults(db: DatabaseSync): void {
  db.exec('delete from faults');
}

/** The eldest scripted fault that fits the request, used up by one. */
export function takeFault(db: DatabaseSync, operation: Operation, target: Target): Fault | undefined {
  const rows = z.array(storedSchema).parse(db.prepare('select * from faults order by id').all());
  for (const { id, fault: json, remaining } of rows) {
    const fault = faultSchema.parse(JSON.parse(json));
    if (!fits(fault, operation, target)) continue;
    if (remaining === 1) db.prepare('delete from faults where id = ?').run(id);
    else if (remaining !== null) db.prepare('update faults set remaining = remaining - 1 where id = ?').run(id);
    return fault;
  }
  return undefined;
}

function fits(fault: Fault, operation: Operation, target: Target): boolean {
  const isMeant = fault.on === 'any' || fault.on === operation;
  return isMeant && (fault.listing === undefined || fault.listing === target.listing) && (fault.shop === undefined || fault.shop === target.shop);
}
