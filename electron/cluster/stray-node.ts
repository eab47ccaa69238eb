import type { ReadableDb } from '../store/database/open.ts';
import { readLogPosition } from '../store/log/log-position.ts';
import { StartError } from '../upkeep/start-error.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterOptions } from './cluster-options.ts';

/** The runs of a node's store may be running on others: on its own it would start them again. Throws StartError. */
export function refuseStrayNode(db: ReadableDb, options: ClusterOptions | null, dataDir: string): void {
  if (options !== null) return;
  const position = readLogPosition(db);
  if (position === null) return;
  throw new StartError(
    'cluster_refused',
    `The data directory ${dataDir} belongs to a node of the cluster ${position.cluster}: start it with --cluster, or use another directory.`,
  );
}

/** Why a node without the role takes no deliveries; null on a single machine. */
export const receiverRole = (cluster: Pick<Cluster, 'options'> | null): string | null =>
  cluster === null ? null : 'this node of the cluster has no role receiver';
