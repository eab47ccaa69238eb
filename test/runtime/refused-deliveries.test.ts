import { request } from 'node:http';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openApp } from './open-app.ts';

/** As a tunnel passes it on: fetch does not let a Host be chosen. */
function postFor(host: string, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const req = request(
      url,
      { method: 'POST', headers: { host, 'content-length': Buffer.byteLength(body) } },
      (res) => {
        res.resume();
        res.on('end', () => resolve(res.statusCode ?? 0));
      },
    );
    req.on('error', reject);
    req.end(body);
  });
}

it('what the rate limit refuses raises an alert and is kept with its body', async () => {
  const app = await openApp();
  await app.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: { perSecond: 0.1, burst: 1 } });
  expect((await app.post('crm', { n: 1 })).status).toBe(202);
  expect((await app.post('crm', { n: 2 })).status).toBe(429);
  const { alerts } = await app.call('app.status', {});
  expect(alerts).toMatchObject([{ code: 'deliveries_refused', level: 'error' }]);
  expect(alerts[0]?.message).toContain('1 to "crm"');
  await eventually(async () => {
    const { items } = await app.call('deliveries.list', { source: 'crm', result: 'refused' });
    expect(items).toMatchObject([{ status: 429, bodyBytes: 7 }]);
    const kept = await app.call('deliveries.get', { id: items[0]?.id ?? '' });
    expect(kept.body).toEqual({ encoding: 'text', data: '{"n":2}', truncated: false });
  });
});

it('a host that is accepted counts at once', async () => {
  const app = await openApp();
  await app.call('sources.create', { slug: 'crm', preset: 'generic' });
  const url = `${app.runtime.receiverUrl}/in/crm`;
  expect(await postFor('abc.ngrok-free.app', url, '{}')).toBe(421);
  await app.call('settings.update', { acceptedHosts: ['ABC.ngrok-free.app'] });
  expect(await postFor('abc.ngrok-free.app', url, '{}')).toBe(202);
  await expect(app.call('settings.update', { acceptedHosts: ['https://abc.example/'] })).rejects.toThrow();
});

it('the body of a refused delivery that is longer than what is kept is shown as cut', async () => {
  const app = await openApp();
  await app.call('sources.create', { slug: 'crm', preset: 'generic', maxBodyBytes: 1000 });
  expect((await app.post('crm', JSON.stringify('x'.repeat(100_000)))).status).toBe(413);
  await eventually(async () => {
    const { items } = await app.call('deliveries.list', { source: 'crm', result: 'refused' });
    expect(items).toMatchObject([{ status: 413, bodyBytes: 100_002 }]);
    const { body } = await app.call('deliveries.get', { id: items[0]?.id ?? '' });
    expect([body.data.length, body.truncated]).toEqual([64 * 1024, true]);
  });
});
