import { stat as lookUp } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { watch } from 'chokidar';
import type { Logger } from 'pino';
import type { ConfigChange } from '../../../shared/contract/config.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import type { Preset } from '../../sources/source-types.ts';
import type { Transaction } from '../../store/write/writer.ts';
import { StartError } from '../../upkeep/start-error.ts';
import { ConfigError } from './config-format.ts';
import { createConfigParser } from './parse-config-text.ts';
import { readConfigText } from './read-config-text.ts';

export interface ConfigFileStatus {
  file: string;
  /** ISO 8601; null until it was applied once. */
  appliedAt: string | null;
  /** Why the file as it is now is not applied; the definitions before stay in force. */
  error: string | null;
}

export interface ConfigFile {
  /** Throws StartError when the file cannot be applied. */
  applyAtStart(): Promise<void>;
  /** Applies the file whenever it changes; resolves when changes are noticed. */
  follow(): Promise<void>;
  /** Applies it now, as after a change. */
  applyAgain(): void;
  status(): ConfigFileStatus;
  close(): Promise<void>;
}

export interface ConfigFileDeps {
  file: string;
  definitions: Pick<Definitions, 'applyConfig'>;
  presets: ReadonlyMap<string, Pick<Preset, 'info'>>;
  log: Logger;
  /** Parses large files, off the main thread. */
  workerFile: string | URL;
  /** After each attempt, for the status and the alert. */
  onStatus?: ((status: ConfigFileStatus) => void) | undefined;
  /** After an application that has changed something. */
  onChanged?: ((tx: Transaction, changes: ConfigChange[]) => void) | undefined;
  nowMs?: (() => number) | undefined;
}

const pollMs = 1000;
/** A file system that does not answer is asked again later. */
const maxStatMs = 10_000;

/** Differs when the file does; null: it is no file that can be followed. */
async function stampOf(file: string): Promise<string | null> {
  const late = new AbortController();
  const tooLate = wait(maxStatMs, null, { signal: late.signal, ref: false }).catch(() => null);
  const stat = await Promise.race([lookUp(file, { bigint: true }).catch(() => null), tooLate]);
  late.abort();
  return stat?.isFile() ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : null;
}

export function createConfigFile(options: ConfigFileDeps): ConfigFile {
  const { definitions, presets, log, onStatus, onChanged, nowMs = Date.now } = options;
  const file = resolve(options.file);
  let status: ConfigFileStatus = { file, appliedAt: null, error: null };
  const parser = createConfigParser(options.workerFile);
  let watcher: ReturnType<typeof watch> | null = null;
  let poll: NodeJS.Timeout | null = null;
  let isClosed = false;
  /** Of the file as it was read last. */
  let seen: string | null = null;
  /** Of the file when it was found changed. */
  let changing: string | null = null;
  /** One at a time: a change that comes while another is applied waits for it. */
  let turn: Promise<void> = Promise.resolve();

  const setStatus = (change: Partial<ConfigFileStatus>): void => {
    status = { ...status, ...change };
    onStatus?.(status);
  };

  async function apply(isStart: boolean): Promise<void> {
    // Before it is read: what is written meanwhile counts as a change.
    seen = await stampOf(file);
    const text = await readConfigText(file, { pipes: isStart });
    const { definitions: declared, toError } = await parser.parse(text, file, presets);
    let changed: boolean;
    try {
      ({ changed } = await definitions.applyConfig(declared, onChanged));
    } catch (error) {
      if (error instanceof AppError && error.details !== undefined) throw await toError(error.details);
      throw error;
    }
    setStatus({ appliedAt: new Date(nowMs()).toISOString(), error: null });
    log.info({ file, changed }, changed ? 'config file applied' : 'config file applied, nothing changed');
  }

  async function applyChange(): Promise<void> {
    try {
      await apply(false);
    } catch (error) {
      if (isClosed) return;
      const message = errorText(error);
      log.error({ file, err: error }, 'the changed config file is not applied; the one before stays in force');
      setStatus({ error: message });
    }
  }

  const applySoon = (): void => {
    turn = turn.then(applyChange);
  };

  /**
   * What no watch has reported: a change before it stood, on a network file system, or beyond the system's limits. Found
   * the same twice, so that nothing is applied that is still being written.
   */
  async function applyMissed(): Promise<void> {
    await turn;
    const stamp = await stampOf(file);
    const isSettled = stamp !== null && stamp === changing;
    changing = stamp === seen ? null : stamp;
    if (isClosed || !isSettled || stamp === seen) return;
    applySoon();
    await turn;
  }

  const pollLater = (): void => {
    if (isClosed) return;
    poll = setTimeout(() => void applyMissed().finally(pollLater), pollMs).unref();
  };

  return {
    async applyAtStart() {
      try {
        await apply(true);
      } catch (error) {
        if (!(error instanceof ConfigError) && !(error instanceof AppError)) throw error;
        throw new StartError('config_invalid', `the config file ${file} cannot be applied: ${error.message}`, {
          cause: error,
        });
      }
    },
    async follow() {
      // The folder is watched, not the file: editors replace a file by renaming another one over it, and a watch on the
      // file itself would stay with the old one.
      const folder = dirname(file);
      const started = watch(folder, {
        depth: 0,
        ignoreInitial: true,
        ignored: (path) => resolve(path) !== file && resolve(path) !== folder,
        awaitWriteFinish: { stabilityThreshold: 200, pollInterval: 50 },
      });
      watcher = started;
      started.on('add', applySoon);
      started.on('change', applySoon);
      started.on('unlink', () => {
        log.warn({ file }, 'the config file is gone; its definitions stay in force');
      });
      started.on('error', (error) => {
        log.error({ file, err: error }, 'the config file can no longer be followed');
        setStatus({ error: 'changes to the file can no longer be detected; restart to apply them' });
      });
      await new Promise<void>((done) => started.once('ready', () => done()));
      pollLater();
    },
    applyAgain: applySoon,
    status: () => status,
    async close() {
      isClosed = true;
      if (poll !== null) clearTimeout(poll);
      parser.stop();
      await watcher?.close();
      await turn;
    },
  };
}
