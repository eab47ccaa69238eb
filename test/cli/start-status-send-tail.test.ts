import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { openApp } from '../runtime/open-app.ts';
import { jsonLines, runCommand, runInTerminal, startCommand } from './run-signalbox.ts';

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.event, id: $.id } }
  - { slug: hub, preset: github, verify: { secret: { env: HUB_SECRET } } }
`;

const place = makePlace();
let box: Signalbox;
let here: string[];

beforeAll(async () => {
  box = await startSignalbox({ dataDir: place.dataDir, config, env: { HUB_SECRET: 'a secret of some length' } });
  here = ['--data-dir', place.dataDir];
});

afterAll(async () => {
  await box.end();
  place.remove();
});

describe('signalbox start', () => {
  it('is the server, and ends at a signal', async () => {
    const own = makePlace();
    const server = startCommand([
      'start',
      '--data-dir',
      own.dataDir,
      '--receiver',
      '127.0.0.1:0',
      '--console',
      '127.0.0.1:0',
    ]);
    await server.printed(/^receiver http:\S+\nconsole http:\S+\n/);
    expect(jsonLines((await runCommand(['status', '--data-dir', own.dataDir])).stdout)).toMatchObject([
      { phase: 'running' },
    ]);
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
    own.remove();
  });

  it('refuses wrong options with one sentence', async () => {
    const end = await runCommand(['start', '--receiver', 'nonsense']);
    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(/^signalbox: --receiver must be HOST:PORT.*\n$/);
  });
});

describe('signalbox status', () => {
  it('gives JSON into a pipe and lines for text on a terminal', async () => {
    const piped = await runCommand(['status', ...here]);
    expect(piped).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(piped.stdout)).toMatchObject([{ mode: 'headless', receiver: { url: box.receiverUrl } }]);
    const shown = await runInTerminal(['status', ...here]);
    expect(shown.stdout).toContain(`Receiver        ${box.receiverUrl} (accepting)`);
    expect((await runCommand(['status', '--no-json', ...here])).stdout).toMatch(/^Version +\d/);
  });

  it('reaches an app whose console port is closed, through a socket for its user alone', async () => {
    const app = await openApp(undefined, { mode: 'desktop' });
    expect(app.runtime.consoleUrl).toBeNull();
    const { code, stdout } = await runCommand(['status', '--data-dir', app.dataDir]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ mode: 'desktop', consoleUrl: null }]);
    const socket = statSync(join(app.dataDir, 'console.sock'));
    expect(socket.isSocket()).toBe(true);
    expect(socket.mode & 0o777).toBe(0o600);

    const wrong = await runCommand(['status', '--data-dir', app.dataDir], { env: { SIGNALBOX_TOKEN: 'x'.repeat(43) } });
    expect(wrong).toMatchObject({ code: 4, stdout: '' });
    expect(wrong.stderr).toContain('This is not the console token');
    await app.stop();
    expect((await runCommand(['status', '--data-dir', app.dataDir])).code).toBe(3);
  });

  it('reaches a server by its address, and gives the token of the data directory to no other', async () => {
    const server = ['--server', box.consoleUrl];
    expect((await runCommand(['status', ...server, ...here])).code).toBe(0);
    const elsewhere = await runCommand(['status', ...server, '--data-dir', join(place.dir, 'none')]);
    expect(elsewhere.code).toBe(4);
    expect(elsewhere.stderr).toContain('SIGNALBOX_TOKEN');
    const env = { SIGNALBOX_URL: box.consoleUrl, SIGNALBOX_TOKEN: box.token };
    expect((await runCommand(['status', '--data-dir', join(place.dir, 'none')], { env })).code).toBe(0);
    const notOurs = await runCommand(['status', '--server', box.receiverUrl], { env: { SIGNALBOX_TOKEN: box.token } });
    expect(notOurs.code).toBe(3);
    expect(notOurs.stderr).toContain('is not the console of a Signalbox');
  });

  it('has a socket under a data directory with a long path, too', async () => {
    const long = makePlace();
    const dataDir = join(long.dir, 'a-folder-with-a-long-name'.repeat(6));
    const app = await openApp(dataDir);
    expect((await runCommand(['status', '--data-dir', dataDir])).code).toBe(0);
    await app.stop();
    long.remove();
  });

  it('says what to do when nothing runs, and for a wrong command', async () => {
    const none = await runCommand(['status', '--data-dir', join(place.dir, 'none')]);
    expect(none.code).toBe(3);
    expect(none.stderr).toMatch(/^signalbox: No Signalbox is running on .* Start it with signalbox start.*\n$/);
    const wrong = await runCommand(['statuss']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('Did you mean status?');
  });
});

describe('signalbox send', () => {
  it('sends the sample of a type, signed as the preset expects', async () => {
    const signed = await runCommand(['send', 'hub', '--type', 'issues.opened', '--sign', ...here]);
    expect(signed.code).toBe(0);
    const [answer] = jsonLines(signed.stdout);
    expect(answer).toMatchObject({ status: 202, signing: 'signed', eventIds: [expect.any(String)] });
    const unsigned = await runCommand(['send', 'hub', '--no-json', '--type', 'issues.opened', ...here]);
    expect(unsigned.code).toBe(1);
    expect(unsigned.stdout).toMatch(/^401 /);
    expect(unsigned.stderr).toContain('--sign');
  });

  it('takes a body from the arguments, a file and standard input', async () => {
    const file = join(place.dir, 'body.json');
    writeFileSync(file, '{"event":"from.file","id":"f1"}');
    await runCommand(['send', 'crm', '--data', '{"event":"from.text","id":"t1"}', ...here]);
    await runCommand(['send', 'crm', '--data', `@${file}`, ...here]);
    await runCommand(['send', 'crm', '--data', '-', ...here], { input: '{"event":"from.stdin","id":"s1"}' });
    const { items } = await box.call('events.list', { query: 'source:crm' });
    expect(items.map(({ type }) => type)).toEqual(['from.stdin', 'from.file', 'from.text']);
    expect((await runCommand(['send', 'crm', '--data', '@/nowhere', ...here])).code).toBe(2);
    expect((await runCommand(['send', 'nobody', ...here])).code).toBe(5);
  });
});

describe('signalbox tail', () => {
  it('shows the latest events, follows new ones that match, and ends well at Ctrl-C', async () => {
    await box.accept('crm', { event: 'tail.before', id: 'b1' });
    const tail = startCommand(['tail', 'type:tail.*', '--follow', ...here]);
    await tail.printed(/tail\.before/);
    await box.accept('crm', { event: 'other.thing', id: 'o1' });
    await box.accept('crm', { event: 'tail.after', id: 'a1' });
    await box.accept('crm', { event: 'tail.last', id: 'a2' });
    await tail.printed(/tail\.last/);
    tail.child.kill('SIGINT');
    const { code, stdout } = await tail.ended;
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ type: 'tail.before' }, { type: 'tail.after' }, { type: 'tail.last' }]);
  });

  it('shows senders’ text on a terminal without commands to it', async () => {
    await box.accept('crm', { event: 'evil', id: 'e1', text: '\u001b]0;title\u0007 \u009b31m' });
    const { stdout } = await runInTerminal(['tail', 'type:evil', ...here]);
    expect(stdout).toContain('evil');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(stdout.replaceAll(/\r?\n/g, '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('refuses a query that cannot be read', async () => {
    const { code, stderr } = await runCommand(['tail', 'type:', ...here]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^signalbox: /);
  });
});
