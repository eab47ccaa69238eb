import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** What it was asked to connect to, and by whom. */
export interface Connected {
  to: string;
  authorization: string | null;
}

const program = `
import { createServer } from 'node:http';
import { connect } from 'node:net';
const [leadsTo, status] = process.argv.slice(1);
const server = createServer((request, response) => response.writeHead(405).end());
server.on('connect', (request, client, head) => {
  console.log(JSON.stringify({ to: request.url, authorization: request.headers['proxy-authorization'] ?? null }));
  if (status !== '200') return client.end('HTTP/1.1 ' + status + ' No\\r\\nContent-Length: 0\\r\\n\\r\\n');
  const [, port] = /:(\\d+)$/.exec(request.url);
  const target = connect(Number(leadsTo || port), '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\\r\\n\\r\\n');
    target.write(head);
    target.pipe(client);
    client.pipe(target);
  });
  target.on('error', () => client.destroy());
  client.on('error', () => target.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

/**
 * A proxy in a process of its own, that connects to a port of this machine, whatever name it is asked for: the name's own
 * or `leadsTo`. Ended with the test.
 */
export async function proxyProcess({ leadsTo = 0, status = 200 } = {}) {
  const args = ['--input-type=module', '-e', program, '--', leadsTo === 0 ? '' : String(leadsTo), String(status)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const connected: Connected[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    child.on('exit', (code) => reject(new Error(`the proxy ended with ${code}`)));
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (/^\d+$/.test(line)) resolve(Number(line));
        else connected.push(JSON.parse(line));
      }
    });
  });
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, port, connected };
}
