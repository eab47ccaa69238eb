import { createServer } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { readUpdateFeed } from '../../electron/desktop/updates/update-feed.ts';
import { followUpdates } from '../../electron/desktop/updates/update-notice.ts';
import { capturedLog } from '../console/captured-log.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A feed that answers with what it is told to, and counts how often it was asked. */
async function serveFeed(answer: () => { status?: number; body: string }) {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    const { status = 200, body } = answer();
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/latest.json`, asked: () => asked };
}

const release = (version: string) => JSON.stringify({ version, url: 'https://example.com/signalbox' });

it.each([
  ['1.3.0', '1.3.0'],
  ['1.2.0', null],
  ['1.1.9', null],
  // A preview comes before its release.
  ['1.2.0-beta.1', null],
  ['1.10.0', '1.10.0'],
])('version %s of a feed is told of to 1.2.0 as %s', async (version, expected) => {
  const feed = await serveFeed(() => ({ body: release(version) }));
  expect((await readUpdateFeed(feed.url, '1.2.0', fetch))?.version ?? null).toBe(expected);
});

it.each([
  ['HTTP 404', { status: 404, body: 'not here' }],
  ['not JSON', { body: '<html>' }],
  ['version must be a version', { body: release('newest') }],
  ['https address', { body: JSON.stringify({ version: '2.0.0', url: 'javascript:alert(1)' }) }],
  ['longer than 64 KB', { body: `${release('2.0.0')}${' '.repeat(70_000)}` }],
])('a feed that cannot be used is named with why: %s', async (why, answer) => {
  const feed = await serveFeed(() => answer);
  await expect(readUpdateFeed(feed.url, '1.2.0', fetch)).rejects.toThrow(why);
  await expect(readUpdateFeed(feed.url, '1.2.0', fetch)).rejects.toThrow(feed.url);
});

function follow(feed: () => string) {
  const tell = vi.fn();
  let daily = (): void => undefined;
  let changed = (): void => undefined;
  const notice = followUpdates({
    version: '1.2.0',
    feed,
    get: fetch,
    tell,
    onChange: () => changed(),
    log: capturedLog().log,
    every(_ms, callback) {
      daily = callback;
      return () => undefined;
    },
  });
  return { notice, tell, daily: () => daily(), change: () => new Promise<void>((resolve) => (changed = resolve)) };
}

it('looks at start and daily, tells of each version once, and keeps it while the feed is away', async () => {
  let answer: { status?: number; body: string } = { body: release('1.3.0') };
  const feed = await serveFeed(() => answer);
  const { notice, tell, daily, change } = follow(() => feed.url);
  await change();
  expect(tell).toHaveBeenCalledExactlyOnceWith({ version: '1.3.0', url: 'https://example.com/signalbox' });
  let next = change();
  daily();
  await next;
  expect(tell).toHaveBeenCalledTimes(1);
  answer = { status: 500, body: '' };
  next = change();
  daily();
  await next;
  expect(notice.state()).toMatchObject({
    available: { version: '1.3.0' },
    problem: expect.stringContaining('HTTP 500'),
  });
  answer = { body: release('1.4.0') };
  await notice.check();
  expect(tell).toHaveBeenCalledTimes(2);
  expect(notice.state()).toMatchObject({ available: { version: '1.4.0' }, problem: null });
  expect(feed.asked()).toBe(4);
});

it('asks nobody where no feed is configured', async () => {
  const feed = await serveFeed(() => ({ body: release('9.0.0') }));
  const { notice, tell } = follow(() => '');
  await notice.check();
  expect(feed.asked()).toBe(0);
  expect(tell).not.toHaveBeenCalled();
  expect(notice.state()).toEqual({ available: null, checkedAt: null, problem: null });
});
