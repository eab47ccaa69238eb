import { z } from 'zod';
import { call } from './call.ts';
import { clusterStatusSchema } from './cluster.ts';
import { timeSchema } from './common.ts';

export const alertSchema = z.object({
  code: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
  since: timeSchema,
});
export type Alert = z.infer<typeof alertSchema>;

/** Where the receiver listens. */
export const receiverAddressSchema = z.strictObject({
  /** An address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 or :: for every network it is in. */
  host: z.union([z.ipv4(), z.ipv6(), z.hostname()]),
  port: z.number().int().min(1).max(65_535),
});
export type ReceiverAddress = z.infer<typeof receiverAddressSchema>;

/** `127.0.0.1:8787`, `[::1]:8787`: as part of a URL and in messages. */
export const printAddress = ({ host, port }: { host: string; port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

export const statusSchema = z.object({
  version: z.string(),
  mode: z.enum(['desktop', 'headless']),
  startedAt: timeSchema,
  dataDir: z.string(),
  /** Tells this instance from others: the data directory where it is not the usual one. */
  profile: z.string().nullable(),
  /** `finishing`: no further run is started, and the app ends with those that run; `restarting`: on another store. */
  phase: z.enum(['running', 'finishing', 'stopping', 'restarting']),
  receiver: z.object({
    url: z.string(),
    /** False while deliveries are answered 503, or with a `problem` not at all. */
    accepting: z.boolean(),
    host: z.string(),
    port: z.number(),
    /** `options`: the command line or the environment; a change then lasts until the app ends. */
    setBy: z.enum(['options', 'setting', 'default']),
    /** Why it does not listen; null when it does. Retried automatically. */
    problem: z.string().nullable(),
  }),
  consoleUrl: z.string().nullable(),
  config: z.object({ file: z.string(), appliedAt: timeSchema.nullable(), error: z.string().nullable() }).nullable(),
  events: z.object({ total: z.number(), perMinute: z.number() }),
  runs: z.object({ waiting: z.number(), running: z.number(), inbox: z.number() }),
  /** The full-text index trails the store by so many events. */
  index: z.object({ behind: z.number() }),
  databaseBytes: z.number(),
  alerts: z.array(alertSchema),
  /** Null or absent on a single machine. */
  cluster: clusterStatusSchema.nullish(),
});
export type Status = z.infer<typeof statusSchema>;

/** A time in which no delivery could be taken: silence then says nothing about the senders. */
export const blindWindowSchema = z.object({
  /** `full`: no room on the disk; `refusing`: answered 503 for another reason. */
  kind: z.enum(['off', 'asleep', 'full', 'refusing']),
  from: timeSchema,
  /** Null: it lasts. */
  to: timeSchema.nullable(),
  detail: z.string(),
});
export type BlindWindow = z.infer<typeof blindWindowSchema>;

export const appCalls = {
  'app.status': call(z.strictObject({}), statusSchema),
  /** An address that signs one browser in to the console, once and until it expires; `publicUrl` is through the proxy. */
  'app.createSignInUrl': call(
    z.strictObject({}),
    z.object({ url: z.string(), publicUrl: z.string().nullable(), expiresAt: timeSchema }),
  ),
  /** Moves the receiver; null: to the default address. When it cannot listen there, it stays where it is. */
  'app.setReceiverAddress': call(z.strictObject({ address: receiverAddressSchema.nullable() }), statusSchema),
  /** Newest first; the newest thousand are kept. */
  'app.blindWindows': call(
    z.strictObject({ limit: z.number().int().min(1).max(1000).optional() }),
    z.object({ items: z.array(blindWindowSchema) }),
  ),
};
