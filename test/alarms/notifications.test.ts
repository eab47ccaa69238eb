import { expect, it, vi } from 'vitest';
import { readIncidents } from '../../electron/store/alarms/incidents.ts';
import { readNotices } from '../../electron/store/alarms/notices.ts';
import type { AlarmChannel, AlarmSpec } from '../../shared/contract/alarms.ts';
import { receivingServer } from '../destinations/receiving-server.ts';
import { mailServer } from './mail-server.ts';
import { openAlarms } from './open-alarms.ts';

const disk = (slug: string, notify: AlarmChannel[]): AlarmSpec => ({
  slug,
  when: { kind: 'disk_free', below: 2 ** 30 },
  notify,
});

it('sends Slack one message for several alarms, at most one a minute', async () => {
  const server = await receivingServer();
  const app = openAlarms();
  const channel = { via: 'webhook', url: server.url, allowPrivate: true } as const;
  app.state.alarms = [
    disk('one', [channel]),
    { ...disk('two', [channel]), name: 'A <b> & c' },
    { ...disk('three', [channel]), when: { kind: 'source_silent', source: 'crm', after: '6m' } },
  ];
  app.state.freeBytes = 1000;
  await app.pass(6);
  expect(
    server.received.map(({ method, headers, text }) => [method, headers['content-type'], JSON.parse(text)]),
  ).toEqual([
    [
      'POST',
      'application/json',
      {
        text:
          '*Raised: one*\n1000 B free on the disk of the data directory. Limit: 1.0 GB. <https://ops.example.com/#/insights|Open>\n\n' +
          '*Raised: A &lt;b&gt; &amp; c*\n1000 B free on the disk of the data directory. Limit: 1.0 GB. <https://ops.example.com/#/insights|Open>',
      },
    ],
  ]);
  app.clock.nowMs += 61_000;
  await Promise.all([app.alarms().tick(), app.alarms().tick()]);
  expect(server.received).toHaveLength(2);
  expect(JSON.parse(server.received[1]?.text ?? '').text).toContain('*Raised: three*\nNo deliveries to crm yet');
});

it('tries a message again that was not accepted, after a restart too, and says what is wrong', async () => {
  const answers = [503, 500, 200];
  const server = await receivingServer((_request, response, count) => {
    response.statusCode = answers[count - 1] ?? 200;
    response.end('channel_is_archived');
  });
  const app = openAlarms();
  app.state.alarms = [disk('one', [{ via: 'webhook', url: server.url, allowPrivate: true }])];
  app.state.freeBytes = 1000;
  await app.pass(5);
  expect(server.received).toHaveLength(1);
  expect(readIncidents(app.store.reading, 'one', 1)).toMatchObject([
    { problem: `127.0.0.1:${server.port} answered 503: channel_is_archived.` },
  ]);
  await app.restart();
  await app.pass(4);
  expect(server.received).toHaveLength(3);
  expect(readNotices(app.store.reading)).toEqual([]);
  expect(readIncidents(app.store.reading, 'one', 1)).toMatchObject([{ problem: null }]);
});

it('keeps the problem of a channel while another one accepts its messages', async () => {
  const app = openAlarms();
  const problem = () => readIncidents(app.store.reading, 'one', 1)[0]?.problem;
  const server = await receivingServer(async ({ url }, response) => {
    response.statusCode = url === '/bad' ? 500 : 200;
    // The accepted message is the last one to be answered.
    if (url === '/good') await vi.waitUntil(() => typeof problem() === 'string', { timeout: 60_000 });
    response.end();
  });
  const channels = ['good', 'bad'].map((path) => ({
    via: 'webhook' as const,
    url: new URL(path, server.url).href,
    allowPrivate: true,
  }));
  app.state.alarms = [disk('one', channels)];
  app.state.freeBytes = 1000;
  await app.pass(5);
  expect(server.received.map(({ url }) => url).sort()).toEqual(['/bad', '/good']);
  expect(readNotices(app.store.reading)).toHaveLength(1);
  expect(problem()).toBe(`127.0.0.1:${server.port} answered 500.`);
});

it('reaches no private address unless the channel allows it', async () => {
  const server = await receivingServer();
  const app = openAlarms();
  await expect(app.alarms().send({ via: 'webhook', url: server.url }, 'x')).rejects.toThrow(/allowPrivate/);
  expect(server.received).toEqual([]);
});

it('sends an e-mail over SMTP with the stored password', async () => {
  const server = await mailServer({ user: 'alarms@example.com', password: 'hidden-password' });
  const app = openAlarms();
  app.state.smtp = {
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    user: 'alarms@example.com',
    password: { secret: 'smtp' },
    from: 'Signalbox <alarms@example.com>',
  };
  app.state.alarms = [disk('disk', [{ via: 'email', to: ['ada@example.com', 'bob@example.com'] }])];
  app.state.freeBytes = 1000;
  await app.pass(6);
  expect(server.mails).toMatchObject([
    { user: 'alarms@example.com', from: 'alarms@example.com', to: ['ada@example.com', 'bob@example.com'] },
  ]);
  const [mail] = server.mails;
  expect(mail?.text).toContain('Subject: [Signalbox] Raised: disk');
  expect(mail?.text).toContain('1000 B free on the disk of the data directory.');
  expect(mail?.text).toContain('https://ops.example.com/#/insights');
  app.state.smtp = { ...app.state.smtp, user: 'other' };
  await expect(app.alarms().send({ via: 'email', to: ['ada@example.com'] }, 'x')).rejects.toThrow(
    /127\.0\.0\.1:\d+: .*Invalid username or password/,
  );
  app.state.smtp = { ...app.state.smtp, host: '' };
  await expect(app.alarms().send({ via: 'email', to: ['ada@example.com'] }, 'x')).rejects.toThrow(/no SMTP server/);
});

it('counts what does not fit into one message', async () => {
  const server = await receivingServer();
  const app = openAlarms();
  const channel = { via: 'webhook', url: server.url, allowPrivate: true } as const;
  app.state.alarms = Array.from({ length: 23 }, (_, n) => disk(`disk-${n}`, [channel, { via: 'desktop' }]));
  app.state.freeBytes = 1000;
  await app.pass(6);
  expect(JSON.parse(server.received[0]?.text ?? '').text).toMatch(/\n\nand 3 more$/);
  expect(app.state.notes).toMatchObject([{ title: 'Alarms: 23 raised', path: '/alarms' }]);
});
