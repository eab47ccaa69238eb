import pino from 'pino';
import { onTestFinished } from 'vitest';
import { type Alarms, createAlarms } from '../../electron/alarms/alarms.ts';
import type { DesktopNote } from '../../electron/alarms/notify/send-notice.ts';
import { defaultSettings } from '../../electron/definitions/changes/default-settings.ts';
import { readRaised } from '../../electron/store/alarms/incidents.ts';
import { createInlineReader } from '../../electron/store/read/inline-reader.ts';
import type { BlindWindow } from '../../electron/store/upkeep/outages.ts';
import type { AlarmIncident, AlarmSpec } from '../../shared/contract/alarms.ts';
import { delivery, draft, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

export const minuteMs = 60_000;

/** Alarms over a real store, with the clock of the store's intake. `reopen` is a restart of the app. */
export function openAlarms(store: TempStore = tempStore()) {
  const world = tempIntake(store);
  const { clock, intake, jobs } = world;
  jobs.replaceAll([{ spec: { slug: 'import', kind: 'command', command: ['true'] }, baseDir: null, version: 1 }]);
  const state = {
    alarms: [] as AlarmSpec[],
    sources: ['crm'],
    windows: [] as BlindWindow[],
    freeBytes: 10 * 2 ** 30,
    smtp: defaultSettings(4).smtp,
    notes: [] as DesktopNote[],
    changed: [] as AlarmIncident[],
  };
  const createdAtMs = clock.nowMs;
  const reader = createInlineReader(store.reading);
  const open = (): Alarms => {
    const opened = createAlarms({
      db: store.reading,
      writer: store.writer,
      log: pino({ level: 'silent' }),
      reader,
      nowMs: () => clock.nowMs,
      alarms: () => state.alarms,
      sources: () => state.sources.map((slug) => ({ slug, createdAtMs })),
      jobs: () => ['import'],
      jobOfListener: () => null,
      freeBytes: () => state.freeBytes,
      growthBytesPerDay: async () => null,
      blindWindows: () => state.windows,
      readSecret: () => 'hidden-password',
      smtp: () => state.smtp,
      showNote: (note) => state.notes.push(note),
      linkTo: (path) => `https://ops.example.com/#${path}`,
      onChanged: (incidents) => state.changed.push(...incidents),
    });
    onTestFinished(() => opened.stop());
    return opened;
  };
  let alarms = open();
  return {
    ...world,
    store,
    state,
    alarms: () => alarms,
    /** So many minutes go by, with an evaluation at each. */
    async pass(minutes: number) {
      for (let n = 0; n < minutes; n++) {
        clock.nowMs += minuteMs;
        await alarms.tick();
      }
    },
    deliver: (source = 'crm') =>
      intake.accept(delivery([draft({ type: 'user:created' })], { source, atMs: clock.nowMs })),
    raised: () => readRaised(store.reading).map(({ alarm, subject }) => `${alarm} ${subject}`),
    async restart() {
      await alarms.stop();
      alarms = open();
    },
  };
}
