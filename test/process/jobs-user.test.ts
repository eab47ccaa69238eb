import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { spawnAsUser } from '../../electron/jobs/process/spawn-as-user.ts';
import { jobApiFolder } from '../../electron/jobs/script/job-api.ts';
import { makePlace, type Signalbox, startInVain, startSignalbox, until } from './signalbox.ts';

const name = 'nobody';
const scriptWorker = join(import.meta.dirname, '../../electron/jobs/script-worker.ts');

/** Null: jobs can run as another user here. */
function whyNot(): string | null {
  if (process.platform === 'win32') return 'Windows has no such users';
  if (process.getuid?.() !== 0) return 'only root can start jobs as another user';
  try {
    const uid = Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }));
    for (const file of [process.execPath, join(jobApiFolder(scriptWorker), 'index.js')])
      execFileSync('head', ['-c', '1', file], { uid, stdio: ['ignore', 'pipe', 'pipe'] });
    return null;
  } catch (error) {
    return `the user ${name} cannot run this program: ${String(error).split('\n')[0]}`;
  }
}

const reason = whyNot();

const identity = z.object({
  uid: z.number(),
  gid: z.number(),
  groups: z.array(z.number()),
  home: z.string(),
  user: z.string(),
  logname: z.string(),
  cwd: z.string(),
  seen: z.array(z.string()),
});

/** Runs in a job: who it is, and which of the app's own files it can open or list. */
const look = `
const { openSync, readdirSync, statSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { join } = process.getBuiltinModule('node:path');
const dataDir = process.env.DATA_DIR;
const names = ['console-token', 'secret.key', 'signalbox.db', 'signalbox.db-wal', 'search.db', 'lock.db', 'signalbox.log', 'owner.json', 'instance-id', 'session.json', 'receiver.json'];
const seen = names.filter((name) => { try { openSync(join(dataDir, name), 'r'); return true; } catch { return false; } });
for (const folder of ['', 'backups', 'quarantine', 'run-temp', 'run-files', 'work']) {
  try { readdirSync(join(dataDir, folder)); seen.push('list of ' + folder); } catch {}
}
for (const folder of ['', 'work', 'run-files', 'jobs']) {
  try { writeFileSync(join(dataDir, folder, 'planted'), ''); seen.push('wrote to ' + folder); } catch {}
}
const who = { uid: process.getuid(), gid: process.getgid(), groups: process.getgroups(), home: process.env.HOME, user: process.env.USER, logname: process.env.LOGNAME, cwd: process.cwd(), seen };
`;

async function open(): Promise<{ box: Signalbox; dataDir: string; outcomeOf(job: string): Promise<unknown> }> {
  const place = makePlace();
  onTestFinished(place.remove);
  // As /var/lib: others may pass through it.
  chmodSync(place.dir, 0o755);
  const { dataDir } = place;
  mkdirSync(join(dataDir, 'jobs'), { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  writeFileSync(join(dataDir, 'instance-id'), '7b5c43ab-3c7a-4f0b-9a51-1b2c3d4e5f60\n', { mode: 0o600 });
  writeFileSync(
    join(dataDir, 'jobs/who.mjs'),
    `import { writeFileSync as write } from 'node:fs';
import { defineJob } from 'signalbox';
${look}
export default async (event, run) => {
  write(run.filesDir + '/left.txt', 'by a script');
  return { ...who, hasApi: typeof defineJob };
};
`,
  );
  const box = await startSignalbox({ dataDir, args: ['--jobs-user', name] });
  onTestFinished(async () => void (await box.end()));
  const env = { DATA_DIR: dataDir };
  const command = `${look} writeFileSync(process.env.SIGNALBOX_OUTCOME_PATH, JSON.stringify(who));
    writeFileSync(join(process.env.SIGNALBOX_FILES_DIR, 'left.txt'), 'by a command');
    const { mkdirSync, symlinkSync } = process.getBuiltinModule('node:fs');
    const dir = join(process.env.SIGNALBOX_OUTCOME_PATH, '..', 'deep');
    mkdirSync(dir); writeFileSync(join(dir, 'file'), ''); symlinkSync(dataDir, join(dir, 'link'));`;
  await box.call('jobs.create', { slug: 'command', kind: 'command', command: [process.execPath, '-e', command], env });
  await box.call('jobs.create', { slug: 'script', kind: 'script', file: 'who.mjs', env });
  async function outcomeOf(job: string): Promise<unknown> {
    const { runId } = await box.call('jobs.testRun', { slug: job, event: { type: 'test', payload: {} } });
    let run = await box.call('runs.get', { id: runId });
    await until(`${job} has ended`, async () => {
      run = await box.call('runs.get', { id: runId });
      return run.finishedAt !== null;
    });
    expect([run.state, run.error]).toEqual(['completed', null]);
    const files = await box.call('runs.files', { id: runId });
    expect(files.items.map((file) => file.name)).toEqual(['left.txt']);
    return run.outcome;
  }
  return { box, dataDir, outcomeOf };
}

describe.skipIf(reason !== null)(`--jobs-user${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it('runs commands and scripts as that user, who can read nothing of the app and write what jobs write', async () => {
    const { box, dataDir, outcomeOf } = await open();
    await box.call('secrets.set', { name: 'key', value: 'hush-hush' });
    await box.call('backups.create', {});
    const uid = Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }));
    const gid = Number(execFileSync('id', ['-g', name], { encoding: 'utf8' }));
    const groups = execFileSync('id', ['-G', name], { encoding: 'utf8' }).trim().split(' ').map(Number);
    for (const job of ['command', 'script']) {
      const who = identity.parse(await outcomeOf(job));
      expect(who).toMatchObject({ uid, gid, user: name, logname: name, seen: [], cwd: join(dataDir, 'work', job) });
      expect([...who.groups].sort()).toEqual([...groups].sort());
      expect(statSync(who.cwd).uid).toBe(uid);
    }
    expect(existsSync(join(dataDir, 'secret.key'))).toBe(true);
    await until('the files of the runs are gone', async () => readdirSync(join(dataDir, 'run-temp')).length === 0);
    expect(existsSync(join(dataDir, 'signalbox.db'))).toBe(true);
  });

  it('gives scripts the further groups of the user too, and no part of the environment before root is given up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-user-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    chmodSync(folder, 0o755);
    const preload = join(folder, 'preload.cjs');
    writeFileSync(preload, `process.env.LOADED_BY = String(process.getuid());`);
    const file = join(folder, 'child.cjs');
    const report = 'JSON.stringify([process.getuid(), process.getgid(), process.getgroups(), process.env])';
    writeFileSync(file, `require('node:fs').writeSync(3, ${report}); process.exit(7);`);
    const user = { name, uid: 65534, gid: 65534, groups: [65534, 54321], home: '/', shell: null };
    const child = spawnAsUser(user, process.execPath, [file], {
      env: { NODE_OPTIONS: `--require ${preload}`, TOLD: 'yes' },
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      cwd: folder,
      detached: true,
    });
    const channel = child.stdio[3];
    const exit = once(child, 'exit');
    const written = channel instanceof Readable ? await text(channel) : '';
    const [uid, gid, groups, env] = z
      .tuple([z.number(), z.number(), z.array(z.number()), z.record(z.string(), z.string())])
      .parse(JSON.parse(written));
    expect([uid, gid, groups.sort()]).toEqual([65534, 65534, [54321, 65534]]);
    expect(env).toMatchObject({ TOLD: 'yes', LOADED_BY: '65534' });
    expect(await exit).toEqual([7, null]);
  });

  it('takes no outcome from a link to a file that the user may not read', async () => {
    const { box, dataDir } = await open();
    const command = [
      '/bin/sh',
      '-c',
      `ln "$DATA_DIR/console-token" "$SIGNALBOX_OUTCOME_PATH" 2>/dev/null; ln -s "$DATA_DIR/console-token" "$SIGNALBOX_FILES_DIR/token.txt"`,
    ];
    await box.call('jobs.create', { slug: 'links', kind: 'command', command, env: { DATA_DIR: dataDir } });
    const { runId } = await box.call('jobs.testRun', { slug: 'links', event: { type: 'test', payload: {} } });
    await until('it has ended', async () => (await box.call('runs.get', { id: runId })).finishedAt !== null);
    expect((await box.call('runs.get', { id: runId })).outcome).toBeNull();
    expect((await box.call('runs.files', { id: runId })).items).toEqual([]);
  });

  it('is refused with a sentence where it cannot be had', async () => {
    const place = makePlace();
    onTestFinished(place.remove);
    const vain = async (...args: string[]) => {
      const { code, stderr } = await startInVain({ dataDir: place.dataDir, args });
      return [code, stderr];
    };
    expect(await vain('--jobs-user', 'no-such-user')).toEqual([2, expect.stringContaining('no such user')]);
    expect(await vain('--jobs-user', 'root')).toEqual([2, expect.stringContaining('must be another user than root')]);
    // The folder around it is for its owner alone.
    expect(await vain('--jobs-user', name)).toEqual([2, expect.stringContaining('may not enter')]);
  });
});
