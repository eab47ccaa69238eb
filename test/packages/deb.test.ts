import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronDist } from '../../scripts/electron-dist.mjs';
import { fuses, readFuses } from '../../scripts/package/fuses.mjs';
import { findProgram, isRoot } from '../../scripts/system-packages.mjs';
import {
  type Addresses,
  deliverAndRun,
  printedAddresses,
  root,
  run,
  runs,
  type Started,
  start,
  writeConfig,
} from './trial.ts';

const user = 'signalbox-trial';
const app = '/usr/lib/signalbox';
const place = mkdtempSync(join(tmpdir(), 'signalbox-deb-'));
const home = join(place, 'home');
const dataDir = join(home, '.local/share/signalbox');
const logFile = join(dataDir, 'signalbox.log');
const started: Started[] = [];
let who = { uid: -1, gid: -1 };
let display: Started | null = null;

/** Why the trial cannot run here, as a sentence; null when it can. */
function whyNot(): string | null {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (!isRoot()) return 'installing a package needs root';
  if (electronDist() === undefined) return 'there is no Electron here';
  const missing = ['dpkg', 'dpkg-deb', 'Xvfb', 'useradd'].filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) return `${missing.join(', ')} is missing`;
  if (existsSync(app) || existsSync('/usr/bin/signalbox')) return 'Signalbox is installed here, and would be removed';
  return null;
}

const reason = whyNot();
if (reason !== null) process.stderr.write(`[signalbox] The trial of the Debian package is skipped: ${reason}.\n`);

const userEnv = (): NodeJS.ProcessEnv => ({
  HOME: home,
  USER: user,
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  ...displayEnv,
});
let displayEnv: Record<string, string> = {};

/** Starts a program as the ordinary user. */
function asUser(program: string, args: readonly string[]): Started {
  const child = start(program, args, { ...who, env: userEnv(), cwd: home });
  started.push(child);
  return child;
}

async function finished({ exit, printed }: Started): Promise<{ code: number | null; printed: string }> {
  return { code: await exit, printed: printed() };
}

const parseLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line));
const pagesIn = (lines: readonly Record<string, unknown>[]) =>
  lines.flatMap(({ msg, path }) => (msg === 'the window shows a page' ? [path] : []));

const logLines = () => (existsSync(logFile) ? parseLines(readFileSync(logFile, 'utf8')) : []);

const readyLines = () => logLines().filter(({ msg }) => msg === 'ready');
const shownPages = () => pagesIn(logLines());

/** Opens the app from /usr/bin as the ordinary user; gives its addresses once it is ready. */
async function openApp(config: string, links: readonly string[] = []): Promise<Started & { addresses: Addresses }> {
  const before = readyLines().length;
  const free = ['--receiver', '127.0.0.1:0', '--console', '127.0.0.1:0', '--log-level', 'debug'];
  const opened = asUser('/usr/bin/signalbox', ['--config', config, ...free, ...links]);
  await expect.poll(() => readyLines().length, { message: 'the app is ready' }).toBe(before + 1);
  const { receiverUrl, consoleUrl } = readyLines().at(-1) ?? {};
  const addresses = {
    receiver: String(receiverUrl),
    console: String(consoleUrl),
    tokenFile: join(dataDir, 'console-token'),
  };
  return { ...opened, addresses };
}

async function quit({ child, exit }: Started): Promise<void> {
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
}

/** Processes of the installed app, with their command lines. */
function appProcesses(): { pid: string; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const isOurs = readlinkSync(`/proc/${pid}/exe`).startsWith(app);
        return isOurs ? [{ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }] : [];
      } catch {
        return [];
      }
    });
}

async function installDeb(file: string): Promise<void> {
  try {
    await run('dpkg', ['--install', file]);
  } catch {
    // Libraries that this machine lacks.
    await run('apt-get', ['install', '-y', '--no-install-recommends', '--fix-broken'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
}

const installedVersion = async (): Promise<string> =>
  (await run('dpkg-query', ['--show', `--showformat=\${Status} \${Version}`, 'signalbox'])).stdout;

/** The same package as an older version. */
async function asOlder(deb: string, version: string): Promise<string> {
  const unpacked = join(place, 'older');
  await run('dpkg-deb', ['--raw-extract', deb, unpacked]);
  const control = join(unpacked, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${version}`));
  const target = join(place, `signalbox_${version}.deb`);
  await run('dpkg-deb', ['-Znone', '--root-owner-group', '--build', unpacked, target]);
  rmSync(unpacked, { recursive: true });
  return target;
}

async function startDisplay(): Promise<void> {
  const args = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-ac', '-nolisten', 'tcp'];
  display = start('Xvfb', args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const pipe = display.child.stdio[3];
  const number = await new Promise<string>((resolve, reject) => {
    pipe?.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    pipe?.once('close', () => reject(new Error(`Xvfb did not start: ${display?.printed()}`)));
  });
  displayEnv = { DISPLAY: `:${number.trim()}` };
}

describe.skipIf(reason !== null)('the Debian package', () => {
  let deb = '';
  let config = '';
  let opened: Awaited<ReturnType<typeof openApp>>;

  beforeAll(async () => {
    await run(join(root, 'node_modules/.bin/node'), [
      join(root, 'scripts/package.mjs'),
      'deb',
      '--compression',
      'none',
      '--out',
      place,
    ]);
    deb = join(place, readdirSync(place).find((name) => name.endsWith('.deb')) ?? '');
    chmodSync(place, 0o755);
    await run('useradd', ['--create-home', '--home-dir', home, '--shell', '/bin/sh', user]);
    const [uid = 0, gid = 0] = (await run('id', ['-u', user])).stdout.split('\n').map(Number).concat(0);
    who = { uid, gid: gid === 0 ? Number((await run('id', ['-g', user])).stdout) : gid };
    config = writeConfig(join(home, 'config'));
    await run('chown', ['-R', `${who.uid}:${who.gid}`, home]);
    await startDisplay();
  });

  afterAll(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    for (const { pid } of appProcesses()) process.kill(Number(pid), 'SIGKILL');
    display?.child.kill('SIGKILL');
    await run('dpkg', ['--purge', '--force-all', 'signalbox']).catch(() => undefined);
    await run('userdel', ['--force', user]).catch(() => undefined);
    await run('userdel', ['signalbox']).catch(() => undefined);
    rmSync(place, { recursive: true, force: true });
  });

  it('installs an older version, with the user of the server and nothing started', async () => {
    await installDeb(await asOlder(deb, '0.0.1'));
    expect(await installedVersion()).toBe('install ok installed 0.0.1');
    expect((await run('getent', ['passwd', 'signalbox'])).stdout).toContain('/var/lib/signalbox:/usr/sbin/nologin');
    expect(appProcesses()).toEqual([]);
    expect(existsSync('/etc/systemd/system/multi-user.target.wants/signalbox.service')).toBe(false);
    expect(statSync(`${app}/chrome-sandbox`).mode & 0o4755).toBe(0o4755);
  });

  it('is in the menu with icons of all sizes, takes signalbox:// links, and has a manual and completion', async () => {
    const entry = readFileSync('/usr/share/applications/signalbox.desktop', 'utf8').split('\n');
    expect(entry).toEqual(
      expect.arrayContaining([
        'Name=Signalbox',
        'Exec=/usr/bin/signalbox %U',
        'Icon=signalbox',
        'MimeType=x-scheme-handler/signalbox;',
      ]),
    );
    const icons = '/usr/share/icons/hicolor';
    for (const size of [16, 32, 48, 64, 128, 256, 512]) {
      const png = readFileSync(`${icons}/${size}x${size}/apps/signalbox.png`);
      expect(png.readUInt32BE(16), 'the width that the picture itself has').toBe(size);
    }
    expect(existsSync(`${icons}/scalable/apps/signalbox.svg`)).toBe(true);
    // Systems may leave manuals and documents out when they install.
    const { stdout } = await run('dpkg-deb', ['--contents', deb]);
    expect(stdout).toMatch(/\.\/usr\/share\/man\/man1\/signalbox\.1\.gz$/m);
    expect(stdout).toMatch(/\.\/usr\/share\/doc\/signalbox\/copyright$/m);
    expect(readFileSync('/usr/share/bash-completion/completions/signalbox', 'utf8')).toContain('listeners');
  });

  it('holds what runs and nothing else, and has its fuses set', async () => {
    const archive = `${app}/resources/app.asar`;
    const files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
    expect(new Set(files.map((file) => file.split('/')[1]))).toEqual(
      new Set(['LICENSE', 'bin', 'node_modules', 'out', 'package.json', 'resources']),
    );
    expect(readdirSync(`${app}/resources/app.asar.unpacked/node_modules`)).toEqual(['better-sqlite3']);
    expect(files.filter((file) => /node_modules\/[^/]+$/.test(file)).sort()).toEqual([
      '/node_modules/better-sqlite3',
      '/node_modules/jiti',
    ]);
    expect(JSON.parse(extractFile(archive, 'package.json').toString())).not.toHaveProperty('devDependencies');
    expect(readFileSync(`${app}/resources/app.asar.unpacked/out/third-party-licenses.txt`, 'utf8')).toContain(
      'react-dom 19',
    );
    expect(await readFuses(`${app}/signalbox`)).toEqual(fuses);
  });

  it('opens as an ordinary user with the sandbox, takes a webhook, and runs a command and a script', async () => {
    opened = await openApp(config);
    const run = await deliverAndRun(opened.addresses, 'from-deb');
    await expect.poll(() => appProcesses().some(({ command }) => command.includes('--type=renderer'))).toBe(true);
    const page = appProcesses().find(({ command }) => command.includes('--type=renderer'));
    // 2: the page's process may only make the system calls that Chromium's filter lets through.
    expect(readFileSync(`/proc/${page?.pid}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m);
    expect(
      appProcesses()
        .map(({ command }) => command)
        .join('\n'),
    ).not.toContain('--no-sandbox');

    const link = await finished(asUser('/usr/bin/signalbox', [`signalbox://runs/${run}`]));
    expect(link).toMatchObject({ code: 0, printed: expect.stringContaining('already running') });
    await expect.poll(shownPages, { message: 'the link is shown' }).toContain(`/runs/${run}`);

    const before = shownPages().length;
    expect((await finished(asUser('/usr/bin/signalbox', ['signalbox://settings/../jobs?x=1']))).code).toBe(0);
    expect((await finished(asUser('/usr/bin/signalbox', ['signalbox://inbox']))).code).toBe(0);
    await expect.poll(() => shownPages().slice(before)).toEqual(['/inbox']);
  });

  it('has the command, which talks to the running app', async () => {
    const status = await finished(asUser('/usr/bin/signalbox', ['status', '--json']));
    expect(status).toMatchObject({ code: 0, printed: expect.stringContaining('running') });
  });

  it('is updated, keeping its data', async () => {
    const before = (await runs(opened.addresses)).map(({ id }) => id);
    await quit(opened);
    await expect.poll(appProcesses, { message: 'all processes of the app end with it' }).toEqual([]);
    await installDeb(deb);
    expect(await installedVersion()).toMatch(/^install ok installed 0\.[1-9]|^install ok installed [1-9]/);
    opened = await openApp(config, ['signalbox://listeners']);
    // The window shows it before the data directory, and the log in it, is open.
    await expect
      .poll(() => pagesIn(parseLines(opened.printed())), { message: 'the link is shown at the start' })
      .toContain('/listeners');
    expect((await runs(opened.addresses)).map(({ id }) => id)).toEqual(before);
    await deliverAndRun(opened.addresses, 'after-update');
    await quit(opened);
  });

  it('runs the server as the unit does', async () => {
    const unit = readFileSync('/usr/lib/systemd/system/signalbox.service', 'utf8');
    const [, line = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
    const [program = '', ...args] = line.split(' ');
    const state = join(home, 'server');
    const own = [...args.map((arg) => (arg === '/var/lib/signalbox' ? state : arg)), '--config', config];
    const server = asUser(program, [...own, '--receiver', '127.0.0.1:0', '--console', '127.0.0.1:0']);
    await deliverAndRun(await printedAddresses(server, join(state, 'console-token')), 'from-server');
    await quit(server);
    if (findProgram('systemd-analyze') !== undefined) {
      const { stderr } = await run('systemd-analyze', ['verify', '/usr/lib/systemd/system/signalbox.service']);
      expect(stderr).not.toContain('signalbox.service');
    }
  });

  it('is removed and purged, and leaves the data', async () => {
    await run('dpkg', ['--remove', 'signalbox']);
    expect(existsSync('/usr/bin/signalbox')).toBe(false);
    expect(existsSync(app)).toBe(false);
    const { stdout } = await run('dpkg', ['--purge', 'signalbox']);
    expect(stdout).toContain('~/.local/share/signalbox');
    expect(existsSync('/etc/default/signalbox')).toBe(false);
    expect(existsSync(join(dataDir, 'signalbox.db'))).toBe(true);
  });
});
