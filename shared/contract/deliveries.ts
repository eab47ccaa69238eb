import { z } from 'zod';
import { call } from './call.ts';
import { listInputSchema, pageSchema, slugSchema, timeSchema, unreadableSchema } from './common.ts';

/** What was repaired or assumed to read a delivery: a code for machines, a sentence for people. */
export const deliveryNoteSchema = z.object({ code: z.string(), message: z.string() });
export type DeliveryNote = z.infer<typeof deliveryNoteSchema>;

/**
 * `tried`: a request by which a sender or a person checked the address, answered and otherwise ignored; `reason` says
 * how.
 */
export const deliveryResults = ['accepted', 'duplicate', 'refused', 'tried'] as const;

/** The code of `reason` of what was `tried`. */
export const triedCode = 'address_tried';

export const deliverySchema = z.object({
  id: z.string(),
  /** Null when the address named no source. */
  source: z.string().nullable(),
  receivedAt: timeSchema,
  method: z.string(),
  /** Path and query as sent; secrets in the query are masked. */
  url: z.string(),
  remoteAddress: z.string(),
  contentType: z.string().nullable(),
  bodyBytes: z.number().int(),
  result: z.enum(deliveryResults),
  status: z.number().int(),
  /** Why it was refused: a code for machines, a sentence for people. */
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
  eventIds: z.array(z.string()),
  /** What was repaired or assumed to read it; empty for nearly all. */
  notes: z.array(deliveryNoteSchema),
  unreadable: unreadableSchema,
});
export type Delivery = z.infer<typeof deliverySchema>;

/** The code of the note of a refused delivery that was accepted later and contains no events. */
export const acceptedCode = 'accepted_without_events';

/** Whether a refused delivery was accepted later: once is enough. */
export const isAcceptedLater = ({ eventIds, notes }: Pick<Delivery, 'eventIds' | 'notes'>): boolean =>
  eventIds.length > 0 || notes.some(({ code }) => code === acceptedCode);

export const deliveryDetailSchema = deliverySchema.extend({
  /** In the order they came, repeated names kept apart. */
  headers: z.array(z.tuple([z.string(), z.string()])),
  /** `text` when the bytes are valid UTF-8, else `base64`. */
  body: z.object({ encoding: z.enum(['text', 'base64']), data: z.string(), truncated: z.boolean() }),
});
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>;

/** A file of a multipart form, which is kept in the delivery's body. */
export const deliveryFileSchema = z.object({
  /** From 0, in the order they came. */
  index: z.number().int(),
  /** Of the form. */
  field: z.string(),
  /** As the sender wrote it: any text. */
  filename: z.string(),
  /** Made of it: safe to save under. */
  name: z.string(),
  /** As the sender wrote it. */
  contentType: z.string(),
  sizeBytes: z.number().int(),
});
export type DeliveryFile = z.infer<typeof deliveryFileSchema>;

export const deliveryCalls = {
  'deliveries.list': call(
    listInputSchema.extend({
      source: slugSchema.optional(),
      result: z.enum(deliveryResults).optional(),
    }),
    pageSchema(deliverySchema),
  ),
  'deliveries.get': call(z.strictObject({ id: z.string() }), deliveryDetailSchema),
  /**
   * Verifies and reads a refused delivery again, after its source was corrected, and stores it as a delivery of now. Fails
   * with `wrong_state` while it is still refused, and once it was accepted.
   */
  'deliveries.accept': call(
    z.strictObject({ id: z.string() }),
    z.object({ deliveryId: z.string(), eventIds: z.array(z.string()), duplicate: z.boolean() }),
  ),
  'deliveries.files': call(z.strictObject({ id: z.string() }), z.object({ items: z.array(deliveryFileSchema) })),
  /** The bytes of one; over HTTP also at `GET /api/deliveries/<id>/files/<index>`. */
  'deliveries.readFile': call(
    z.strictObject({ id: z.string(), index: z.number().int().min(0) }),
    z.object({ name: z.string(), contentType: z.string(), base64: z.string() }),
  ),
};
