import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ClusterStatus } from '../../shared/contract/cluster.ts';
import { errorText } from '../../shared/error-text.ts';
import { currentEntry } from '../store/database/log-entry.ts';
import type { ReadableDb } from '../store/database/open.ts';
import { liveMembers } from '../store/log/log-members.ts';
import { beginLog, hasOwnData, readLogPosition } from '../store/log/log-position.ts';
import type { Commands } from '../store/write/commands.ts';
import type { Writer } from '../store/write/writer.ts';
import type { Alerts } from '../upkeep/alerts.ts';
import { StartError } from '../upkeep/start-error.ts';
import { type ClusterOptions, durabilityOf } from './cluster-options.ts';
import { createMachine, type Machine } from './machine.ts';
import { createMembers } from './members.ts';
import { type ClusterLinks, connectCluster } from './nats.ts';
import { createSharedLog } from './shared-log.ts';

export interface ClusterDeps {
  options: ClusterOptions;
  db: ReadableDb;
  /** Of this node's own store. */
  local: Writer;
  dataDir: string;
  version: string;
  log: Logger;
  alerts: Pick<Alerts, 'raise' | 'clear'>;
  load(): { running: number; waiting: number };
  consoleUrl(): string | null;
  /** Whether deliveries can be accepted may have changed. */
  onChanged(): void;
}

/** This node's part in a cluster. */
export interface Cluster {
  options: ClusterOptions;
  node: { id: string; name: string };
  commands: Commands;
  /** For parts whose writes are made in every store. */
  writer: Writer;
  share: Machine['share'];
  ownWriter: Writer;
  isWorker: boolean;
  member(): string;
  beginAgain(): void;
  isFirst(): boolean;
  /** The time of the entry that is being applied, else of the log's clock. */
  nowMs(): number;
  /** Connects and applies the log up to its end. Throws StartError. */
  start(ending: AbortSignal | undefined): Promise<void>;
  /** Why nothing can be written to the log; null: it can. */
  problem(): string | null;
  status(): ClusterStatus;
  stop(): Promise<void>;
}

const startMs = 30_000;
/** Clocks that differ by less are as good as equal. */
const toleratedSkewMs = 2000;

export function createCluster(deps: ClusterDeps): Cluster {
  const { options, db, local, log, alerts } = deps;
  const node = { id: readNodeId(deps.dataDir), name: options.nodeName };
  let member = `${node.id}.${randomUUID()}`;
  let skewMs = 0;
  let links: ClusterLinks | null = null;
  let unreachable: string | null = 'not connected yet';
  let behind: string | null = null;
  let isStopped = false;

  function noteReachable(problem: string | null): void {
    if (isStopped || problem === unreachable) return;
    const isNews = (problem === null) !== (unreachable === null);
    unreachable = problem;
    if (problem === null) alerts.clear('cluster_unreachable');
    else {
      alerts.raise(
        'cluster_unreachable',
        'error',
        `The log of the cluster ${options.name} cannot be written (${problem}): deliveries are answered with 503 and no run starts here. Check the NATS servers ${options.servers.join(', ')} and the network.`,
      );
    }
    if (!isNews) return;
    if (problem === null) log.info('the log of the cluster can be written again');
    else log.error({ problem }, 'the log of the cluster cannot be written');
    deps.onChanged();
  }

  const machine = createMachine({ local, send: (...order) => sharedLog.send(...order) });
  const sharedLog = createSharedLog({
    db,
    local,
    machine,
    log,
    isBarrier: (command) => command.startsWith('definitions.'),
    onTime(measured) {
      const isFar = Math.abs(measured) > toleratedSkewMs;
      skewMs = isFar ? measured : 0;
      if (!isFar) alerts.clear('cluster_clock');
      else {
        const seconds = Math.round(Math.abs(measured) / 1000);
        alerts.raise(
          'cluster_clock',
          'warning',
          `The clock of this node is ${seconds} s ${measured < 0 ? 'ahead of' : 'behind'} that of the NATS servers; their time is used. Synchronize the clocks.`,
        );
      }
    },
    onWritten: noteReachable,
    onProblem(problem) {
      if (problem === behind) return;
      behind = problem;
      if (problem === null) alerts.clear('cluster_behind');
      else alerts.raise('cluster_behind', 'error', problem);
    },
  });
  const members = createMembers({
    options,
    node: node.id,
    member: () => member,
    version: deps.version,
    log,
    nowMs,
    load: () => ({ ...deps.load(), position: sharedLog.position(), consoleUrl: deps.consoleUrl() }),
    live: () => liveMembers(db),
    onLost: (lost) => order('member.lost', [lost.member, lost.name]),
    onReachable: noteReachable,
  });

  function nowMs(): number {
    return currentEntry()?.atMs ?? Date.now() + skewMs;
  }

  function order(command: string, args: unknown[]): void {
    sharedLog
      .send(command, args)
      .catch((error: unknown) => log.warn({ err: error, command }, 'not written to the log'));
  }

  /** Whether the store can follow this log. */
  async function adopt({ manager, stream }: ClusterLinks): Promise<number> {
    const { created, state } = await manager.streams.info(stream);
    const begun = String(created);
    const known = readLogPosition(db);
    if (known === null) {
      if (hasOwnData(db))
        throw refused(`has data of a single machine; start with an empty one, and give the definitions with --config`);
      if (state.first_seq > 1) {
        throw refused(
          `is empty, and the log of the cluster begins at entry ${state.first_seq}; restore a backup of another node first`,
        );
      }
      await local.write((tx) => beginLog(tx.db, { cluster: options.name, log: begun }));
      return state.last_seq;
    }
    if (known.cluster !== options.name)
      throw refused(`belongs to the cluster ${known.cluster}, not to ${options.name}`);
    if (known.log !== begun || state.last_seq < known.seq) {
      throw refused(
        'belongs to another log of that name; NATS has lost or replaced its stream. Start with an empty one',
      );
    }
    if (state.first_seq > known.seq + 1) {
      throw refused(
        'was away for longer than the log is kept; restore a newer backup of another node, or start with an empty one',
      );
    }
    return state.last_seq;
  }

  const refused = (why: string): StartError =>
    new StartError('cluster_refused', `The data directory ${deps.dataDir} ${why}.`);

  async function followConnection({ connection }: ClusterLinks): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') noteReachable('the connection to NATS is lost');
    }
  }

  return {
    options,
    node,
    commands: machine.commands,
    writer: machine.writer,
    share: machine.share,
    ownWriter: local,
    isWorker: options.roles.includes('worker'),
    member: () => member,
    beginAgain() {
      member = `${node.id}.${randomUUID()}`;
    },
    isFirst: () => members.isFirst(),
    nowMs,
    async start(ending) {
      const durability = durabilityOf(options);
      if (durability !== null) {
        log.warn({ cluster: options.name }, durability);
        alerts.raise('cluster_durability', 'warning', durability);
      }
      log.info({ servers: options.servers, cluster: options.name, roles: options.roles }, 'connecting to the cluster');
      try {
        links = await connectCluster(options, {
          untilMs: performance.now() + startMs,
          ending,
          onRetry: (why) => log.warn({ why }, 'the cluster cannot be reached yet; trying again'),
        });
      } catch (error) {
        throw new StartError(
          'cluster_unreachable',
          `The cluster ${options.name} cannot be reached at ${options.servers.join(', ')}: ${errorText(error)}. Check that the NATS servers run with JetStream and that enough of them are up.`,
          { cause: error },
        );
      }
      const until = await adopt(links);
      void followConnection(links);
      await sharedLog.start(links, until);
      unreachable = null;
      await members.start(links);
      log.info({ cluster: options.name, entries: until }, 'the log of the cluster is applied');
    },
    problem: () => unreachable,
    status: () => ({
      name: options.name,
      node: node.id,
      roles: [...options.roles],
      servers: [...options.servers],
      problem: unreachable ?? behind,
      durability: durabilityOf(options),
      lag: sharedLog.lag(),
      nodes: members.list(),
    }),
    async stop() {
      isStopped = true;
      if (links !== null && unreachable === null) {
        const leaving = sharedLog.send('member.leave', [member, node.name]).catch(() => undefined);
        await Promise.race([leaving, new Promise((resolve) => setTimeout(resolve, 3000))]);
      }
      await Promise.race([members.stop(), new Promise((resolve) => setTimeout(resolve, 1000))]);
      await sharedLog.stop();
      await links?.connection.close();
    },
  };
}

/** A node is its data directory on this machine: a backup of another node's store does not bring that node's id. */
function readNodeId(dataDir: string): string {
  const file = join(dataDir, 'node-id');
  try {
    const id = readFileSync(file, 'utf8').trim();
    if (/^[0-9a-f-]{36}$/.test(id)) return id;
  } catch {
    // The first start.
  }
  const id = randomUUID();
  writeFileSync(file, `${id}\n`, { mode: 0o600 });
  return id;
}
