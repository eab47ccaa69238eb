import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sealWithKeychain, sealWithKeyFile } from '../../electron/runtime/secrets/secret-sealer.ts';
import { createSecretStore } from '../../electron/runtime/secrets/secret-store.ts';
import { openWritable } from '../../electron/store/database/open.ts';
import { putSealed, readSealed, readSecretNames } from '../../electron/store/definitions/secrets.ts';
import { createWriter } from '../../electron/store/write/writer.ts';
import { newFolder } from '../definitions/open-definitions.ts';
import { eventually } from '../support/eventually.ts';
import { throwingWriterDeps } from '../support/throwing-writer.ts';

function openStore(folder: string = newFolder(), sealer?: ReturnType<typeof sealWithKeyFile>) {
  const db = openWritable(join(folder, 'store.db'));
  onTestFinished(() => db.close());
  const writer = createWriter(db, throwingWriterDeps);
  const keyFile = join(folder, 'secret.key');
  const used = sealer ?? sealWithKeyFile(keyFile, () => readSecretNames(db).length > 0);
  const env: NodeJS.ProcessEnv = {};
  return { folder, keyFile, db, env, store: createSecretStore({ db, writer, sealer: used, baseDir: folder, env }) };
}

describe('a secret of the environment', () => {
  it('is read at each use and is missing when empty', () => {
    const { store, env } = openStore();
    expect(() => store.read({ env: 'TOKEN' })).toThrow('The environment variable TOKEN is not set.');
    env.TOKEN = '';
    expect(() => store.read({ env: 'TOKEN' })).toThrow('is not set');
    env.TOKEN = 'one';
    expect(store.read({ env: 'TOKEN' })).toBe('one');
    env.TOKEN = 'two';
    expect(store.read({ env: 'TOKEN' })).toBe('two');
    expect(() => store.read({ env: 'constructor' })).toThrow('is not set');
  });
});

it('a stored secret that could not be brought onto the disk is not kept in memory', async () => {
  const { store: before, db, folder } = openStore();
  await before.set('token', 'old');
  const sealedBefore = readSealed(db, 'token');
  const syncs: ((error: Error | null) => void)[] = [];
  const writer = createWriter(db, {
    ...throwingWriterDeps,
    onCommitError: () => undefined,
    wal: { failure: () => null, sync: (done) => syncs.push(done) },
  });
  const sealer = sealWithKeyFile(join(folder, 'secret.key'), () => true);
  const store = createSecretStore({ db, writer, sealer, baseDir: folder, env: {} });
  const setting = store.set('token', 'new');
  await eventually(() => expect(syncs).toHaveLength(1));
  expect(store.read({ secret: 'token' })).toBe('new');
  syncs[0]?.(new Error('EIO'));
  await expect(setting).rejects.toThrow('EIO');
  // What opens the store again takes the commit back.
  if (sealedBefore !== null) putSealed(db, 'token', sealedBefore, Date.now());
  expect(store.read({ secret: 'token' })).toBe('old');
});

describe('a secret of a file', () => {
  it('loses its last newline only, and counts at once when the file changes', () => {
    const { store, folder } = openStore();
    const file = join(folder, 'token');
    writeFileSync(file, ' one\n\n');
    expect(store.read({ file: 'token' })).toBe(' one\n');
    writeFileSync(file, 'two\r\n');
    expect(store.read({ file })).toBe('two');
    // Same length and another time, as after a rotation by another program.
    writeFileSync(file, 'six\r\n');
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    expect(store.read({ file: 'token' })).toBe('six');
    rmSync(file);
    expect(() => store.read({ file: 'token' })).toThrow(`The secret file ${file} does not exist.`);
  });

  it('is refused when it is empty, too large or no file', () => {
    const { store, folder } = openStore();
    writeFileSync(join(folder, 'empty'), '\n');
    writeFileSync(join(folder, 'large'), Buffer.alloc(64 * 1024 + 1, 'x'));
    mkdirSync(join(folder, 'folder'));
    symlinkSync('loop', join(folder, 'loop'));
    expect(() => store.read({ file: 'empty' })).toThrow('is empty');
    expect(() => store.read({ file: 'large' })).toThrow('larger than 64 KiB');
    expect(() => store.read({ file: 'folder' })).toThrow('not a file');
    expect(() => store.read({ file: 'loop' })).toThrow('cannot be read (ELOOP)');
    if (process.platform !== 'win32') {
      // Opened like a file, it would wait for a writer for ever.
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      expect(() => store.read({ file: 'pipe' })).toThrow('not a file');
    }
    writeFileSync(join(folder, 'fits'), Buffer.alloc(64 * 1024, 'x'));
    expect(store.read({ file: 'fits' })).toHaveLength(64 * 1024);
  });
});

describe('a stored secret', () => {
  it('opens after a restart, and each sealing is different', async () => {
    const { store, db, folder, keyFile } = openStore();
    await store.set('a', 'välue');
    const first = readSealed(db, 'a');
    await store.set('a', 'välue');
    expect(first?.equals(readSealed(db, 'a') ?? Buffer.alloc(0))).toBe(false);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(openStore(folder).store.read({ secret: 'a' })).toBe('välue');
    expect(await store.remove('a')).toBe(true);
    expect(() => store.read({ secret: 'a' })).toThrow('no stored secret "a"');
  });

  it('opens under its own name only', async () => {
    const { store, db, folder } = openStore();
    await store.set('a', 'value');
    const sealed = readSealed(db, 'a');
    if (sealed === null) throw new Error('nothing was stored');
    putSealed(db, 'b', sealed, 0);
    sealed[sealed.length - 1] = (sealed[sealed.length - 1] ?? 0) ^ 1;
    putSealed(db, 'a', sealed, 0);
    const again = openStore(folder).store;
    expect(() => again.read({ secret: 'b' })).toThrow('does not open');
    expect(() => again.read({ secret: 'a' })).toThrow('does not open');
  });

  it('names the key file that is missing or wrong, and never makes a new key over stored secrets', async () => {
    const { store, folder, keyFile } = openStore();
    await store.set('a', 'value');
    rmSync(keyFile);
    const missing = openStore(folder).store;
    expect(() => missing.read({ secret: 'a' })).toThrow(`The key file ${keyFile} is missing`);
    await expect(missing.set('b', 'other')).rejects.toThrow(`The key file ${keyFile} is missing`);
    writeFileSync(keyFile, Buffer.alloc(32, 1).toString('base64'));
    expect(() => openStore(folder).store.read({ secret: 'a' })).toThrow(keyFile);
    writeFileSync(keyFile, 'short');
    expect(() => openStore(folder).store.read({ secret: 'a' })).toThrow(`${keyFile} contains no Signalbox key`);
  });

  it('opens again with the right key file put back, while it runs', async () => {
    const { store, folder, keyFile } = openStore();
    await store.set('a', 'value');
    const right = readFileSync(keyFile, 'utf8');
    for (const wrong of ['', right.slice(0, 20), 'garbage\0', Buffer.alloc(32, 1).toString('base64')]) {
      writeFileSync(keyFile, wrong);
      const { store: opened } = openStore(folder);
      expect(() => opened.read({ secret: 'a' })).toThrow(keyFile);
      expect(readFileSync(keyFile, 'utf8')).toBe(wrong);
      writeFileSync(keyFile, right);
      expect(opened.read({ secret: 'a' })).toBe('value');
    }
  });

  it('says when it needs the keychain of the desktop app', async () => {
    const flip = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
    const keychain = sealWithKeychain({
      encrypt: (text) => flip(Buffer.from(text, 'utf8')),
      decrypt: (bytes) => flip(bytes).toString('utf8'),
    });
    const { store, folder, db } = openStore(newFolder(), keychain);
    await store.set('a', 'value\nof two lines');
    expect(openStore(folder, keychain).store.read({ secret: 'a' })).toBe('value\nof two lines');
    expect(() => openStore(folder).store.read({ secret: 'a' })).toThrow("desktop app's keychain");
    putSealed(db, 'b', readSealed(db, 'a') ?? Buffer.alloc(0), 0);
    expect(() => openStore(folder, keychain).store.read({ secret: 'b' })).toThrow('another name');
  });
});
