import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorCode } from '../../../shared/error-code.ts';
import type { SecretStore } from '../../definitions/definition-types.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { deleteSealed, putSealed, readSealed, readSecretNames } from '../../store/definitions/secrets.ts';
import { readSigningKeys } from '../../store/definitions/signing-keys.ts';
import type { Writer } from '../../store/write/writer.ts';
import type { SecretBox } from '../runtime-types.ts';
import { type SecretSealer, sealWithKeychain, sealWithKeyFile } from './secret-sealer.ts';

/** What seals everything secret in the database: the system's keychain where there is one, else a key file. */
export function openSealer(deps: { db: ReadableDb; dataDir: string; secretBox: SecretBox | undefined }): SecretSealer {
  const { db, dataDir, secretBox } = deps;
  if (secretBox !== undefined) return sealWithKeychain(secretBox);
  const hasSealed = (): boolean => readSecretNames(db).length > 0 || readSigningKeys(db).length > 0;
  return sealWithKeyFile(join(dataDir, 'secret.key'), hasSealed);
}

export interface SecretStoreDeps {
  db: ReadableDb;
  writer: Writer;
  sealer: SecretSealer;
  /** Where relative paths of `{file}` start; those of a config file are absolute by then. */
  baseDir: string;
  env?: NodeJS.ProcessEnv | undefined;
  nowMs?: (() => number) | undefined;
}

const maxBytes = 64 * 1024;

interface KeptFile {
  mtimeMs: number;
  size: number;
  inode: number;
  value: string;
}

/** Reads secrets from the environment, from files and from its own sealed rows. */
export function createSecretStore(options: SecretStoreDeps): SecretStore {
  const { db, writer, sealer, baseDir, env = process.env, nowMs = Date.now } = options;
  const files = new Map<string, KeptFile>();
  const opened = new Map<string, string>();
  /** Names whose new value is committed but perhaps not on disk: what is read of them may be taken back, and is not kept. */
  const unsettled = new Set<string>();

  function readStored(name: string): string {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const sealed = readSealed(db, name);
    if (sealed === null) throw unreadable(`There is no stored secret "${name}"; set it under Settings, Secrets.`);
    const value = sealer.open(name, sealed);
    if (!unsettled.has(name)) opened.set(name, value);
    return value;
  }

  /** A changed file counts immediately: its time, size and number are looked at on every use (≈ 2 µs). */
  function readFile(path: string): string {
    const file = resolve(baseDir, path);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) throw unreadable(`The secret file ${file} does not exist.`);
    const kept = files.get(file);
    if (kept?.mtimeMs === stat.mtimeMs && kept.size === stat.size && kept.inode === stat.ino) return kept.value;
    const fresh = readSecretFile(file);
    files.set(file, fresh);
    return fresh.value;
  }

  return {
    read(ref) {
      if ('env' in ref) return readEnv(env, ref.env);
      if ('secret' in ref) return readStored(ref.secret);
      try {
        return readFile(ref.file);
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw unreadable(
          `The secret file ${resolve(baseDir, ref.file)} cannot be read (${errorCode(error) ?? 'unknown reason'}).`,
          error,
        );
      }
    },
    list: () => readSecretNames(db),
    async set(name, value) {
      const sealed = sealer.seal(name, value);
      unsettled.add(name);
      await writer.write(({ db: handle }) => putSealed(handle, name, sealed, nowMs()));
      opened.set(name, value);
      unsettled.delete(name);
    },
    async remove(name) {
      const isRemoved = await writer.write(({ db: handle }) => deleteSealed(handle, name));
      opened.delete(name);
      return isRemoved;
    },
  };
}

function unreadable(message: string, cause?: unknown): AppError {
  const error = new AppError('unavailable', message);
  if (cause !== undefined) error.cause = cause;
  return error;
}

function readEnv(env: NodeJS.ProcessEnv, name: string): string {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value === undefined || value === '') throw unreadable(`The environment variable ${name} is not set.`);
  return value;
}

function readSecretFile(file: string): KeptFile {
  // Opening a pipe would wait for its writer, with everything else.
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw unreadable(`The secret file ${file} is not a file.`);
    if (stat.size > maxBytes)
      throw unreadable(`The secret file ${file} is larger than 64 KiB; check that it is the right file.`);
    const bytes = Buffer.alloc(maxBytes + 1);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    if (length > maxBytes)
      throw unreadable(`The secret file ${file} is larger than 64 KiB; check that it is the right file.`);
    // Editors and `echo` end a file with a newline, which is no part of the secret.
    const value = bytes.toString('utf8', 0, length).replace(/\r?\n$/, '');
    if (value === '') throw unreadable(`The secret file ${file} is empty.`);
    return { mtimeMs: stat.mtimeMs, size: stat.size, inode: stat.ino, value };
  } finally {
    closeSync(descriptor);
  }
}
