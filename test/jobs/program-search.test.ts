import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mergeEnvironment } from '../../electron/jobs/process/child-environment.ts';
import { createJobEnvironment } from '../../electron/jobs/programs/job-environment.ts';
import { readLoginShellPath } from '../../electron/jobs/programs/login-shell-path.ts';
import { findProgram, thisSystem } from '../../electron/jobs/programs/program-search.ts';
import { jobSpecSchema } from '../../shared/contract/jobs.ts';
import { eventually } from '../support/eventually.ts';
import { defined, marked, nodeJob, openRunner } from './open-runner.ts';

const log = pino({ level: 'silent' });

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-path-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function program(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/** A shell whose profile is this code: it runs that and then what it is told to. */
const shellWith = (folder: string, profile: string): string =>
  program(folder, 'bash', `#!/bin/sh\n${profile}\nexec /bin/sh -c "$2"\n`);

describe('a program that is not there', () => {
  it('is reported with the PATH that was searched and what to do', async () => {
    const app = openRunner([
      defined({ slug: 'bad', kind: 'command', command: ['no-such-program'], env: { PATH: '/opt/none:/usr/lost' } }),
      defined({ slug: 'worse', kind: 'command', command: ['no-such-program'] }),
    ]);
    await app.runner.start();
    const row = await app.ended(await app.post('bad'));
    expect(row.error).toBe(
      "no-such-program was not found on PATH, which has /opt/none, /usr/lost (the job's own PATH); install it, give its full path in the job bad, or correct the PATH the job sets.",
    );
    expect((await app.ended(await app.post('worse'))).error).toMatch(
      /^no-such-program was not found on PATH, which has .*\/bin.* \(the PATH Signalbox was started with\); install it, .* or set PATH under the variables of the job\.$/,
    );
  });

  it('is told apart from one that may not be executed, and from one whose interpreter is missing', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'plain'), '#!/bin/sh\n');
    program(folder, 'lost', '#!/no/such/interpreter\n');
    const job = (slug: string) => defined({ slug, kind: 'command', command: [slug], env: { PATH: folder } });
    const app = openRunner([job('plain'), job('lost')]);
    await app.runner.start();
    expect((await app.ended(await app.post('plain'))).error).toMatch(
      /plain may not be executed \(.*\/plain\); make it/,
    );
    expect((await app.ended(await app.post('lost'))).error).toMatch(
      /the interpreter its first line names does not exist/,
    );
  });

  it('is found where the system would find it', () => {
    expect(findProgram('sh', { cwd: '/', env: { PATH: '/nowhere:/bin' } }, thisSystem)).toEqual({
      kind: 'found',
      file: '/bin/sh',
    });
    expect(findProgram('sh', { cwd: '/bin', env: { PATH: '' } }, thisSystem)).toMatchObject({ file: '/bin/sh' });
    expect(findProgram('./sh', { cwd: '/bin', env: {} }, thisSystem)).toMatchObject({ file: '/bin/sh' });
  });
});

describe('the PATH of a login shell', () => {
  it('is what programs see once its profile was read, whatever that prints', async () => {
    const shell = shellWith(newFolder(), 'echo "Welcome PATH=/not/this"; export PATH="/opt/tools/bin:/usr/bin:/bin"');
    expect(await readLoginShellPath(shell, { env: { PATH: '/usr/bin:/bin' }, timeoutMs: 20_000 })).toEqual({
      path: '/opt/tools/bin:/usr/bin:/bin',
    });
    expect(await readLoginShellPath('/bin/bash', { env: { PATH: '/usr/bin:/bin' }, timeoutMs: 20_000 })).toEqual({
      path: expect.stringContaining('/bin'),
    });
  });

  it.each([
    ['waits for input for ever', 'sleep 4321', /did not answer within 0.3 s/],
    ['ends with an error', 'exit 7', /ended with exit code 7 and printed no PATH/],
    ['prints without end', 'yes', /printed more than 1048576 bytes/],
  ])('is given up when its profile %s, and nothing of it is left', async (_, profile, problem) => {
    const folder = newFolder();
    const shell = shellWith(folder, `${profile} &\nwait $!\nexit $?`.replace('exit 7 &\nwait $!', 'exit 7'));
    const timeoutMs = profile.startsWith('sleep') ? 300 : 20_000;
    const read = await readLoginShellPath(shell, { env: { PATH: '/usr/bin:/bin', MARK: folder }, timeoutMs });
    expect(read).toEqual({ problem: expect.stringMatching(problem) });
    await eventually(() => expect(marked(folder)).toEqual([]));
  });

  it.each([
    ['/no/such/bash', /could not be started/],
    ['bash', /not the full path/],
    ['/bin/cat', /not a shell known here/],
  ])('is not asked of %s', async (shell, problem) => {
    expect(await readLoginShellPath(shell, { env: {}, timeoutMs: 20_000 })).toEqual({
      problem: expect.stringMatching(problem),
    });
  });

  it('is the PATH of jobs, which wait for it, and is shown with what was read', async () => {
    const folder = newFolder();
    program(folder, 'only-here', '#!/bin/sh\necho found\n');
    const environment = createJobEnvironment({ inheritedNames: () => [], log });
    const reading = environment.readLoginShell(shellWith(folder, `sleep 0.3; export PATH="${folder}:/usr/bin:/bin"`));
    expect(environment.show().loginShell).toMatchObject({ state: 'reading' });
    const app = openRunner(
      [
        defined({ slug: 'tool', kind: 'command', command: ['only-here'] }),
        defined({ slug: 'lost', kind: 'command', command: ['nowhere'] }),
      ],
      { environment },
    );
    await app.runner.start();
    const id = await app.post('tool');
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
    await reading;
    expect(environment.show()).toMatchObject({
      path: expect.arrayContaining([folder, '/usr/bin']),
      loginShell: { shell: join(folder, 'bash'), state: 'read', problem: null },
    });
    expect((await app.ended(await app.post('lost'))).error).toMatch(
      /\(the PATH of the login shell .*\/bash\).*add its folder to PATH in a profile of that shell and restart Signalbox/,
    );
  });

  it('that cannot be read leaves the app’s own, and says so', async () => {
    const environment = createJobEnvironment({ inheritedNames: () => [], log });
    await environment.readLoginShell('/no/such/zsh');
    expect(environment.show()).toMatchObject({
      loginShell: { state: 'failed', problem: expect.stringContaining('could not be started') },
      path: expect.arrayContaining(['/bin']),
    });
    expect(environment.searched(undefined).origin).toMatch(/started with, since \/no\/such\/zsh could not be started/);
    expect(environment.reading()).toBeNull();
  });
});

describe('variables of the app', () => {
  const secret = 'p4ss/word!';
  const proxy = `http://ada:${encodeURIComponent(secret)}@proxy.example:3128`;

  it('reach jobs that name them, or all of them by a setting, and no other; passwords in them are masked', async () => {
    process.env.HTTPS_PROXY = proxy;
    process.env.SSL_CERT_FILE = '/etc/corp.pem';
    process.env.NODE_EXTRA_CA_CERTS = '/etc/extra.pem';
    onTestFinished(() => {
      for (const name of ['HTTPS_PROXY', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']) delete process.env[name];
    });
    const code = `const { HTTPS_PROXY, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS } = process.env;
      console.log(HTTPS_PROXY, decodeURIComponent(HTTPS_PROXY ?? ''), SSL_CERT_FILE, NODE_EXTRA_CA_CERTS)`;
    const app = openRunner(
      [
        nodeJob('named', code, { inheritEnv: ['HTTPS_PROXY', 'NOT_SET_ANYWHERE'] }),
        nodeJob('own', code, { inheritEnv: ['HTTPS_PROXY'], env: { HTTPS_PROXY: 'http://own' } }),
        nodeJob('none', code),
      ],
      { inheritEnv: ['SSL_CERT_FILE'] },
    );
    await app.runner.start();
    const text = async (job: string): Promise<string[]> => {
      const id = await app.post(job);
      await app.ended(id);
      return app.text(id);
    };
    expect(await text('named')).toEqual([
      'stdout: http://ada:***@proxy.example:3128 http://ada:***@proxy.example:3128 /etc/corp.pem undefined',
    ]);
    expect(await text('own')).toEqual(['stdout: http://own http://own /etc/corp.pem undefined']);
    expect(await text('none')).toEqual(['stdout: undefined  /etc/corp.pem undefined']);
    expect(app.deps.environment.show()).toMatchObject({
      suggested: expect.arrayContaining(['HTTPS_PROXY', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']),
    });
    expect(app.deps.environment.show().passed).not.toContain('HTTPS_PROXY');
  });

  it.each(['SIGNALBOX_DATA_DIR', 'ELECTRON_RUN_AS_NODE', 'a b', ''])('named %j are refused', (name) => {
    expect(jobSpecSchema.safeParse({ slug: 'x', kind: 'command', command: ['x'], inheritEnv: [name] }).success).toBe(
      false,
    );
  });

  it('are one whatever case they have on Windows', () => {
    const layers = [{ Path: 'C:\\app', TEMP: 't' }, { PATH: 'C:\\job' }] as const;
    expect(mergeEnvironment('win32', ...layers)).toEqual({ TEMP: 't', PATH: 'C:\\job' });
    expect(mergeEnvironment('linux', ...layers)).toEqual({ Path: 'C:\\app', TEMP: 't', PATH: 'C:\\job' });
  });
});
