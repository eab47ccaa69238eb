import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { ask } from '../process/http.ts';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { callFromPage, clickMenuItem, consolePage, launchDesktop, statusFromPage } from './desktop.ts';
import { openWorkshop } from './workshop.ts';

/** TLS in front of a console, with a certificate that no system trusts. */
interface Front {
  url: string;
  fingerprint: string;
  /** Paths that were asked for, with whether a token came with them. */
  asked: { path: string; hasToken: boolean }[];
  close(): void;
}

function makeCertificate(dir: string, name: string): { key: string; cert: string } {
  const key = join(dir, `${name}.key`);
  const cert = join(dir, `${name}.pem`);
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...made, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  return { key, cert };
}

async function putTlsBefore(consoleUrl: string, files: { key: string; cert: string }, port = 0): Promise<Front> {
  const asked: Front['asked'] = [];
  const { hostname, port: consolePort } = new URL(consoleUrl);
  const server: Server = createServer(
    { key: readFileSync(files.key), cert: readFileSync(files.cert) },
    (request, response) => {
      asked.push({ path: request.url ?? '', hasToken: request.headers.authorization !== undefined });
      const passed = plainRequest(
        {
          hostname,
          port: consolePort,
          path: request.url,
          method: request.method,
          headers: request.headers,
        },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      passed.on('error', () => response.destroy());
      response.on('close', () => passed.destroy());
      request.pipe(passed);
    },
  );
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const printed = execFileSync('openssl', ['x509', '-in', files.cert, '-noout', '-fingerprint', '-sha256'], {
    encoding: 'utf8',
  });
  return {
    url: `https://127.0.0.1:${address.port}`,
    fingerprint: printed.trim().split('=')[1] ?? '',
    asked,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

let app: ElectronApplication;
let page: Page;
let server: Signalbox;
let front: Front;
let files: { key: string; cert: string };
let workshop: ReturnType<typeof openWorkshop>;
const place = makePlace();

const clickMenu = (id: string) => clickMenuItem(app, id);

test.beforeAll(async () => {
  workshop = openWorkshop();
  server = await startSignalbox({ dataDir: place.dataDir, config: workshop.config });
  files = makeCertificate(place.dir, 'server');
  front = await putTlsBefore(server.consoleUrl, files);
  // As for any proxy: the console is told which name it is reached by.
  await server.call('settings.update', { consoleUrl: front.url });
  app = await launchDesktop({ dataDir: workshop.dataDir, answers: [] });
  page = await consolePage(app);
  await expect(page.getByRole('contentinfo')).toContainText('Accepting');
});

test.afterAll(async () => {
  await app?.close();
  front?.close();
  await server?.end();
  workshop.remove();
  place.remove();
});

test('shows a server whose certificate was agreed to, says so, and goes back to this computer', async () => {
  const own = await statusFromPage(page);
  await clickMenu('connect');
  const form = page.getByRole('form', { name: 'Connect to a server' });
  await form.getByRole('textbox', { name: 'Address' }).fill(`${front.url}/`);
  await form.getByRole('button', { name: 'Continue' }).click();
  await expect(form.getByText('does not trust the certificate')).toBeVisible();
  await expect(form.getByText(front.fingerprint)).toBeVisible();
  // Looking at the certificate sent nothing.
  expect(front.asked).toEqual([]);
  const connect = form.getByRole('button', { name: 'Connect' });
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Ops server');
  await form.getByText('Token', { exact: true }).click();
  await form.locator('input[type=password]').fill('not the token');
  await expect(connect).toBeDisabled();
  await form.getByRole('checkbox', { name: /Trust this certificate/ }).check();
  await connect.click();
  await expect(form.getByText('does not accept this token')).toBeVisible();
  await form.getByText('Amber', { exact: true }).click();
  await form.locator('input[type=password]').fill(server.token);
  await connect.click();

  const shown = page.getByRole('contentinfo').getByRole('link', { name: 'Ops server' });
  await expect(shown).toBeVisible();
  await expect(page).toHaveTitle(/Ops server/);
  await expect(page.locator('[data-connection="amber"]')).toBeVisible();
  const remote = await statusFromPage(page);
  expect(remote.dataDir).toBe(place.dataDir);
  expect(remote.dataDir).not.toBe(own.dataDir);

  // Pushed, not fetched.
  await server.accept('shop', { type: 'order.paid', id: 'remote-1', amount: 42 });
  await expect(page.getByText('order.paid').first()).toBeVisible();
  workshop.release();
  // The page is this app's own: of the server, nothing but its contract is asked for.
  expect(page.url()).toMatch(/^app:\/\/signalbox\//);
  expect(front.asked.every(({ path, hasToken }) => path.startsWith('/api/') && hasToken)).toBe(true);

  await clickMenu('connection-local');
  await expect(shown).toBeHidden();
  await expect(page.getByRole('contentinfo').getByRole('link', { name: 'This computer' })).toBeVisible();
  expect((await statusFromPage(page)).dataDir).toBe(own.dataDir);
  await expect(page.getByText('order.paid')).toHaveCount(0);
});

test('notifies of a chosen server, and a click shows the run there', async () => {
  await clickMenu('connect');
  await page.getByRole('switch', { name: 'Notifications of Ops server' }).click({ force: true });
  const notes = () =>
    app.evaluate((): string[] =>
      Reflect.get(Reflect.get(globalThis, 'systemSeam'), 'notifications').map(({ title }: { title: string }) => title),
    );
  // The stream is open once the server has been asked for it.
  const streams = () => front.asked.filter(({ path }) => path === '/api/push').length;
  const before = streams();
  await expect.poll(streams).toBeGreaterThanOrEqual(before);
  await expect
    .poll(async () => {
      await server.accept('shop', { type: 'order.broken', id: `broken-${Date.now()}`, amount: 1 });
      return (await notes()).some((title) => title.startsWith('Ops server: '));
    })
    .toBe(true);
  await app.evaluate(() => {
    const noted = Reflect.get(Reflect.get(globalThis, 'systemSeam'), 'notifications');
    noted
      .find(({ title }: { title: string }) => title.startsWith('Ops server: '))
      .object.deref()
      .emit('click');
  });
  await expect(page.getByRole('contentinfo').getByRole('link', { name: 'Ops server' })).toBeVisible();
  await expect(page).toHaveURL(/#\/(runs\/.+|inbox)/);
});

test('a server that goes away and comes back with another certificate is not trusted', async () => {
  const port = Number(new URL(front.url).port);
  front.close();
  const footer = page.getByRole('contentinfo');
  await expect(footer).toContainText('Reconnecting…');
  const stranger = await putTlsBefore(server.consoleUrl, makeCertificate(place.dir, 'stranger'), port);
  // Tried again and again, and never given the token.
  await app.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3000)));
  expect(stranger.asked).toEqual([]);
  stranger.close();
  front = await putTlsBefore(server.consoleUrl, files, port);
  await expect(footer).toContainText('Connected');
  await clickMenu('go/live');
  await server.accept('shop', { type: 'order.paid', id: 'again-1', amount: 7 });
  await expect(page.getByText('order.paid').first()).toBeVisible();
});

test('two people with different roles work on one server, one in a browser and one in the desktop window', async ({
  browser,
}) => {
  const password = 'correct horse battery';
  const join = async (name: string, role: 'operator' | 'viewer') => {
    const { link } = await server.call('operators.add', { name, role });
    const code = /#\/join\/(.+)$/.exec(link.url ?? '')?.[1] ?? '';
    const joined = await ask(`${server.consoleUrl}/session/join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.consoleUrl },
      body: JSON.stringify({ code, password }),
    });
    expect(joined.status).toBe(200);
  };
  await join('ada', 'operator');
  await join('bob', 'viewer');

  // Ada, in the desktop window.
  await clickMenu('connect');
  await page.getByRole('button', { name: 'Remove Ops server' }).click();
  await expect(page.getByRole('contentinfo').getByText('Ops server')).toBeHidden();
  const form = page.getByRole('form', { name: 'Connect to a server' });
  await form.getByRole('textbox', { name: 'Address' }).fill(front.url);
  await form.getByRole('button', { name: 'Continue' }).click();
  await form.getByRole('checkbox', { name: /Trust this certificate/ }).check();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Ops server');
  await form.getByRole('textbox', { name: 'Account name' }).fill('ada');
  await form.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await form.getByRole('button', { name: 'Connect' }).click();
  await expect(form.getByRole('alert')).toBeVisible();
  await form.getByRole('textbox', { name: 'Password' }).fill(password);
  await form.getByRole('button', { name: 'Connect' }).click();
  await expect(page.getByRole('contentinfo').getByRole('link', { name: 'Ops server' })).toBeVisible();
  expect(await callFromPage(page, 'account.get', {})).toMatchObject({ name: 'ada', role: 'operator' });
  // An operator's window changes no settings.
  await expect(callFromPage(page, 'settings.update', { keepInTray: false })).rejects.toThrow();

  // Bob, in a browser.
  const context = await browser.newContext();
  const entered = await context.request.post(`${server.consoleUrl}/session`, {
    headers: { origin: server.consoleUrl },
    data: { name: 'bob', password },
  });
  expect(entered.status()).toBe(200);
  const console = await context.newPage();
  await console.goto(`${server.consoleUrl}/#/inbox`);
  await expect(console.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();

  // What ada acknowledges in the window leaves bob's inbox, with her name on the run.
  await server.accept('shop', { type: 'order.broken', id: 'two-people', amount: 1 });
  const failed = async () => (await server.call('runs.list', { state: 'failed' })).items[0];
  await expect.poll(async () => (await failed())?.needsAttention).toBe('acknowledgement');
  const run = await failed();
  if (run === undefined) throw new Error('no run failed');
  await expect(console.getByText('broken').first()).toBeVisible();
  await callFromPage(page, 'runs.acknowledge', { ids: [run.id] });
  await expect.poll(async () => (await server.call('runs.get', { id: run.id })).acknowledgedBy).toBe('ada');
  await context.close();
});

test('keeps the token from the disk where there is no keychain, and removes the connection', async () => {
  const file = join(workshop.dataDir, 'connections.json');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('Ops server');
  expect(text).not.toContain(server.token);
  expect(statSync(file).mode & 0o077).toBe(0);
  await clickMenu('connect');
  await page.getByRole('button', { name: 'Remove Ops server' }).click();
  await expect(page.getByRole('contentinfo').getByText('Ops server')).toBeHidden();
  await expect.poll(() => readFileSync(file, 'utf8')).not.toContain('Ops server');
  expect((await statusFromPage(page)).mode).toBe('desktop');
});
