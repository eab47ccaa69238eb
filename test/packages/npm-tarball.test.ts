import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deliverAndRun, printedAddresses, root, run, type Started, start, writeConfig } from './trial.ts';

const place = mkdtempSync(join(tmpdir(), 'signalbox-npm-'));
const prefix = join(place, 'prefix');
const command = join(prefix, 'bin', 'signalbox');
const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
  INIT_CWD: undefined,
};
let server: Started | null = null;

afterAll(async () => {
  server?.child.kill('SIGKILL');
  await server?.exit;
  rmSync(place, { recursive: true, force: true });
});

describe.skipIf(process.platform === 'win32')('the npm tarball', () => {
  it('installs into an empty prefix with the command, and without what is built in', async () => {
    await run('npm', ['pack', root, '--pack-destination', place, '--loglevel=error'], { env });
    const [tarball = ''] = readdirSync(place).filter((name) => name.endsWith('.tgz'));
    expect(existsSync(join(root, 'npm-shrinkwrap.json')), 'npm pack leaves nothing behind').toBe(false);
    const options = ['--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['install', '--global', ...options, join(place, tarball)], { env });
    expect(existsSync(command)).toBe(true);
    const modules = readdirSync(join(prefix, 'lib/node_modules/signalbox/node_modules'));
    expect(modules.filter((name) => !name.startsWith('.')).sort()).toEqual([
      'better-sqlite3',
      'jiti',
      'node-addon-api',
    ]);
  });

  it('starts its server, which takes a webhook and runs a command and a script', async () => {
    const dataDir = join(place, 'data');
    const config = writeConfig(join(place, 'config'));
    const free = ['--receiver', '127.0.0.1:0', '--console', '127.0.0.1:0'];
    server = start(command, ['start', '--data-dir', dataDir, '--config', config, ...free], { env });
    const addresses = await printedAddresses(server, join(dataDir, 'console-token'));
    await deliverAndRun(addresses, 'from-npm');
    const { stdout } = await run(command, ['status', '--data-dir', dataDir, '--json'], { env });
    expect(stdout).toContain('"running"');
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(0);
  });
});
