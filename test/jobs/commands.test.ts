import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defined, nodeJob, openRunner, shellJob } from './open-runner.ts';

describe('a command job', () => {
  it('gets the event on stdin and as a file, and hands back output, progress, annotations and an outcome', async () => {
    const code = `
      const { readFileSync, writeFileSync } = require('node:fs');
      const event = JSON.parse(readFileSync(0, 'utf8'));
      const same = readFileSync(process.env.SIGNALBOX_EVENT_PATH, 'utf8') === JSON.stringify(event);
      console.log('row', event.payload.row, same, event.headers['x-many']);
      console.error('to stderr');
      console.log('::progress percent=40::Loading rows');
      console.log('::warning::nearly full');
      const { SIGNALBOX_RUN_ID, SIGNALBOX_EVENT_ID, SIGNALBOX_EVENT_TYPE, SIGNALBOX_SOURCE, SIGNALBOX_ATTEMPT } = process.env;
      writeFileSync(process.env.SIGNALBOX_OUTCOME_PATH, JSON.stringify({ SIGNALBOX_RUN_ID, SIGNALBOX_EVENT_ID, SIGNALBOX_EVENT_TYPE, SIGNALBOX_SOURCE, SIGNALBOX_ATTEMPT }));`;
    const app = openRunner([nodeJob('import', code)]);
    await app.runner.start();
    const id = await app.post('import', { row: 7 });
    const row = await app.ended(id);
    expect(row).toMatchObject({ state: 'completed', exit_code: 0, attempt: 1, inbox: 0, error: null });
    expect(JSON.parse(row.outcome ?? '')).toEqual({
      SIGNALBOX_RUN_ID: id,
      SIGNALBOX_EVENT_ID: row.event_id,
      SIGNALBOX_EVENT_TYPE: 'import',
      SIGNALBOX_SOURCE: 'crm',
      SIGNALBOX_ATTEMPT: '1',
    });
    expect(JSON.parse(row.progress ?? '')).toEqual({ percent: 40, message: 'Loading rows' });
    expect(app.text(id).sort()).toEqual([
      'stderr: to stderr',
      'stdout: row 7 true one, two',
      'stdout: warning: nearly full',
    ]);
    expect(app.progress).toEqual([{ id, progress: { percent: 40, message: 'Loading rows' } }]);
    expect(app.changes.filter((run) => run.id === id).map((run) => run.state)).toEqual(['running', 'completed']);
    expect(app.lines.map((line) => line.text)).toContain('row 7 true one, two');
    await expect.poll(() => readdirSync(join(app.store.dir, 'run-temp'))).toEqual([]);
  });

  it('sees of the environment only what is allowed and what its definition names', async () => {
    process.env.CONSOLE_TOKEN_OF_TEST = 'not for jobs';
    const app = openRunner(
      [
        nodeJob(
          'env',
          "require('node:fs').writeFileSync(process.env.SIGNALBOX_OUTCOME_PATH, JSON.stringify(process.env))",
          {
            env: { REGION: 'eu' },
            secrets: { API_KEY: { secret: 'api-key' } },
          },
        ),
      ],
      { secrets: { 'api-key': 'sk-123456' } },
    );
    await app.runner.start();
    const row = await app.ended(await app.post('env'));
    delete process.env.CONSOLE_TOKEN_OF_TEST;
    const seen: Record<string, string> = JSON.parse(row.outcome ?? '');
    expect(seen).toMatchObject({ REGION: 'eu', API_KEY: '***', PATH: process.env.PATH });
    expect(Object.keys(seen).filter((name) => !name.startsWith('SIGNALBOX_') && !name.startsWith('LC_'))).toSatisfy(
      (names: string[]) => !names.includes('CONSOLE_TOKEN_OF_TEST') && names.every((name) => !name.startsWith('npm_')),
    );
  });

  it('inherits no descriptor of the app', async () => {
    const app = openRunner([shellJob('fds', 'ls -l /proc/$$/fd')]);
    await app.runner.start();
    const id = await app.post('fds');
    await app.ended(id);
    const open = app.text(id).filter((line) => line.includes(' -> '));
    expect(open.length).toBeGreaterThanOrEqual(3);
    expect(open.filter((line) => line.includes(app.store.dir) && !line.endsWith('/event.json'))).toEqual([]);
    // Descriptors of the app are sockets, pipes and epoll; a shell itself has only its three and the script's.
    expect(open.filter((line) => /socket:|anon_inode/.test(line)).length).toBeLessThanOrEqual(3);
  });

  it.each([
    [
      'an exit code with the last line of stderr',
      'echo "Cannot open file" >&2; exit 3',
      { reason: 'exit', exit_code: 3, error: 'exit code 3: Cannot open file' },
    ],
    ['a signal', 'kill -SEGV $$', { reason: 'signal', signal: 'SIGSEGV' }],
    [
      'an outcome that says so',
      'echo \'{"status":"failed","message":"no such customer"}\' > "$SIGNALBOX_OUTCOME_PATH"',
      { reason: 'outcome', exit_code: 0, error: 'no such customer' },
    ],
  ])('fails by %s and waits in the inbox', async (_, code, expected) => {
    const app = openRunner([shellJob('bad', code)]);
    await app.runner.start();
    const row = await app.ended(await app.post('bad'));
    expect(row).toMatchObject({ state: 'failed', inbox: 1, ...expected });
  });

  it.each([
    ['is not there', { command: ['no-such-program-here'] }, /no-such-program-here was not found on PATH/],
    ['has no such path', { command: ['./no/such'] }, /\.\/no\/such does not exist/],
    ['is a folder', { command: ['/usr/'] }, /\/usr\/ does not exist, or is a folder/],
    ['has no such folder', { command: ['true'], cwd: 'nowhere' }, /nowhere does not exist; create it or change "cwd"/],
    ['may not be executed', { command: ['/etc/passwd'] }, /may not be executed/],
  ])('says what to do when its program %s', async (_, spec, message) => {
    const app = openRunner([defined({ slug: 'bad', kind: 'command', ...spec })]);
    await app.runner.start();
    const row = await app.ended(await app.post('bad'));
    expect(row).toMatchObject({ state: 'failed', reason: 'spawn' });
    expect(row.error).toMatch(message);
  });

  it.each([
    [
      'too large',
      'head -c 300000 /dev/zero | tr "\\0" 1 > "$SIGNALBOX_OUTCOME_PATH"',
      /has 293 KiB; the limit is 256 KiB/,
    ],
    ['not JSON', 'echo nope > "$SIGNALBOX_OUTCOME_PATH"', /is not JSON/],
    ['a pipe', 'mkfifo "$SIGNALBOX_OUTCOME_PATH"', /is not a file/],
    ['a link', 'ln -s /etc/passwd "$SIGNALBOX_OUTCOME_PATH"', /cannot be read/],
    [
      'too deep',
      `node -e 'console.log("[".repeat(30000) + "]".repeat(30000))' > "$SIGNALBOX_OUTCOME_PATH"`,
      /levels deep|is not JSON/,
    ],
  ])('completes without an outcome, and says why, when that is %s', async (_, code, message) => {
    const app = openRunner([shellJob('odd', code)]);
    await app.runner.start();
    const id = await app.post('odd');
    expect(await app.ended(id)).toMatchObject({ state: 'completed', outcome: null });
    expect(app.text(id).join('\n')).toMatch(message);
  });

  it('works in the folder its definition stands in, or in one of its own', async () => {
    const app = openRunner([
      shellJob('own', 'pwd'),
      defined({ slug: 'theirs', kind: 'command', command: ['pwd'] }, '/usr'),
    ]);
    await app.runner.start();
    const [own, theirs] = [await app.post('own'), await app.post('theirs')];
    await app.ended(own);
    await app.ended(theirs);
    expect(app.text(own)).toEqual([`stdout: ${join(app.store.dir, 'work/own')}`]);
    expect(app.text(theirs)).toEqual(['stdout: /usr']);
    expect(existsSync(join(app.store.dir, 'work/theirs'))).toBe(false);
  });

  it('masks secrets in output, progress, annotations, error and outcome', async () => {
    const code = `
      const key = process.env.API_KEY;
      process.stdout.write('the key is ' + key.slice(0, 5));
      setTimeout(() => {
        process.stdout.write(key.slice(5) + ' indeed\\n::progress percent=1::' + key + '\\n::notice::' + key + '\\n::add-mask::later-one\\nlater-one\\n');
        require('node:fs').writeFileSync(process.env.SIGNALBOX_OUTCOME_PATH, JSON.stringify({ [key]: [key] }));
        console.error('failed with ' + key); process.exitCode = 1;
      }, 20);`;
    const app = openRunner([nodeJob('leaky', code, { secrets: { API_KEY: { secret: 'k' } } })], {
      secrets: { k: 'hunter2-hunter2' },
    });
    await app.runner.start();
    const id = await app.post('leaky');
    const row = await app.ended(id);
    expect(JSON.stringify([row, app.text(id), app.changes, app.progress, app.lines])).not.toContain('hunter2');
    expect(row).toMatchObject({ error: 'exit code 1: failed with ***', outcome: '{"***":["***"]}' });
    expect(app.text(id)).toContain('stdout: the key is *** indeed');
    expect(app.text(id)).toContain('stdout: ***');
    expect(readFileSync(app.store.databaseFile).includes('hunter2')).toBe(false);
  });
});
