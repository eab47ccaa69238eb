import { hostname } from 'node:os';
import { type ClusterConfig, type ClusterRole, clusterRoles } from '../../shared/contract/cluster.ts';
import { durationMs } from '../../shared/contract/duration.ts';

/** `cluster:` with its defaults filled in; times in milliseconds. */
export interface ClusterOptions {
  servers: readonly string[];
  name: string;
  /** What other nodes show this one as. */
  nodeName: string;
  replicas: number;
  credentialsFile: string | null;
  roles: readonly ClusterRole[];
  leaseMs: number;
  keepMs: number;
  /** The servers write to their disks before they confirm. */
  isSyncedAlways: boolean;
}

/** `credentialsFile` is taken as it is. */
export const fillInCluster = (config: ClusterConfig): ClusterOptions => ({
  servers: config.servers,
  name: config.name ?? 'signalbox',
  nodeName: hostname(),
  replicas: config.replicas ?? (config.servers.length >= 3 ? 3 : 1),
  credentialsFile: config.credentials?.file ?? null,
  roles: config.roles ?? clusterRoles,
  leaseMs: durationMs(config.lease ?? '15s'),
  keepMs: durationMs(config.keep ?? '7d'),
  isSyncedAlways: config.sync === 'always',
});

/** What an answer to a sender stands on; null: the disks of the NATS servers. */
export function durabilityOf({ isSyncedAlways, replicas }: ClusterOptions): string | null {
  if (isSyncedAlways) return null;
  const where = replicas === 1 ? 'one NATS server has it' : `a majority of ${replicas} NATS servers has it`;
  const lost = replicas === 1 ? 'that machine' : 'a majority of them at the same moment';
  return `A delivery is confirmed when ${where} in memory; NATS writes to disk every two minutes by default, so losing power on ${lost} loses what was confirmed since. Set sync_interval: always in the NATS servers and cluster.sync: always here.`;
}
