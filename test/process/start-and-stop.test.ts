import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, sendersAtOnce } from './http.ts';
import { makePlace, type StartArguments, startInVain, startSignalbox } from './signalbox.ts';

function place() {
  const made = makePlace();
  onTestFinished(made.remove);
  return made;
}

async function started(start: StartArguments) {
  const box = await startSignalbox(start);
  onTestFinished(async () => {
    await box.end();
  });
  return box;
}

const config = (more = '') => `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id }, rateLimit: off }
jobs:
  - { slug: nap, kind: command, command: [sleep, "0.05"], concurrency: 2, queue: 100000 }
listeners:
  - { slug: all, source: crm, job: nap }
${more}`;

/** What a person sees: one sentence on stderr, nothing on stdout, exit code 2. */
function expectOneSentence(end: { code: number | null; stdout: string; stderr: string }, about: RegExp): void {
  expect(end.stderr).toMatch(about);
  expect(end.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(end.stderr).not.toMatch(/\n\s+at |Error:/);
  expect(end.stdout).toBe('');
  expect(end.code).toBe(2);
}

describe('starting headless', () => {
  it('prints the two addresses, keeps the token for its owner alone, and answers on receiver and console', async () => {
    const { dataDir } = place();
    const box = await started({ dataDir });
    expect(box.receiverUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(box.consoleUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const tokenFile = join(dataDir, 'console-token');
    expect(readFileSync(tokenFile, 'utf8').trim()).toBe(box.token);
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'signalbox.db')).mode & 0o077).toBe(0);
    for (const door of [box.receiverUrl, box.consoleUrl]) {
      for (const probe of ['/healthz', '/readyz']) expect((await ask(`${door}${probe}`)).status).toBe(200);
    }
  });

  it('gives the token and nothing else access to calls, metrics and the OpenAPI document', async () => {
    const box = await started({ dataDir: place().dataDir });
    for (const path of ['/metrics', '/api/openapi.json']) {
      expect((await ask(`${box.consoleUrl}${path}`)).status).toBe(401);
      expect((await box.get(path)).status).toBe(200);
    }
    const metrics = (await box.get('/metrics')).text;
    expect(metrics).toMatch(/^signalbox_runs_waiting 0$/m);
    const openApi: { paths: Record<string, unknown> } = JSON.parse((await box.get('/api/openapi.json')).text);
    for (const name of ['events.list', 'events.replay', 'runs.acknowledge', 'listeners.explain', 'app.status']) {
      expect(openApi.paths).toHaveProperty([`/api/${name}`]);
    }
    const headers = { authorization: `Bearer ${box.token.split('').reverse().join('')}` };
    const stranger = await ask(`${box.consoleUrl}/api/app.status`, { method: 'POST', body: '{}', headers });
    expect(stranger.status).toBe(401);
    expect(JSON.parse(stranger.text)).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    expect((await ask(`${box.receiverUrl}/api/app.status`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await box.get('/in/crm', { method: 'POST', body: '{}' })).status).toBe(404);
  });

  it('counts deliveries and ended runs in its metrics', async () => {
    const box = await started({ dataDir: place().dataDir, config: config() });
    const pushes = await box.pushes();
    onTestFinished(pushes.close);
    await box.accept('crm', { type: 'a', id: '1' });
    await pushes.until('the run completing', ({ name, value }) => {
      return name === 'runs.changed' && JSON.stringify(value).includes('"completed"');
    });
    const metrics = (await box.get('/metrics')).text;
    expect(metrics).toMatch(/^signalbox_deliveries_total\{source="crm",status="202"\} 1$/m);
    expect(metrics).toMatch(/^signalbox_runs_total\{job="nap",state="completed"\} 1$/m);
  });

  it('prints an address that signs in once, and another one when asked, without the token in either', async () => {
    const box = await startSignalbox({ dataDir: place().dataDir, args: ['--log-level', 'debug'] });
    const signIn = (url: string) => ask(url);
    expect((await signIn(box.signInUrl)).status).toBe(303);
    expect((await signIn(box.signInUrl)).status).toBe(401);
    const another = await startInVain({ dataDir: box.dataDir, args: ['--sign-in'] });
    expect(another).toMatchObject({ code: 0, stderr: '' });
    const [, url = ''] =
      /^console (http\S+)\nSigns in one browser, once, within 10 minutes\.\n$/.exec(another.stdout) ?? [];
    expect((await signIn(url)).headers['set-cookie']).toHaveLength(1);
    await box.call('settings.update', { consoleUrl: 'https://console.example.com' });
    const { stdout } = await startInVain({ dataDir: box.dataDir, args: ['--sign-in'] });
    expect(stdout).toContain('\nconsole https://console.example.com/?code=');
    const ended = await box.end();
    for (const text of [
      ended.stdout,
      ended.stderr,
      another.stdout,
      readFileSync(join(box.dataDir, 'signalbox.log'), 'utf8'),
    ]) {
      expect(text).not.toContain(box.token);
    }
    // Its old port may be another program's by now.
    expectOneSentence(await startInVain({ dataDir: box.dataDir, args: ['--sign-in'] }), /no Signalbox is running on/);
  });

  it('keeps its token over a restart', async () => {
    const { dataDir } = place();
    const first = await startSignalbox({ dataDir });
    await first.end();
    const second = await started({ dataDir });
    expect(second.token).toBe(first.token);
  });

  it('takes options from the environment, where the command line does not say otherwise', async () => {
    const { dir, dataDir } = place();
    const other = join(dir, 'other');
    const box = await startSignalbox({ dataDir, env: { SIGNALBOX_DATA_DIR: other, SIGNALBOX_LOG_LEVEL: 'silent' } });
    const status = await box.call('app.status', {});
    const { stderr } = await box.end();
    expect(status.dataDir).toBe(dataDir);
    expect(existsSync(other)).toBe(false);
    expect(stderr).toBe('');
  });
});

describe('what its user can mend', () => {
  it('says that a port is taken, and which option chooses another', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const option of ['--receiver', '--console']) {
      const end = await startInVain({ dataDir: place().dataDir, args: [option, `127.0.0.1:${port}`] });
      expectOneSentence(end, new RegExp(`127\\.0\\.0\\.1:${port}.*${option}`));
    }
  });

  it('says that a config file is not there, or may not be read', async () => {
    const { dir, dataDir } = place();
    const missing = join(dir, 'missing.yaml');
    expectOneSentence(await startInVain({ dataDir, args: ['--config', missing] }), /missing\.yaml.*does not exist/);
    const asFolder = await startInVain({ dataDir, args: ['--config', dir] });
    expectOneSentence(asFolder, /cannot be (read|applied)/);
  });

  it('names file, line and field of what is wrong in a config file', async () => {
    const { dataDir } = place();
    const wrong = config().replace('concurrency: 2', 'concurrency: lots');
    const end = await startInVain({ dataDir, config: wrong });
    expectOneSentence(end, /signalbox\.yaml:5(:\d+)?\b.*concurrency/);
  });

  it('says where YAML itself breaks off', async () => {
    const end = await startInVain({ dataDir: place().dataDir, config: 'version: 1\nsources: [\n' });
    expectOneSentence(end, /signalbox\.yaml:\d+/);
  });

  it('says who owns the data directory and where that one is reached', async () => {
    const { dataDir } = place();
    const owner = await started({ dataDir });
    const end = await startInVain({ dataDir });
    expectOneSentence(end, new RegExp(`${owner.pid}.*${owner.consoleUrl}`));
    expect((await owner.call('app.status', {})).receiver.accepting).toBe(true);
  });

  it('has one winner when several start at once', async () => {
    const { dataDir } = place();
    const starts = await Promise.allSettled([1, 2, 3].map(() => startSignalbox({ dataDir })));
    const won = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    for (const box of won) onTestFinished(async () => void (await box.end()));
    expect(won).toHaveLength(1);
    for (const start of starts) {
      if (start.status === 'rejected')
        expect(String(start.reason)).toMatch(/ended with 2: .*in use by another Signalbox/);
    }
  });

  it('leaves a data directory of a newer version alone', async () => {
    const { dataDir } = place();
    await (await startSignalbox({ dataDir })).end();
    const db = new DatabaseSync(join(dataDir, 'signalbox.db'));
    db.exec('PRAGMA user_version = 9999');
    db.close();
    const before = readFileSync(join(dataDir, 'signalbox.db'));
    expectOneSentence(await startInVain({ dataDir }), /newer Signalbox.*9999/);
    expect(readFileSync(join(dataDir, 'signalbox.db')).equals(before)).toBe(true);
  });

  it('says that the data directory cannot be one', async () => {
    const { dir } = place();
    const file = join(dir, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    expectOneSentence(
      await startInVain({ dataDir: join(file, 'data') }),
      /data directory .* cannot be used.*--data-dir/,
    );
  });

  it('says what is wrong with an option', async () => {
    const { dataDir } = place();
    expectOneSentence(await startInVain({ dataDir, args: ['--receiver', 'nowhere'] }), /--receiver must be HOST:PORT/);
    expectOneSentence(await startInVain({ dataDir, args: ['--log-level', 'loud'] }), /--log-level must be one of/);
    expectOneSentence(await startInVain({ dataDir, args: ['--colour'] }), /unknown option.*--colour/);
  });
});

describe('stopping', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends within 20 s of ${signal} under load and loses nothing it acknowledged`, async () => {
      const { dataDir } = place();
      const box = await startSignalbox({ dataDir, config: config() });
      const acknowledged: string[] = [];
      let isOver = false;
      let number = 0;
      const sending = sendersAtOnce(
        16,
        () => isOver,
        async (agent) => {
          number += 1;
          const body = JSON.stringify({ type: 'load', id: `${signal}-${number}` });
          const headers = { 'content-type': 'application/json' };
          const url = `${box.receiverUrl}/in/crm`;
          const answer = await ask(url, { method: 'POST', body, headers, agent }).catch(() => null);
          if (answer === null) isOver = true;
          else if (answer.status === 202) acknowledged.push(...JSON.parse(answer.text).events);
        },
      );
      await expect.poll(() => acknowledged.length).toBeGreaterThan(500);
      const end = await box.end(signal);
      isOver = true;
      await sending;
      expect(end.code).toBe(0);
      expect(end.tookMs).toBeLessThan(20_000);
      // A clean end leaves nothing in the write-ahead log.
      const wal = join(dataDir, 'signalbox.db-wal');
      expect(existsSync(wal) ? statSync(wal).size : 0).toBe(0);
      const db = new DatabaseSync(join(dataDir, 'signalbox.db'));
      onTestFinished(() => db.close());
      const stored = new Set(
        db
          .prepare('SELECT id FROM events')
          .all()
          .map(({ id }) => id),
      );
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
      const unplanned = db.prepare(
        `SELECT count(*) AS n FROM events e JOIN event_types t ON t.id = e.type_id WHERE t.source = 'crm'
           AND (SELECT count(*) FROM runs r WHERE r.event_seq = e.seq) <> 1`,
      );
      expect(unplanned.get()?.n).toBe(0);
      expect(db.prepare("SELECT count(*) AS n FROM runs WHERE state = 'running'").get()?.n).toBe(0);
    });
  }
});
