import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { displayProblem } from '../../scripts/display.mjs';
import { sandboxProblem } from '../../scripts/sandbox.mjs';
import { findProgram } from '../../scripts/system-packages.mjs';

const folder = (): string => mkdtempSync(join(tmpdir(), 'signalbox-display-'));
const xvfb = findProgram('Xvfb');
if (xvfb === undefined) console.warn('Xvfb is not installed: opening a real display is not tried here');

/** An .Xauthority of one cookie for any display of this machine. */
function authority(cookie: Buffer, number: string): string {
  const field = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const file = join(folder(), 'authority');
  const fields = [Buffer.from('host'), Buffer.from(number), Buffer.from('MIT-MAGIC-COOKIE-1'), cookie].map(field);
  writeFileSync(file, Buffer.concat([Buffer.from([1, 0]), ...fields]));
  return file;
}

/** A real display that asks for a cookie; its number is free when the server says so. */
async function startDisplay(cookie: Buffer): Promise<string> {
  const server: ChildProcess = spawn(
    xvfb ?? '',
    ['-displayfd', '3', '-auth', authority(cookie, ''), '-screen', '0', '64x64x8', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  });
  const said = server.stdio[3];
  if (said === null || said === undefined) throw new Error('Xvfb has no pipe');
  const [number] = await once(said, 'data');
  return `:${String(number).trim()}`;
}

describe('a display', () => {
  it.skipIf(xvfb === undefined)('can be opened by who has its cookie', async () => {
    const cookie = randomBytes(16);
    const DISPLAY = await startDisplay(cookie);
    const mine = authority(cookie, DISPLAY.slice(1));
    const others = authority(randomBytes(16), DISPLAY.slice(1));
    expect(await displayProblem({ DISPLAY, XAUTHORITY: mine })).toBeUndefined();
    for (const XAUTHORITY of [others, join(folder(), 'none')]) {
      expect(await displayProblem({ DISPLAY, XAUTHORITY })).toMatch(/lets this user open no window/);
    }
  });

  it('that nobody serves is no display', async () => {
    expect(await displayProblem({ DISPLAY: ':4711' })).toMatch(/:4711 .* cannot be opened: no display server/);
    expect(await displayProblem({ DISPLAY: 'nonsense' })).toMatch(/no address of a display/);
    expect(await displayProblem({ WAYLAND_DISPLAY: 'wayland-9', XDG_RUNTIME_DIR: folder() })).toMatch(/wayland-9/);
    expect(await displayProblem({})).toMatch(/There is no display/);
  });

  it('may be one of Wayland', async () => {
    const dir = folder();
    const server = createServer().listen(join(dir, 'wayland-1'));
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    expect(await displayProblem({ WAYLAND_DISPLAY: 'wayland-1', XDG_RUNTIME_DIR: dir })).toBeUndefined();
  });
});

describe('Chromium’s sandbox', () => {
  function machine(settings: Record<string, string>) {
    const dir = folder();
    for (const [name, value] of Object.entries(settings)) {
      mkdirSync(join(dir, 'sys', name, '..'), { recursive: true });
      writeFileSync(join(dir, 'sys', name), `${value}\n`);
    }
    mkdirSync(join(dir, 'apparmor.d'));
    mkdirSync(join(dir, 'dist'));
    const helper = join(dir, 'dist', 'chrome-sandbox');
    writeFileSync(helper, '');
    return {
      helper,
      dist: join(dir, 'dist', 'electron'),
      places: { system: join(dir, 'sys'), profiles: join(dir, 'apparmor.d') },
    };
  }

  it.each([
    ['kernel/apparmor_restrict_unprivileged_userns', '1'],
    ['kernel/unprivileged_userns_clone', '0'],
    ['user/max_user_namespaces', '0'],
  ])('cannot start where %s is %s, and one sentence says what to do', (name, value) => {
    const { dist, helper, places } = machine({ [name]: value });
    const problem = sandboxProblem(dist, places);
    expect(problem).toContain(`${name.replace('/', '.')} = ${value}`);
    expect(problem).toContain(`sudo chown root '${helper}' && sudo chmod 4755 '${helper}'`);
  });

  it('can start elsewhere', () => {
    const { dist, places } = machine({
      'kernel/apparmor_restrict_unprivileged_userns': '0',
      'kernel/unprivileged_userns_clone': '1',
      'user/max_user_namespaces': '63000',
    });
    expect(sandboxProblem(dist, places)).toBeUndefined();
    expect(sandboxProblem(dist, { system: join(folder(), 'none'), profiles: places.profiles })).toBeUndefined();
  });

  it('can start with a profile that names the program', () => {
    const { dist, places } = machine({ 'kernel/apparmor_restrict_unprivileged_userns': '1' });
    writeFileSync(join(places.profiles, 'signalbox'), `profile signalbox ${dist} flags=(unconfined) { userns, }`);
    expect(sandboxProblem(dist, places)).toBeUndefined();
  });

  it.skipIf(process.getuid?.() !== 0)('can start with its helper, which has to be root’s', () => {
    const { dist, helper, places } = machine({ 'kernel/apparmor_restrict_unprivileged_userns': '1' });
    chmodSync(helper, 0o755);
    expect(sandboxProblem(dist, places)).toBeDefined();
    chmodSync(helper, 0o4755);
    expect(sandboxProblem(dist, places)).toBeUndefined();
  });
});
