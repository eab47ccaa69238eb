import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findProgram } from '../../scripts/system-packages.mjs';
import {
  caddyConsoleSnippet,
  haproxyConsoleSnippet,
  nginxConsoleSnippet,
} from '../../shared/proxy/console-snippets.ts';
import type { ConsoleFacts, ProxyFacts } from '../../shared/proxy/proxy-facts.ts';
import { caddySnippet, haproxySnippet, nginxSnippet } from '../../shared/proxy/receiver-snippets.ts';
import { selfSigned } from '../sources/self-signed.ts';
import type { ProxyPlace } from './proxy-client.ts';

export interface ProxySetup {
  receiver: ProxyFacts;
  console: ConsoleFacts;
}

/** A proxy as Debian has it; `write` gives the file it is started with. */
interface ProxyProgram {
  name: string;
  path: string | undefined;
  args(file: string): string[];
  /** The lines that the app shows, as they are but for the port, the certificate and files of its own. */
  write(setup: ProxySetup, at: { dir: string; port: number; cert: string; key: string; pem: string }): string;
}

/** A start takes longer than 30 seconds on a machine that has much else to do. */
const heldSeconds = 280;

const sbin = (name: string): string | undefined =>
  findProgram(name) ?? (existsSync(`/usr/sbin/${name}`) ? `/usr/sbin/${name}` : undefined);

export const proxyPrograms: readonly ProxyProgram[] = [
  {
    name: 'nginx',
    path: sbin('nginx'),
    args: (file) => ['-c', file],
    write({ receiver, console }, { dir, port, cert, key }) {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${dir}/${kind};`,
      );
      const servers = [nginxSnippet(receiver), nginxConsoleSnippet(console)].map((lines) =>
        lines
          .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
          .replace(/# ssl_certificate.*/, `ssl_certificate ${cert}; ssl_certificate_key ${key};`),
      );
      return `daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/error.log; events {}
http { access_log off; ${temporary.join(' ')}\n${servers.join('\n')}\n}`;
    },
  },
  {
    name: 'Caddy',
    path: findProgram('caddy'),
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
    write({ receiver, console }, { cert, key }) {
      const sites = [caddySnippet(receiver), caddyConsoleSnippet(console)].map((lines) =>
        lines.replace('{\n', `{\n  bind 127.0.0.1\n  tls ${cert} ${key}\n`),
      );
      return `{\n  admin off\n  auto_https disable_redirects\n}\n${sites.join('\n')}\n`;
    },
  },
  {
    name: 'HAProxy',
    path: sbin('haproxy'),
    args: (file) => ['-db', '-f', file],
    write({ receiver, console }, { port, pem }) {
      const [frontend = '', ...backends] = haproxySnippet(receiver).split('\n\n');
      const [inFrontend = '', consoleBackend = ''] = haproxyConsoleSnippet(console).split('\n\n');
      const lines = frontend.replace(':443', `127.0.0.1:${port}`).replace('/etc/haproxy/certs/', pem);
      const held = backends.join('\n\n').replace(/retries \d+/, `retries ${heldSeconds}`);
      return `${lines}\n${inFrontend}\n\n${held}\n\n${consoleBackend}\n`;
    },
  },
];

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts a proxy in front of both servers, with a certificate for every name below example.com. */
export function startProxy(program: ProxyProgram, setup: ProxySetup, dir: string, port: number): ProxyPlace {
  const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ca = selfSigned(keyPair, '*.example.com');
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem'), pem: join(dir, 'both.pem') };
  const key = keyPair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  writeFileSync(files.cert, ca);
  writeFileSync(files.key, key);
  writeFileSync(files.pem, ca + key);
  const file = join(dir, 'proxy.conf');
  writeFileSync(file, program.write(setup, { dir, port, ...files }));
  const child: ChildProcess = spawn(program.path ?? '', program.args(file), {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let isEnding = false;
  child.on('exit', () => {
    const log = join(dir, 'error.log');
    if (!isEnding) console.error(`${program.name} ended: ${said}${existsSync(log) ? readFileSync(log, 'utf8') : ''}`);
  });
  onTestFinished(async () => {
    isEnding = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await once(child, 'exit');
    clearTimeout(timer);
  });
  return { port, ca };
}
