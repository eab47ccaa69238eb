import { z } from 'zod';
import { durationSchema } from './duration.ts';

export const clusterRoles = ['receiver', 'worker', 'console'] as const;
export type ClusterRole = (typeof clusterRoles)[number];

const hasUniqueItems = (items: readonly string[]): boolean => new Set(items).size === items.length;

/** `cluster:` of signalbox.yaml. */
export const clusterConfigSchema = z.strictObject({
  servers: z
    .array(z.string().regex(/^(nats|tls):\/\/[^\s,]+$/, 'must be an address such as nats://10.0.0.1:4222'))
    .min(1, 'must name at least one NATS server')
    .describe('Addresses of NATS servers with JetStream, nats://HOST:PORT or tls://HOST:PORT.'),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be of lower-case letters, digits and hyphens')
    .optional()
    .describe('Name of the cluster, the same on each of its nodes; `signalbox` by default.'),
  replicas: z
    .union([z.literal(1), z.literal(3), z.literal(5)])
    .optional()
    .describe('NATS servers that keep the log; 3 by default, 1 where fewer than three servers are named.'),
  credentials: z
    .strictObject({ file: z.string().min(1, 'must be a path') })
    .optional()
    .describe('A NATS credentials file.'),
  roles: z
    .array(z.enum(clusterRoles))
    .min(1, 'must name at least one role')
    .refine(hasUniqueItems, 'must name each role once')
    .optional()
    .describe('What this node does; everything by default.'),
  lease: durationSchema(2000, 600_000)
    .optional()
    .describe('After so long without a sign of a node its runs are given to others; 15s by default.'),
  keep: durationSchema(3_600_000, 3650 * 86_400_000)
    .optional()
    .describe('How long the log is kept, and with it how long a node may be away; 7d by default.'),
  sync: z
    .enum(['interval', 'always'])
    .optional()
    .describe(
      'How the NATS servers write to their disks: `always` where they run with `sync_interval: always`. NATS does not tell, and its default is every two minutes.',
    ),
});
export type ClusterConfig = z.infer<typeof clusterConfigSchema>;

export const clusterNodeSchema = z.object({
  id: z.string(),
  name: z.string(),
  isThisNode: z.boolean(),
  roles: z.array(z.enum(clusterRoles)),
  version: z.string(),
  /** Entries of the log that it has not applied yet. */
  lag: z.number(),
  running: z.number(),
  waiting: z.number(),
  consoleUrl: z.string().nullable(),
  lastSeenAt: z.string(),
});
export type ClusterNode = z.infer<typeof clusterNodeSchema>;

export const clusterStatusSchema = z.object({
  name: z.string(),
  /** This node. */
  node: z.string(),
  roles: z.array(z.enum(clusterRoles)),
  servers: z.array(z.string()),
  /** Why the log cannot be written or read at the moment; null: it can. */
  problem: z.string().nullable(),
  /** What a 2xx means while the servers sync in intervals; null: they always do. */
  durability: z.string().nullable(),
  /** Entries of the log that this node has not applied yet. */
  lag: z.number(),
  nodes: z.array(clusterNodeSchema),
});
export type ClusterStatus = z.infer<typeof clusterStatusSchema>;
