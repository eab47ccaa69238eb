import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { caddySnippet, nginxSnippet } from '../../renderer/features/sources/model/proxy-snippets.ts';
import { findProgram } from '../../scripts/system-packages.mjs';
import { openApp } from '../runtime/open-app.ts';
import { selfSigned } from '../sources/self-signed.ts';
import { tempDir } from '../support/temp-store.ts';
import { ask } from './http.ts';
import { until } from './signalbox.ts';

/** The lines that the app and docs/operations.md show, taken at their word by the proxies themselves. */
const nginx = findProgram('nginx') ?? (existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : undefined);
const caddy = findProgram('caddy');
for (const [name, path] of Object.entries({ nginx, caddy })) {
  if (path === undefined) console.warn(`${name} is not installed: the lines for it are not tried here`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function startReceiver() {
  const app = await openApp();
  await app.call('settings.update', { trustedProxies: ['127.0.0.1/32'] });
  await app.call('sources.create', { slug: 'hub', name: 'Hub', preset: 'github', verify: { scheme: 'none' } });
  const { items } = await app.call('sources.presets', {});
  const maxBodyBytes = items.find(({ id }) => id === 'github')?.maxBodyBytes ?? 0;
  return { receiverUrl: app.runtime.receiverUrl, publicUrl: 'https://hooks.example.com', slug: 'hub', maxBodyBytes };
}

function run(program: string, args: readonly string[], cwd: string): ChildProcess {
  const child = spawn(program, args, { cwd, stdio: 'ignore', env: { PATH: process.env.PATH, HOME: cwd } });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  return child;
}

async function expectItToPass(base: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-github-event': 'push', 'x-github-delivery': '1' };
  const post = (path: string, bytes: number) =>
    ask(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify({ text: 'x'.repeat(bytes) }) });
  await until('the proxy answers', () => ask(`${base}/`).catch(() => null));
  expect((await post('/in/hub', 20 * 1024 * 1024)).status).toBe(202);
  expect((await post('/in/hub', 26 * 1024 * 1024).catch(() => ({ status: 413 }))).status).toBe(413);
  const keys = await ask(`${base}/.well-known/jwks.json`);
  expect(JSON.parse(keys.text)).toHaveProperty('keys');
  for (const path of ['/readyz', '/in/other', '/in/hubbub']) {
    expect((await ask(`${base}${path}`, { headers })).text).not.toContain('"error"');
  }
}

describe('the lines for nginx', () => {
  it.skipIf(nginx === undefined)('are valid, and let through what the source takes', async () => {
    const dir = tempDir();
    const facts = await startReceiver();
    const port = await freePort();
    const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(dir, 'key.pem'), keyPair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(join(dir, 'cert.pem'), selfSigned(keyPair, 'hooks.example.com'));
    const write = (name: string, server: string): string => {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${dir}/${kind};`,
      );
      const file = join(dir, name);
      writeFileSync(
        file,
        `daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/error.log; events {} http { access_log off; ${temporary.join(' ')}\n${server}\n}`,
      );
      return file;
    };
    for (const slug of ['hub', null]) {
      const lines = nginxSnippet({ ...facts, slug }).replace(
        /# ssl_certificate.*/,
        `ssl_certificate ${dir}/cert.pem; ssl_certificate_key ${dir}/key.pem;`,
      );
      const file = write('checked.conf', lines.replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`));
      expect(spawnSync(nginx ?? '', ['-t', '-p', dir, '-c', file], { encoding: 'utf8' }).stderr).toContain(
        'successful',
      );
    }
    run(
      nginx ?? '',
      ['-p', dir, '-c', write('run.conf', nginxSnippet(facts).replace('listen 443 ssl', `listen 127.0.0.1:${port}`))],
      dir,
    );
    await expectItToPass(`http://127.0.0.1:${port}`);
  });
});

describe('the lines for Caddy', () => {
  it.skipIf(caddy === undefined)('are valid, and let through what the source takes', async () => {
    const dir = tempDir();
    const facts = await startReceiver();
    const port = await freePort();
    const file = join(dir, 'Caddyfile');
    for (const slug of ['hub', null]) {
      writeFileSync(file, caddySnippet({ ...facts, slug }));
      const checked = spawnSync(caddy ?? '', ['validate', '--adapter', 'caddyfile', '--config', file], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: dir },
      });
      expect(checked.stderr + checked.stdout).toContain('Valid configuration');
    }
    const lines = caddySnippet(facts).replace('hooks.example.com', `http://127.0.0.1:${port}`);
    writeFileSync(file, `{\n  admin off\n}\n${lines}`);
    run(caddy ?? '', ['run', '--adapter', 'caddyfile', '--config', file], dir);
    await expectItToPass(`http://127.0.0.1:${port}`);
  });
});
