import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { importHooks } from '../../../electron/cli/import/import-hooks.ts';
import { findProgram } from '../../../scripts/system-packages.mjs';
import { type Answer, ask } from '../../process/http.ts';
import { until } from '../../process/signalbox.ts';
import { newDataDir, openApp } from '../../runtime/open-app.ts';
import { jsonLines, runCommand } from '../run-signalbox.ts';
import { type HookCase, hookCases, hooksFor } from './hook-cases.ts';

const webhook = findProgram('webhook');
if (webhook === undefined) console.warn('webhook is not installed: imported hooks are not compared with it');

/** Prints arguments and variables, and ends as it is told. */
function writeEcho(folder: string): string {
  const file = join(folder, 'echo.mjs');
  writeFileSync(
    file,
    `#!${process.execPath}
import { readFileSync } from 'node:fs';
const args = process.argv.slice(2);
const [, variable] = /^cat=(.*)$/.exec(args[0] ?? '') ?? [];
if (args.length > 0) process.stdout.write('arg: ' + args.join(' ') + '\\n');
const env = Object.entries(process.env).filter(([name]) => name.startsWith('HOOK_') && name !== variable).map(([name, value]) => name + '=' + value).sort();
if (env.length > 0) process.stdout.write('env: ' + env.join(' ') + '\\n');
if (variable !== undefined) process.stdout.write(readFileSync(process.env[variable]));
const [, code] = /^exit=(\\d+)$/.exec(args[0] ?? '') ?? [];
process.exitCode = Number(code ?? 0);
`,
  );
  chmodSync(file, 0o755);
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function startWebhook(hooksFile: string): Promise<string> {
  const port = await freePort();
  const child: ChildProcess = spawn(
    webhook ?? '',
    ['-hooks', hooksFile, '-ip', '127.0.0.1', '-port', String(port), '-nopanic'],
    { stdio: 'ignore', env: { PATH: process.env.PATH } },
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const url = `http://127.0.0.1:${port}`;
  await until('webhook answers', () => ask(`${url}/`).catch(() => null));
  return url;
}

/** The address of a hook in the app: its id as a slug. */
const addressOf = (id: string): string => `/in/${id.replaceAll('/', '-')}`;

const send = (url: string, { method = 'POST', query = '', headers, body }: HookCase): Promise<Answer> =>
  ask(`${url}${query}`, { method, headers, body });

function expectAnswer({ status, text, headers }: Answer, expected: HookCase, who: string): void {
  const seen = { who, title: `${expected.hook}: ${expected.title}`, status, text, ...headers };
  expect(seen).toMatchObject({ status: expected.status, ...expected.answers });
  if (typeof expected.answer === 'string') expect(seen).toMatchObject({ text: expected.answer });
  else expect(text, expected.title).toMatch(expected.answer);
}

async function importInto(place: string, hooksFile: string, ...options: string[]) {
  const file = join(place, 'signalbox.yaml');
  const result = await runCommand([
    'config',
    'import',
    '--from',
    'adnanh-webhook',
    hooksFile,
    '--out',
    file,
    ...options,
  ]);
  return { file, result };
}

it('gives the same requests the same answers', async () => {
  const place = newDataDir();
  mkdirSync(join(place, 'data'));
  const hooks = hooksFor(writeEcho(place), place);
  const hooksFile = join(place, 'hooks.json');
  writeFileSync(hooksFile, JSON.stringify(hooks));
  const { file, result } = await importInto(place, hooksFile, '--secrets', join(place, 'secrets'), '--json');
  expect(result.code).toBe(0);
  expect(jsonLines(result.stdout)).toMatchObject([
    { hook: 'form-with-json', what: 'trigger-rule-mismatch-http-response-code' },
    { hook: 'no-program', what: 'execute-command' },
  ]);
  const app = await openApp(join(place, 'data'), { configFile: file });
  const other = webhook === undefined ? null : await startWebhook(hooksFile);
  for (const each of hookCases) {
    expectAnswer(await send(`${app.runtime.receiverUrl}${addressOf(each.hook)}`, each), each, 'Signalbox');
    if (other !== null) expectAnswer(await send(`${other}/hooks/${each.hook}`, each), each, 'webhook');
  }
});

it('reads YAML as the program does', () => {
  const options = { isTemplate: false, secretsFolder: null, env: {} };
  const hooks = hooksFor('/bin/true', '/');
  expect(importHooks(stringify(hooks, { version: '1.1' }), options)).toEqual(
    importHooks(JSON.stringify(hooks), options),
  );
  const said =
    '- id: plain\n  execute-command: /bin/true\n  response-message: yes\n  incoming-payload-content-type: 12:30\n';
  const { yaml } = importHooks(said, options);
  expect(yaml).toContain('body: "true"');
  expect(yaml).toContain('contentType: 12:30');
});

it('makes definitions that can be compared and applied, with secrets by reference', async () => {
  const app = await openApp();
  const place = newDataDir();
  const hooksFile = join(place, 'hooks.json');
  writeFileSync(hooksFile, JSON.stringify(hooksFor('/bin/true', '/')));
  const printed = await runCommand(['config', 'import', '--from', 'adnanh-webhook', hooksFile]);
  expect(printed.code).toBe(0);
  expect(printed.stdout).not.toContain('tidewater');
  expect(printed.stdout).toContain('env: WEBHOOK_PUSH_SECRET');
  expect(printed.stderr).toContain('Set WEBHOOK_PUSH_SECRET in the environment of the server');
  expect(await runCommand(['config', 'validate', '-'], { input: printed.stdout })).toMatchObject({ code: 0 });

  const { file } = await importInto(place, hooksFile, '--secrets', join(place, 'secrets'));
  expect(readFileSync(join(place, 'secrets', 'push-secret'), 'utf8')).toBe('tidewater');
  const here = ['--data-dir', app.dataDir];
  const changes = jsonLines((await runCommand(['config', 'diff', file, ...here])).stdout);
  expect(changes).toHaveLength(3 * hooksFor('', '').length);
  expect((await runCommand(['config', 'apply', file, ...here])).code).toBe(0);
  expect(await app.call('listeners.get', { slug: 'push' })).toMatchObject({
    mode: 'enrich',
    where: { field: 'payload.ref', op: 'eq', value: 'refs/heads/main' },
  });
  expect((await app.call('sources.get', { slug: 'push' })).problem).toBeNull();
});

it('carries over variables of templates, and leaves out what only the program could carry out', async () => {
  const place = newDataDir();
  const hooksFile = join(place, 'hooks.json.tmpl');
  writeFileSync(
    hooksFile,
    `[{ "id": "first", "execute-command": "/bin/true", "response-message": "{{ getenv "GREETING" | js }}!",
      "trigger-rule": { "match": { "type": "payload-hmac-sha256", "secret": "{{ getenv "HUB" | js }}", "parameter": { "source": "header", "name": "X-Signature" } } } },
     { "id": "second", "execute-command": "/bin/true", {{/* a comment */}}
       "trigger-rule": { "match": { "type": "value", "value": "{{ cat "/run/secrets/token" }}", "parameter": { "source": "url", "name": "token" } } } },
     { "id": "third", "execute-command": "{{ .Program }}" }]`,
  );
  const result = await runCommand(['config', 'import', '--from', 'adnanh-webhook', hooksFile, '--template'], {
    env: { GREETING: 'hello' },
  });
  expect(result.code).toBe(1);
  expect(result.stdout).toContain('body: hello!');
  expect(result.stdout).toMatch(/secret:\s+env: HUB/);
  expect(result.stdout).toMatch(/secret:\s+file: \/run\/secrets\/token/);
  expect(result.stdout).not.toContain('third');
  expect(result.stderr).toMatch(
    /third +template +\{\{ \.Program \}\} can be executed only by the program\. The hook is left out\./,
  );
  const whole = await runCommand(['config', 'import', '--from', 'adnanh-webhook', '-', '--template'], {
    input: '{{ range .Hooks }}\n- id: {{ .Id }}\n{{ end }}',
  });
  expect(whole.code).toBe(2);
  expect(whole.stderr).toContain('import the file rendered');
});

it('says of each hook what could not be carried over, why, and what to do', async () => {
  const hooks = [
    {
      id: 'odd',
      'execute-command': './deploy.sh',
      'http-methods': ['HEAD', 'POST'],
      'made-up': true,
      'pass-arguments-to-command': [
        { source: 'header', name: 'Authorization' },
        { source: 'nowhere', name: 'x' },
      ],
      'pass-environment-to-command': [{ source: 'payload', name: 'a', envname: 'NOT A NAME' }],
      'parse-parameters-as-json': [{ source: 'header', name: 'X-Json' }],
      'trigger-rule': { match: { type: 'regex', regex: '(?=x)', parameter: { source: 'payload', name: 'a' } } },
    },
    { id: 'no-command' },
  ];
  const { notes, leftOut } = importHooks(JSON.stringify(hooks), { isTemplate: false, secretsFolder: null, env: {} });
  expect(notes.map(({ hook, what }) => `${hook}: ${what}`)).toEqual([
    'odd: made-up',
    'odd: parse-parameters-as-json',
    'odd: pass-arguments-to-command',
    'odd: pass-arguments-to-command',
    'odd: pass-environment-to-command',
    'odd: trigger-rule',
    'odd: http-methods',
    'odd: execute-command',
    'no-command: execute-command',
  ]);
  for (const { why, todo } of notes) expect(`${why} ${todo}`).toMatch(/\.$/);
  expect(leftOut).toEqual(['no-command']);
  const unknown = await runCommand(['config', 'import', '--from', 'elsewhere', '-'], { input: '[]' });
  expect(unknown.code).toBe(2);
});
