import { z } from 'zod';

const text = z.string().min(1).max(20_000);
const reference = z.string().min(1).max(500);
const address = z.string().min(1).max(2_000);

/** Whether buyers can see and buy it; `gone` is the seller's own end of it. */
export const listingStatusSchema = z.enum(['live', 'removed', 'sold-out', 'gone']);

/** Integer minor units and an ISO 4217 code. */
const priceSchema = z.object({ amount: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/) });

const contentFields = {
  title: z.string().min(1).max(5_000),
  description: z.string().nullish(),
  brand: z.string().nullish(),
  images: z.array(address).max(100).nullish(),
  price: priceSchema.nullish(),
  category: z.string().nullish(),
  seller: z.string().min(1).nullish(),
};

/** One listing as an importer gives it. */
export const listingRowSchema = z.object({
  id: z.string().min(1).max(500),
  marketplace: z.string().min(1),
  market: z.string().min(1),
  ...contentFields,
  status: z.enum(['live', 'sold-out']).optional(),
  completedOrders: z.int().min(0).optional(),
});
export type ListingRow = z.output<typeof listingRowSchema>;

export const listingRowsSchema = z.object({ listings: z.array(listingRowSchema).max(1_000) });

/** What a seller changes; null clears a field. */
export const editSchema = z.strictObject(contentFields).partial();
export type ListingEdit = z.output<typeof editSchema>;

export const ordersSchema = z.strictObject({ n: z.int().min(1) });

export const takedownSchema = z.strictObject({
  versions: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .min(1)
    .max(1_000),
  reason: text,
  reference,
});
export type Takedown = z.output<typeof takedownSchema>;

export const putBackSchema = z.strictObject({ reason: text, reference });

/** Further fields (reason, reference, listings ...) are kept as they come. */
export const restrictionSchema = z.looseObject({
  measure: z.enum(['restrict', 'freeze']),
  until: z.iso.datetime({ offset: true }).optional(),
});
export type Restriction = z.output<typeof restrictionSchema>;

/** Lifting, closing and reopening carry what the caller likes to have on record. */
export const remarkSchema = z.looseObject({}).optional();

export const shopMessageSchema = z.strictObject({ subject: z.string().min(1).max(1_000), text, reference });
export type ShopMessage = z.output<typeof shopMessageSchema>;

/** What a fault can be put on. */
export const operationSchema = z.enum(['takedown', 'put-back', 'capture', 'image', 'message', 'restriction', 'closure']);
export type Operation = z.output<typeof operationSchema>;

export const faultSchema = z.strictObject({
  on: z.enum([...operationSchema.options, 'any']),
  kind: z.enum(['429', '503', 'stall', 'lost-reply', '409']),
  retryAfterSeconds: z.int().min(0).optional(),
  stallMs: z.int().min(0).max(3_600_000).default(30_000),
  listing: z.string().optional(),
  shop: z.string().optional(),
  times: z.int().min(1).optional(),
});
export type Fault = z.output<typeof faultSchema>;
