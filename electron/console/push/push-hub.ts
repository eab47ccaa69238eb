import { type PushEnvelope, type PushName, type PushValue, pushNames } from '../../../shared/contract/pushes.ts';

/** What a publisher gives: rows where the push carries `items`, else the value itself. */
export type Published<N extends PushName> =
  PushValue<N> extends { items: (infer Row)[] } ? readonly Row[] : PushValue<N>;

/** Returns false when the client cannot take the message now; it then hears of the loss later, as `dropped`. */
export type SendPush = (envelope: PushEnvelope) => boolean | undefined;

export interface PushConnection {
  /** Tells a client that refused messages what it missed; for when it can take more. */
  resume(): void;
  close(): void;
}

export interface ConnectOptions {
  /** Limits the client to these pushes; absent means all. */
  names?: readonly PushName[];
  /** The client was away: its first message says that pushes were lost, so that it fetches what it shows again. */
  wasAway?: boolean;
}

export interface PushHub {
  publish<N extends PushName>(name: N, value: Published<N>): void;
  connect(send: SendPush, options?: ConnectOptions): PushConnection;
  /** Much has changed at once: leaves a hole in every client's `seq`, so that it fetches what it shows again. */
  skip(): void;
  /** Whether a client would receive it: publishers need not read what is not sent. */
  hasClients(name?: PushName): boolean;
}

export interface PushClock {
  nowMs(): number;
  /** Calls back once; the returned function calls it off. */
  after(delayMs: number, callback: () => void): () => void;
}

const systemClock: PushClock = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const flushEveryMs = 100;
const maxRows = 500;

/**
 * How rows of one push are gathered between flushes. `append`: each row is news, the newest are kept. `latest`: a row
 * replaces the earlier one of the same id. `whole`: the message is the full state, only the last one counts.
 */
const gathering: Record<PushName, 'append' | 'latest' | 'whole'> = {
  'events.added': 'append',
  'deliveries.added': 'append',
  'runs.wrote': 'append',
  'runs.changed': 'latest',
  'runs.progressed': 'latest',
  'failures.changed': 'latest',
  'replays.changed': 'latest',
  'scheduledEvents.changed': 'whole',
  'sources.changed': 'whole',
  'listeners.changed': 'whole',
  'jobs.changed': 'whole',
  'alarms.changed': 'whole',
  'alarms.incidentsChanged': 'latest',
  'alarms.notified': 'append',
  'catalog.changed': 'whole',
  'views.changed': 'whole',
  'settings.changed': 'whole',
  'backups.changed': 'whole',
  'blindWindows.changed': 'whole',
  'app.statusChanged': 'whole',
};

interface Batch {
  /** Undefined until something was published: a batch may consist of losses alone. */
  value: unknown;
  dropped: number;
}

/** What one push name has gathered since the last flush. */
interface Gatherer {
  add(value: unknown): void;
  take(): Batch;
}

const rowId = (row: unknown): string | undefined =>
  typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string' ? row.id : undefined;

function gatherAppended(): Gatherer {
  let rows: unknown[] = [];
  let dropped = 0;
  return {
    add(value) {
      if (!Array.isArray(value)) return;
      for (const row of value) rows.push(row);
      // Twice the limit before cutting, so that a flood costs one copy in 500 rows.
      if (rows.length > 2 * maxRows) {
        dropped += rows.length - maxRows;
        rows = rows.slice(-maxRows);
      }
    },
    take() {
      const items = rows.length > maxRows ? rows.slice(-maxRows) : rows;
      const batch = { value: { items }, dropped: dropped + rows.length - items.length };
      rows = [];
      dropped = 0;
      return batch;
    },
  };
}

function gatherLatest(): Gatherer {
  let rows = new Map<string, unknown>();
  let dropped = 0;
  return {
    add(value) {
      if (!Array.isArray(value)) return;
      for (const row of value) {
        const id = rowId(row);
        if (id === undefined) continue;
        // Deleted first: the last changed must be last, because the first are dropped.
        rows.delete(id);
        rows.set(id, row);
        if (rows.size <= maxRows) continue;
        for (const oldest of rows.keys()) {
          rows.delete(oldest);
          dropped += 1;
          break;
        }
      }
    },
    take() {
      const batch = { value: { items: [...rows.values()] }, dropped };
      rows = new Map();
      dropped = 0;
      return batch;
    },
  };
}

function gatherWhole(): Gatherer {
  let last: unknown;
  return {
    add(value) {
      last = Array.isArray(value) ? { items: value } : value;
    },
    take: () => ({ value: last, dropped: 0 }),
  };
}

const gatherers = { append: gatherAppended, latest: gatherLatest, whole: gatherWhole };

interface Client {
  send: SendPush;
  names: ReadonlySet<PushName> | null;
  seq: number;
  /** Per push: how much could not be sent. */
  missed: Map<PushName, number>;
}

/**
 * Spreads news to the clients of the console. Rows gather per push and go out at most ten times a second, 500 at most;
 * the first after a quiet time goes at once. With no client, nothing is gathered and no timer runs.
 */
export function createPushHub(clock: PushClock = systemClock): PushHub {
  const clients = new Set<Client>();
  const gathered = new Map<PushName, Gatherer>();
  const pending = new Set<PushName>();
  let lastFlushMs = Number.NEGATIVE_INFINITY;
  let cancelTimer: (() => void) | null = null;

  const listens = (client: Client, name: PushName): boolean => client.names === null || client.names.has(name);

  function hasClients(name?: PushName): boolean {
    if (name === undefined) return clients.size > 0;
    for (const client of clients) if (listens(client, name)) return true;
    return false;
  }

  function gathererOf(name: PushName): Gatherer {
    const known = gathered.get(name);
    if (known !== undefined) return known;
    const made = gatherers[gathering[name]]();
    gathered.set(name, made);
    return made;
  }

  function deliver(client: Client, name: PushName, { value, dropped }: Batch): void {
    const missed = client.missed.get(name) ?? 0;
    const envelope = { seq: client.seq + 1, name, value, dropped: dropped + missed };
    if (client.send(envelope) !== false) {
      client.seq += 1;
      client.missed.delete(name);
      return;
    }
    const rows = gathering[name] === 'whole' ? 1 : countRows(value);
    client.missed.set(name, envelope.dropped + rows);
  }

  function flush(): void {
    cancelTimer = null;
    lastFlushMs = clock.nowMs();
    const names = [...pending];
    pending.clear();
    for (const name of names) {
      const batch = gathererOf(name).take();
      for (const client of [...clients]) if (clients.has(client) && listens(client, name)) deliver(client, name, batch);
    }
  }

  function resume(client: Client): void {
    for (const name of [...client.missed.keys()]) {
      // Whole states are sent again as they are now; of rows, only the number that was lost.
      const isWhole = gathering[name] === 'whole';
      deliver(client, name, { value: isWhole ? gathererOf(name).take().value : { items: [] }, dropped: 0 });
      if (client.missed.has(name)) return;
    }
  }

  return {
    hasClients,
    skip() {
      for (const client of clients) client.seq += 1;
    },
    publish(name, value) {
      if (!hasClients(name)) return;
      if (Array.isArray(value) && value.length === 0 && gathering[name] !== 'whole') return;
      gathererOf(name).add(value);
      pending.add(name);
      if (cancelTimer !== null) return;
      const waitMs = Math.max(0, lastFlushMs + flushEveryMs - clock.nowMs());
      cancelTimer = clock.after(waitMs, flush);
    },
    connect(send, options = {}) {
      const client: Client = {
        send,
        names: options.names === undefined ? null : new Set(options.names),
        seq: 0,
        missed: new Map(),
      };
      clients.add(client);
      if (options.wasAway === true) deliver(client, 'events.added', { value: { items: [] }, dropped: 1 });
      return {
        resume: () => resume(client),
        close() {
          clients.delete(client);
          for (const name of pushNames) {
            if (hasClients(name)) continue;
            gathered.delete(name);
            pending.delete(name);
          }
          if (pending.size > 0) return;
          cancelTimer?.();
          cancelTimer = null;
        },
      };
    },
  };
}

const countRows = (value: unknown): number =>
  typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items)
    ? value.items.length
    : 1;
