import type { Alarm } from '../../../shared/contract/alarms.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import { errorText } from '../../../shared/error-text.ts';
import type { Alarms } from '../../alarms/alarms.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import {
  countRaised,
  type IncidentRow,
  readInboxIncidents,
  readIncident,
  readIncidents,
  updateIncident,
} from '../../store/alarms/incidents.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { isoTime, isoTimeOrNull } from '../../store/database/times.ts';
import type { StoredAlarm } from '../../store/definitions/alarms.ts';
import type { Saver } from '../../store/definitions/jobs.ts';
import type { Writer } from '../../store/write/writer.ts';

export interface AlarmHandlerDeps {
  db: ReadableDb;
  writer: Writer;
  definitions: Pick<Definitions, 'alarms'>;
  alarms: Pick<Alarms, 'preview' | 'send' | 'show'>;
  saverOf(caller: Caller): Saver;
  nameOf(caller: Caller): string;
  onIncidents(rows: readonly IncidentRow[]): void;
  nowMs: () => number;
}

type AlarmHandlers = Pick<Handlers, Extract<keyof Handlers, `alarms.${string}`>>;

const defaultLimit = 200;

export function createAlarmHandlers(deps: AlarmHandlerDeps): AlarmHandlers {
  const { db, writer, definitions, alarms, saverOf, nameOf, nowMs } = deps;

  function show(stored: StoredAlarm, counts = countRaised(db)): Alarm {
    const { spec, owner, version, createdAtMs, updatedAtMs } = stored;
    const count = counts.get(spec.slug);
    return {
      ...spec,
      name: spec.name ?? spec.slug,
      enabled: spec.enabled ?? true,
      notify: spec.notify ?? [],
      owner,
      version,
      createdAt: isoTime(createdAtMs),
      updatedAt: isoTime(updatedAtMs),
      problem: definitions.alarms.problem(stored),
      raised: count?.raised ?? 0,
      lastRaisedAt: isoTimeOrNull(count?.lastMs ?? null),
    };
  }

  /** All of them or none. */
  async function edit(ids: readonly string[], change: (row: IncidentRow) => IncidentRow) {
    const rows = await writer.write((tx) =>
      ids.map((id) => {
        const row = readIncident(tx.db, id);
        if (row === null) throw new AppError('not_found', `There is no incident ${id}; it may have been removed.`);
        const after = change(row);
        updateIncident(tx.db, after);
        return after;
      }),
    );
    deps.onIncidents(rows);
    return { items: alarms.show(rows) };
  }

  return {
    'alarms.list': () => {
      const counts = countRaised(db);
      return { items: definitions.alarms.list().map((alarm) => show(alarm, counts)) };
    },
    'alarms.get': ({ slug }) => show(definitions.alarms.get(slug)),
    'alarms.versions': ({ slug }) => ({
      items: definitions.alarms
        .versions(slug)
        .map(({ version, atMs, savedBy, spec }) => ({ version, at: isoTime(atMs), savedBy, spec })),
    }),
    'alarms.create': async (spec, caller) => show(await definitions.alarms.create(spec, saverOf(caller))),
    'alarms.update': async ({ version, ...spec }, caller) =>
      show(await definitions.alarms.update(spec, version, saverOf(caller))),
    'alarms.setEnabled': async ({ slug, enabled }, caller) =>
      show(await definitions.alarms.setEnabled(slug, enabled, saverOf(caller))),
    'alarms.remove': async ({ slug }) => {
      await definitions.alarms.remove(slug);
      return { done: true };
    },
    'alarms.preview': async ({ when }) => ({ items: await alarms.preview(when) }),
    'alarms.test': async ({ name = 'Test alarm', notify }) => ({
      items: await Promise.all(
        notify.map(async (channel) => {
          try {
            await alarms.send(channel, name);
            return { via: channel.via, problem: null };
          } catch (error) {
            return { via: channel.via, problem: errorText(error) };
          }
        }),
      ),
    }),
    'alarms.incidents': ({ alarm, inbox = false, limit = defaultLimit }) => ({
      items: alarms.show(inbox ? readInboxIncidents(db, limit) : readIncidents(db, alarm, limit)),
    }),
    'alarms.acknowledge': ({ ids }, caller) =>
      edit(ids, (row) => ({ ...row, inbox: 0, acknowledged_at: nowMs(), acknowledged_by: nameOf(caller) })),
    'alarms.unacknowledge': ({ ids }) =>
      edit(ids, (row) => ({ ...row, inbox: 1, acknowledged_at: null, acknowledged_by: null })),
    'alarms.snooze': ({ ids, until }) =>
      edit(ids, (row) => ({
        ...row,
        inbox: until === null ? 1 : 0,
        snoozed_until: until === null ? null : Date.parse(until),
      })),
  };
}
