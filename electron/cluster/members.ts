import type { Logger } from 'pino';
import { z } from 'zod';
import { type ClusterNode, type ClusterRole, clusterRoles } from '../../shared/contract/cluster.ts';
import { errorText } from '../../shared/error-text.ts';
import type { LogMember } from '../store/log/log-members.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { ClusterLinks } from './nats.ts';

const signSchema = z.object({
  member: z.string(),
  name: z.string(),
  roles: z.array(z.enum(clusterRoles)),
  version: z.string(),
  position: z.number(),
  running: z.number(),
  waiting: z.number(),
  consoleUrl: z.string().nullable(),
  atMs: z.number(),
});
type Sign = z.infer<typeof signSchema>;

export interface MembersDeps {
  options: ClusterOptions;
  node: string;
  member(): string;
  version: string;
  log: Logger;
  nowMs(): number;
  load(): { running: number; waiting: number; position: number; consoleUrl: string | null };
  /** Those that the log calls live. */
  live(): LogMember[];
  /** No sign came for longer than the lease. */
  onLost(member: LogMember): void;
  /** Signs can be given and seen, or not any more. */
  onReachable(problem: string | null): void;
}

/** Signs of life of the nodes, in a key-value bucket. They only say whose runs others may take; the log says who has them. */
export interface Members {
  start(links: ClusterLinks): Promise<void>;
  list(): ClusterNode[];
  /** Whether this node does what one node is enough for, such as looking for what is due. */
  isFirst(): boolean;
  stop(): Promise<void>;
}

interface Seen {
  sign: Sign;
  /** By performance.now() of this node: clocks may differ. */
  atMs: number;
}

export function createMembers(deps: MembersDeps): Members {
  const { options, node, log } = deps;
  const everyMs = Math.max(500, Math.min(3000, options.leaseMs / 5));
  const seen = new Map<string, Seen>();
  let links: ClusterLinks | null = null;
  let timer: NodeJS.Timeout | null = null;
  /** Since when all signs of this node were stored, by performance.now(); null: the last one was not. */
  let goodSinceMs: number | null = null;
  let isSigning = false;
  let isStopped = false;

  async function sign(to: ClusterLinks): Promise<void> {
    const { running, waiting, position, consoleUrl } = deps.load();
    const { nodeName: name, roles } = options;
    const mine: Sign = {
      member: deps.member(),
      name,
      roles: [...roles],
      version: deps.version,
      position,
      running,
      waiting,
      consoleUrl,
      atMs: deps.nowMs(),
    };
    try {
      await to.nodes.put(node, JSON.stringify(mine), { timeout: everyMs });
      goodSinceMs ??= performance.now();
      deps.onReachable(null);
    } catch (error) {
      goodSinceMs = null;
      deps.onReachable(errorText(error));
    }
  }

  function judge(): void {
    const now = performance.now();
    // A node that was cut off itself has seen no sign of any other.
    if (goodSinceMs === null || now - goodSinceMs < options.leaseMs) return;
    // Nor does it see any while the NATS server that it follows them on is replaced: then its own does not come back either.
    const own = seen.get(node);
    if (own === undefined || now - own.atMs > 3 * everyMs) return;
    for (const member of deps.live()) {
      if (member.member === deps.member()) continue;
      const last = seen.get(member.node);
      if (last === undefined) {
        // Known from the log alone: its time begins now.
        seen.set(member.node, { sign: unknownSign(member), atMs: now });
        continue;
      }
      const isOther = last.sign.member !== member.member && last.sign.position >= 0;
      if (!isOther && now - last.atMs <= options.leaseMs) continue;
      log.warn(
        { node: member.name, member: member.member },
        'a node of the cluster has given no sign of life; its runs go to others',
      );
      seen.set(member.node, { ...last, atMs: now });
      deps.onLost(member);
    }
  }

  async function tick(): Promise<void> {
    if (links === null || isSigning || isStopped) return;
    isSigning = true;
    try {
      await sign(links);
      judge();
    } finally {
      isSigning = false;
    }
  }

  async function watch(from: ClusterLinks): Promise<void> {
    while (!isStopped) {
      try {
        for await (const entry of await from.nodes.watch()) {
          if (isStopped) return;
          if (entry.operation !== 'PUT') {
            seen.delete(entry.key);
            continue;
          }
          const parsed = signSchema.safeParse(entry.json());
          if (parsed.success) seen.set(entry.key, { sign: parsed.data, atMs: performance.now() });
        }
      } catch (error) {
        log.warn({ err: error }, 'the signs of life of the nodes cannot be followed; trying again');
      }
      goodSinceMs = null;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  return {
    async start(to) {
      links = to;
      void watch(to);
      await tick();
      timer = setInterval(() => void tick(), everyMs);
    },
    list() {
      const newest = Math.max(deps.load().position, ...[...seen.values()].map(({ sign }) => sign.position));
      const shownMs = Math.max(60_000, options.leaseMs * 4);
      return [...seen.entries()]
        .filter(([, { sign, atMs }]) => sign.position >= 0 && performance.now() - atMs < shownMs)
        .map(([id, { sign }]) => ({
          id,
          name: sign.name,
          isThisNode: id === node,
          roles: sign.roles,
          version: sign.version,
          lag: newest - (id === node ? deps.load().position : sign.position),
          running: sign.running,
          waiting: sign.waiting,
          consoleUrl: sign.consoleUrl,
          lastSeenAt: new Date(sign.atMs).toISOString(),
        }))
        .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
    },
    isFirst() {
      const now = performance.now();
      const earlier = [...seen.entries()].some(
        ([id, { sign, atMs }]) =>
          id < node && now - atMs <= options.leaseMs && sign.roles.includes('worker' satisfies ClusterRole),
      );
      return options.roles.includes('worker') && !earlier;
    },
    async stop() {
      isStopped = true;
      if (timer !== null) clearInterval(timer);
      await links?.nodes.delete(node).catch(() => undefined);
    },
  };
}

const unknownSign = ({ member, name }: LogMember): Sign => ({
  member,
  name,
  roles: [],
  version: '',
  position: -1,
  running: 0,
  waiting: 0,
  consoleUrl: null,
  atMs: 0,
});
