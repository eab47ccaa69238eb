import type { AlarmSpec } from '../../shared/contract/alarms.ts';
import type { SecretRef } from '../../shared/contract/common.ts';
import type { ConfigChange } from '../../shared/contract/config.ts';
import type { JobSpec } from '../../shared/contract/jobs.ts';
import type { ListenerSpec, ListenerState } from '../../shared/contract/listeners.ts';
import type { Settings, SettingsPatch } from '../../shared/contract/settings.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import type { StoredAlarm, StoredAlarmVersion } from '../store/definitions/alarms.ts';
import type { BrokenRow } from '../store/definitions/definition-rows.ts';
import type { Saver, StoredJob } from '../store/definitions/jobs.ts';
import type { StoredListener, StoredListenerVersion } from '../store/definitions/listeners.ts';
import type { StoredSource } from '../store/definitions/sources.ts';
import type { Transaction } from '../store/write/writer.ts';

export type DefinitionKind = 'sources' | 'listeners' | 'jobs' | 'alarms' | 'settings' | 'secrets';

/** Values of secrets, wherever they are kept. */
export interface SecretStore {
  /** Throws AppError, which says what to do and never has the value in it. */
  read(ref: SecretRef): string;
  list(): { name: string; updatedAtMs: number }[];
  set(name: string, value: string): Promise<void>;
  /** Whether there was one. */
  remove(name: string): Promise<boolean>;
}

export type ConfigListener = ListenerSpec & { state?: 'active' | 'disabled' | undefined };

/** What a config file declares, its own paths made absolute. */
export interface ConfigDefinitions {
  /** The file's name, for messages such as "comes from signalbox.yaml". */
  fileName: string;
  /** Folder of the file: where relative paths of its jobs start. */
  baseDir: string;
  sources: readonly SourceSpec[];
  jobs: readonly JobSpec[];
  listeners: readonly ConfigListener[];
  alarms: readonly AlarmSpec[];
  settings: SettingsPatch | null;
  /** Who applies it; absent: the server follows the file. */
  savedBy?: Saver;
}

export interface SourceDefinitions {
  list(): readonly StoredSource[];
  /** Throws `not_found`. */
  get(slug: string): StoredSource;
  create(spec: SourceSpec): Promise<StoredSource>;
  update(spec: SourceSpec, version: number): Promise<StoredSource>;
  setEnabled(slug: string, enabled: boolean): Promise<StoredSource>;
  /** Refused while listeners name it. */
  remove(slug: string): Promise<void>;
  /** Why it cannot take deliveries, for people. */
  problem(source: StoredSource): string | null;
}

export interface ListenerDefinitions {
  /** Deleted ones included. */
  list(): readonly StoredListener[];
  get(slug: string): StoredListener;
  /** Newest first. */
  versions(slug: string): StoredListenerVersion[];
  create(spec: ListenerSpec, state: 'active' | 'disabled', by?: Saver): Promise<StoredListener>;
  update(spec: ListenerSpec, version: number, by?: Saver): Promise<StoredListener>;
  setState(slug: string, state: ListenerState, version?: number, by?: Saver): Promise<StoredListener>;
  problem(listener: StoredListener): string | null;
}

export interface JobDefinitions {
  list(): readonly StoredJob[];
  get(slug: string): StoredJob;
  has(slug: string): boolean;
  create(spec: JobSpec, by?: Saver): Promise<StoredJob>;
  update(spec: JobSpec, version: number, by?: Saver): Promise<StoredJob>;
  /** Refused while listeners name it. */
  remove(slug: string): Promise<void>;
  problem(job: StoredJob): string | null;
}

export interface AlarmDefinitions {
  list(): readonly StoredAlarm[];
  get(slug: string): StoredAlarm;
  /** Newest first; of one that was removed too. */
  versions(slug: string): StoredAlarmVersion[];
  create(spec: AlarmSpec, by?: Saver): Promise<StoredAlarm>;
  update(spec: AlarmSpec, version: number, by?: Saver): Promise<StoredAlarm>;
  setEnabled(slug: string, enabled: boolean, by?: Saver): Promise<StoredAlarm>;
  remove(slug: string): Promise<void>;
  problem(alarm: StoredAlarm): string | null;
}

export interface SecretDefinitions {
  list(): { name: string; updatedAtMs: number; usedBy: string[] }[];
  set(name: string, value: string): Promise<void>;
  /** Refused while sources or jobs name it. */
  remove(name: string): Promise<void>;
}

/** Everything an operator or the config file defines. All changes go through here; reads come from memory. */
export interface Definitions {
  sources: SourceDefinitions;
  listeners: ListenerDefinitions;
  jobs: JobDefinitions;
  alarms: AlarmDefinitions;
  secrets: SecretDefinitions;
  settings: {
    get(): Settings;
    update(patch: SettingsPatch): Promise<Settings>;
  };
  /** Reads all of it into the registries; before anything else. */
  load(): Promise<void>;
  /**
   * Makes the definitions owned by the config file exactly these, in one transaction; nothing when something is wrong,
   * then it throws AppError with paths as in the file. Says whether anything changed; `onChanged` is called within the
   * transaction if so.
   */
  applyConfig(
    config: ConfigDefinitions,
    onChanged?: (tx: Transaction, changes: ConfigChange[]) => void,
  ): Promise<{ changed: boolean; changes: ConfigChange[] }>;
  /** What applying would change; throws as it would. */
  diffConfig(config: ConfigDefinitions): ConfigChange[];
  /** YAML of today's definitions, secrets by reference. */
  exportConfig(): string;
  /** Rows that cannot be read, for the log and an alert. */
  broken(): readonly BrokenRow[];
}
