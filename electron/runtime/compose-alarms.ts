import type { Logger } from 'pino';
import { type Alarms, createAlarms } from '../alarms/alarms.ts';
import type { PushHub } from '../console/push/push-hub.ts';
import type { Definitions, SecretStore } from '../definitions/definition-types.ts';
import type { ReadableDb } from '../store/database/open.ts';
import type { Reader } from '../store/read/reader.ts';
import type { Reading } from '../store/statistics/readings/readings.ts';
import type { BlindWindow } from '../store/upkeep/outages.ts';
import type { Writer } from '../store/write/writer.ts';

export interface AlarmParts {
  db: ReadableDb;
  writer: Writer;
  reader: Reader;
  log: Logger;
  nowMs: () => number;
  isEvaluated: () => boolean;
  definitions: Definitions;
  readSecret: SecretStore['read'];
  freeBytes: () => number | null;
  /** Free bytes at which deliveries are refused. */
  stopBytes: number;
  reading: () => Promise<Reading>;
  blindWindows: () => BlindWindow[];
  linksTo: (path: string) => { url: string | null; publicUrl: string | null };
  hub: PushHub;
  onChanged: () => void;
}

/** Alarms with what they watch in this app. */
export function composeAlarms(parts: AlarmParts): Alarms {
  const { definitions, reader, hub } = parts;
  return createAlarms({
    ...parts,
    alarms: () => definitions.alarms.list().map(({ spec }) => spec),
    sources: () =>
      definitions.sources
        .list()
        .filter(({ owner, spec }) => owner !== 'builtin' && spec.enabled !== false)
        .map(({ spec, createdAtMs }) => ({ slug: spec.slug, createdAtMs })),
    jobs: () => definitions.jobs.list().map(({ spec }) => spec.slug),
    jobOfListener(slug) {
      const listener = definitions.listeners.list().find((one) => one.slug === slug);
      return listener?.state === 'active' ? listener.job : null;
    },
    async growthBytesPerDay() {
      const { growth } = await reader.read('insightReadings', {
        hours: 1,
        now: await parts.reading(),
        retentionDays: definitions.settings.get().retention.days,
        stopBytes: parts.stopBytes,
      });
      return growth.bytesPerDay;
    },
    smtp: () => definitions.settings.get().smtp,
    showNote: (note) => hub.publish('alarms.notified', [note]),
    linkTo(path) {
      const { url, publicUrl } = parts.linksTo(`/#${path}`);
      return publicUrl ?? url;
    },
    onChanged(incidents) {
      hub.publish('alarms.incidentsChanged', incidents);
      parts.onChanged();
    },
  });
}
