import { readFileSync } from 'node:fs';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import type { ObjectStore } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { errorText } from '../../shared/error-text.ts';
import type { ClusterOptions } from './cluster-options.ts';

/** What a cluster keeps in NATS. */
export interface ClusterLinks {
  connection: NatsConnection;
  jetstream: JetStreamClient;
  manager: JetStreamManager;
  /** Name of the stream, and its subject. */
  stream: string;
  subject: string;
  /** Signs of life of the nodes, by node. */
  nodes: KV;
  /** Messages that are too large for the stream. */
  blobs: ObjectStore;
}

/** A write that was stored is recognised when it is sent again within this time. */
export const dedupeWindowMs = 120_000;

const attemptMs = 5000;
const nanos = (ms: number): number => ms * 1_000_000;

/** The libraries are loaded here alone: on a single machine none of them is. */
const load = async () => ({
  ...(await import('@nats-io/transport-node')),
  ...(await import('@nats-io/jetstream')),
  ...(await import('@nats-io/kv')),
  ...(await import('@nats-io/obj')),
});

/** Connects and makes what is missing; rejects with why the last attempt failed when `untilMs` (performance.now()) has passed. */
export async function connectCluster(
  options: ClusterOptions,
  { untilMs, ending, onRetry }: { untilMs: number; ending: AbortSignal | undefined; onRetry(why: string): void },
): Promise<ClusterLinks> {
  const nats = await load();
  const authenticator =
    options.credentialsFile === null
      ? {}
      : { authenticator: nats.credsAuthenticator(readFileSync(options.credentialsFile)) };
  for (;;) {
    let connection: NatsConnection | null = null;
    try {
      connection = await nats.connect({
        servers: [...options.servers],
        name: `signalbox ${options.nodeName}`,
        timeout: attemptMs,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        // A server that is cut off answers no ping: another one is taken after ten seconds.
        pingInterval: 5000,
        maxPingOut: 1,
        ...authenticator,
      });
      return await open(connection, options, nats);
    } catch (error) {
      await connection?.close().catch(() => undefined);
      if (ending?.aborted === true || performance.now() > untilMs) throw error;
      onRetry(errorText(error));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

async function open(
  connection: NatsConnection,
  options: ClusterOptions,
  nats: Awaited<ReturnType<typeof load>>,
): Promise<ClusterLinks> {
  const { name, replicas, keepMs } = options;
  const manager = await nats.jetstreamManager(connection, { timeout: attemptMs });
  const jetstream = manager.jetstream();
  const stream = `signalbox_${name}_log`;
  const subject = `signalbox.${name}.log`;
  const known = await manager.streams.info(stream).catch((error: unknown) => {
    if (error instanceof nats.JetStreamApiError && error.code === nats.JetStreamApiCodes.StreamNotFound) return null;
    throw error;
  });
  if (known === null) {
    await manager.streams.add({
      name: stream,
      subjects: [subject],
      storage: nats.StorageType.File,
      num_replicas: replicas,
      max_age: nanos(keepMs),
      duplicate_window: nanos(dedupeWindowMs),
      deny_delete: true,
    });
  }
  const file = { storage: nats.StorageType.File, replicas };
  const nodes = await new nats.Kvm(jetstream).create(`signalbox_${name}_nodes`, {
    ...file,
    history: 1,
    ttl: 3_600_000,
  });
  const blobs = await new nats.Objm(jetstream).create(`signalbox_${name}_blobs`, {
    ...file,
    ttl: nanos(keepMs + 86_400_000),
  });
  return { connection, jetstream, manager, stream, subject, nodes, blobs };
}
