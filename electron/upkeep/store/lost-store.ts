import type { Logger } from 'pino';
import { readMeta, writeMeta } from '../../store/database/meta.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import type { Writer } from '../../store/write/writer.ts';
import type { Alerts } from '../alerts.ts';

/** `setAside`: the folder in quarantine; null when the file was simply not there. */
export interface Lost {
  setAside: string | null;
}

/** A store was lost and an empty one took its place: remembered over restarts until an operator has decided. */
export interface LostStore {
  undecided(): Lost | null;
  /** The operator goes on with the present store. */
  decide(): Promise<void>;
}

const key = 'set_aside';
/** Folders are named by their time. */
const missing = 'missing';

export async function createLostStore(deps: {
  db: ReadableDb;
  writer: Writer;
  alerts: Alerts;
  log: Logger;
  /** Found lost by this start. */
  lostNow: Lost | null;
}): Promise<LostStore> {
  const { db, writer, alerts, log, lostNow } = deps;
  if (lostNow !== null) await writer.write(({ db: handle }) => writeMeta(handle, key, lostNow.setAside ?? missing));
  const kept = readMeta(db, key) || null;
  let undecided: Lost | null = kept === null ? null : { setAside: kept === missing ? null : kept };
  if (undecided !== null) {
    const sentence = describe(undecided);
    alerts.raise('store_set_aside', 'error', sentence);
    log.error({ setAside: undecided.setAside }, sentence);
  }
  return {
    undecided: () => undecided,
    async decide() {
      await writer.write(({ db: handle }) => writeMeta(handle, key, ''));
      undecided = null;
      alerts.clear('store_set_aside');
    },
  };
}

const advice =
  'Restore a backup, or continue with the empty one (Settings, Backups; without the console: --restore FILE).';

const describe = ({ setAside }: Lost): string =>
  setAside === null
    ? `The store signalbox.db is missing and was replaced by an empty one. ${advice}`
    : `The store was damaged. It was moved to quarantine/${setAside} and replaced by an empty one. ${advice}`;
