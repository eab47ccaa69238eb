import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { SourceSpec } from '../../../shared/contract/sources.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { JobDefinition } from '../../jobs/attempt/job-catalog.ts';
import type { JobEnvironment } from '../../jobs/programs/job-environment.ts';
import type { ListenerDefinition } from '../../listeners/listener-definition.ts';
import type { Preset } from '../../sources/source-types.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import type { StoredAlarm } from '../../store/definitions/alarms.ts';
import type { BrokenRow } from '../../store/definitions/definition-rows.ts';
import type { StoredJob } from '../../store/definitions/jobs.ts';
import type { StoredListener } from '../../store/definitions/listeners.ts';
import type { StoredSource } from '../../store/definitions/sources.ts';
import type { Transaction, Writer } from '../../store/write/writer.ts';
import { damaged, type Noun } from '../checks/refusals.ts';
import type { DefinitionKind, SecretStore } from '../definition-types.ts';

export interface DefinitionsDeps {
  db: ReadableDb;
  writer: Writer;
  /** Of this node's own store, in a cluster; absent: `writer`. */
  ownWriter?: Writer | undefined;
  /** In a cluster: the config file in force is another node's too, and is remembered. */
  isShared?: boolean | undefined;
  sourceRegistry: {
    replaceAll(specs: SourceSpec[], unreadable: string[]): void;
    /** Throws AppError `invalid_input`, details with paths in the spec. */
    checkSpec(spec: SourceSpec): void;
    get(slug: string): { problem: string | null } | null;
  };
  presets: ReadonlyMap<string, Pick<Preset, 'info'>>;
  listenerIndex: { replaceAll(listeners: readonly ListenerDefinition[]): void };
  jobCatalog: { replaceAll(jobs: readonly JobDefinition[], unreadable: readonly string[]): void };
  /** Where the programs of commands are looked for. */
  jobEnvironment: JobEnvironment;
  secretStore: SecretStore;
  /** Settings before any change. */
  defaultSettings: Settings;
  /** Where relative paths of jobs made in the app start. */
  dataDir: string;
  /** After the registries have it. */
  emitChanged(kind: DefinitionKind): void;
  /** Inside the transaction that deletes a job, for its `job:deleted` event; may be called twice. */
  jobDeleted?: ((tx: Transaction, job: StoredJob) => void) | undefined;
  nowMs?: (() => number) | undefined;
}

/** The definitions in memory, and what their changes have in common. */
export interface DefinitionState {
  options: DefinitionsDeps;
  nowMs(): number;
  /** Name of the config file in force; null: there is none. */
  configFile: string | null;
  sources: ReadonlyMap<string, StoredSource>;
  listeners: ReadonlyMap<string, StoredListener>;
  jobs: ReadonlyMap<string, StoredJob>;
  alarms: ReadonlyMap<string, StoredAlarm>;
  settings: Settings;
  broken: readonly BrokenRow[];
  /** Reads these again into memory and the registries and tells of it. */
  reload(kinds: readonly DefinitionKind[]): void;
}

/** It is stored, and damaged there: creating one of its name takes its place. */
export const isDamaged = (state: DefinitionState, kind: BrokenRow['kind'], slug: string): boolean =>
  state.broken.some((row) => row.kind === kind && row.slug === slug);

/** Throws AppError `unavailable` for one that is damaged: it is neither gone nor to be changed. */
export function assertReadable(state: DefinitionState, noun: Noun, slug: string): void {
  if (isDamaged(state, noun, slug)) throw damaged(noun, slug);
}

/** Equal once written to JSON: a key that is absent equals one that is undefined. */
export const isSameJson = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(parseExact(stringifyExact(a)), parseExact(stringifyExact(b)));
