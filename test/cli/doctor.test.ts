import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkSandbox } from '../../electron/cli/doctor/machine-checks.ts';
import { ask } from '../process/http.ts';
import { makePlace, startSignalbox, until } from '../process/signalbox.ts';
import { fill, smallDisk, whyNoMount } from '../support/small-disk.ts';
import { jsonLines, runCommand } from './run-signalbox.ts';

interface Found {
  check: string;
  level: string;
  message: string;
  remedy: string | null;
}

async function doctor(args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runCommand(['doctor', ...args], { env });
  const all = jsonLines(stdout) as Found[];
  const wrong = all.filter(({ level }) => level !== 'ok');
  /** The finding about it, which says what to do. */
  const of = (check: string): Found => {
    const found = wrong.find((one) => one.check === check);
    expect(found, `${check} in ${stdout}${stderr}`).toBeDefined();
    expect(found?.remedy).toBeTruthy();
    return found ?? { check, level: '', message: '', remedy: null };
  };
  return { code, all, wrong, of };
}

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.event, occurredAt: $.at } }
  - { slug: signed, preset: slack, verify: { secret: { env: SLACK_SECRET } } }
jobs:
  - { slug: gone, kind: command, command: [no-such-program-anywhere] }
`;

describe('signalbox doctor', () => {
  it('finds what is planted in a running server and around it, and says what to do', async () => {
    const place = makePlace();
    const box = await startSignalbox({ dataDir: place.dataDir, config, env: { SLACK_SECRET: 'a secret of Slack' } });
    onTestFinished(async () => {
      await box.end();
      place.remove();
    });
    const here = ['--data-dir', place.dataDir];

    // 1 and 2: the folder, and the token in it.
    chmodSync(place.dataDir, 0o777);
    chmodSync(join(place.dataDir, 'console-token'), 0o644);
    // 3: a delivery for a host that is not accepted. 4: one through a proxy that is not trusted.
    const url = `${box.receiverUrl}/in/crm`;
    const json = { 'content-type': 'application/json' };
    const post = (body: unknown, headers: Record<string, string> = {}) =>
      ask(url, { method: 'POST', body: JSON.stringify(body), headers: { ...json, ...headers } });
    expect((await post({ event: 'a' }, { host: 'hooks.example.com' })).status).toBe(421);
    expect((await post({ event: 'b' }, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(202);
    // 5: a sender whose clock is ahead. 6: one whose signed time is too old.
    await post({ event: 'c', at: new Date(Date.now() + 7_200_000).toISOString() });
    const old = await ask(`${box.receiverUrl}/in/signed`, {
      method: 'POST',
      body: '{}',
      headers: { ...json, 'x-slack-request-timestamp': '1700000000', 'x-slack-signature': `v0=${'0'.repeat(64)}` },
    });
    expect(old.status).toBe(401);
    // 7: a config file that became wrong. 8 was there: a job without its program.
    writeFileSync(box.configFile, 'version: 2\n');
    await until('the config file is refused', async () => (await box.call('app.status', {})).config?.error);

    // 9: no such display. 10: a clock that is an hour behind.
    const env = {
      DISPLAY: ':4711',
      NODE_OPTIONS: '--import=data:text/javascript,const%20now=Date.now;Date.now=()=>now()-3600000',
    };
    const { code, of, wrong } = await doctor(here, env);
    expect(code).toBe(1);
    const permissions = wrong.filter(({ check }) => check === 'permissions');
    expect(permissions.map(({ remedy }) => remedy)).toEqual([
      `chmod go-w '${place.dataDir}'`,
      `chmod 600 '${join(place.dataDir, 'console-token')}'`,
    ]);
    expect(of('host settings').remedy).toContain('Add hooks.example.com to the accepted hosts');
    expect(of('proxy').remedy).toContain('add 127.0.0.1/32 to the trusted proxies');
    const skewed = wrong.filter(({ check }) => check === 'time skew').map(({ message }) => message);
    expect(skewed).toEqual([
      expect.stringMatching(/^Deliveries of signed were refused: the timestamp is \d+ s old/),
      expect.stringMatching(/^The clock of crm is \d+ (h|min).* ahead/),
    ]);
    expect(of('config file').message).toContain('version');
    expect(of('definitions').message).toContain('The job gone does not work');
    expect(of('display').message).toContain(':4711');
    expect(of('clock').remedy).toContain('NTP');
  });

  it('finds a port that is taken before a start, and otherwise nothing', async () => {
    const place = makePlace();
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const args = ['--data-dir', place.dataDir, '--console', '127.0.0.1:0'];
    const found = await doctor([...args, '--receiver', `127.0.0.1:${port}`]);
    expect(found.code).toBe(1);
    expect(found.of('ports')).toMatchObject({
      level: 'problem',
      message: `127.0.0.1:${port} is in use by another program.`,
    });
    taken.close();
    const healthy = await doctor([...args, '--receiver', '127.0.0.1:0']);
    expect(healthy.wrong.filter(({ level }) => level === 'problem')).toEqual([]);
    expect(healthy.code).toBe(0);
    place.remove();
  });

  it.runIf(whyNoMount() === null)('finds a disk that is nearly full', async () => {
    const disk = smallDisk(4);
    fill(disk, 1024 * 1024);
    const { of } = await doctor([
      '--data-dir',
      join(disk, 'data'),
      '--receiver',
      '127.0.0.1:0',
      '--console',
      '127.0.0.1:0',
    ]);
    expect(of('disk')).toMatchObject({ level: 'problem', message: expect.stringContaining('503') });
  });

  it('finds a kernel that keeps the sandbox of a window from starting', () => {
    const system = mkdtempSync(join(tmpdir(), 'signalbox-sys-'));
    onTestFinished(() => rmSync(system, { recursive: true }));
    mkdirSync(join(system, 'kernel'));
    expect(checkSandbox('/opt/signalbox/signalbox', { system, profiles: system }).level).toBe('ok');
    writeFileSync(join(system, 'kernel/apparmor_restrict_unprivileged_userns'), '1\n');
    expect(checkSandbox('/opt/signalbox/signalbox', { system, profiles: system })).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('apparmor_restrict_unprivileged_userns = 1'),
      remedy: expect.stringContaining('chown root'),
    });
  });

  it('says of a server that does not respond that it does not', async () => {
    const { code, of } = await doctor(['--server', 'http://127.0.0.1:1'], { SIGNALBOX_TOKEN: 'x'.repeat(43) });
    expect(code).toBe(1);
    expect(of('server').message).toContain('http://127.0.0.1:1 does not respond');
  });
});
