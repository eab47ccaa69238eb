import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createSubscriptionHandlers } from '../../../electron/console/handlers/subscriptions.ts';
import { guardedGet } from '../../../electron/outgoing/guarded-get.ts';
import type { FetchBytes } from '../../../electron/sources/verify/keys/sns-certificates.ts';
import { appCaller } from '../../../shared/contract/access/caller.ts';
import { selfSigned } from '../../sources/self-signed.ts';
import { delivery, draft, tempIntake, tempStore } from '../../support/temp-store.ts';

const host = 'sns.eu-west-1.amazonaws.com';
const TopicArn = 'arn:aws:sns:eu-west-1:310000004409:depot-orders';
const address = (at = host): string => `https://${at}/?Action=ConfirmSubscription&TopicArn=${TopicArn}&Token=t`;

/** A store with one delivery of a source that has this preset. */
async function open(event: { type?: string; SubscribeURL?: string; preset?: string }, fetchBytes?: FetchBytes) {
  const store = tempStore();
  const { intake } = tempIntake(store);
  const { type = 'sns.SubscriptionConfirmation', SubscribeURL = address(), preset = 'aws-sns' } = event;
  const { deliveryId } = await intake.accept(
    delivery([draft({ type, payload: { Type: 'SubscriptionConfirmation', TopicArn, SubscribeURL } })], {
      source: 'topic',
    }),
  );
  const handlers = createSubscriptionHandlers({ db: store.db, presetOf: () => preset, fetchBytes });
  return { confirm: (id = deliveryId) => handlers['sources.confirmSubscription']({ deliveryId: id }, appCaller) };
}

const portOf = (server: { address(): unknown }): number => {
  const at = server.address();
  if (typeof at !== 'object' || at === null || !('port' in at) || typeof at.port !== 'number')
    throw new Error('no port');
  return at.port;
};

/** Amazon on this machine, over TLS, its name led to loopback. */
async function startAmazon(status: number, headers: Record<string, string>, body: string) {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const cert = selfSigned(keys, host);
  const key = keys.privateKey.export({ format: 'pem', type: 'pkcs8' });
  const asked: string[] = [];
  const server = createServer({ key, cert }, (req, res) => {
    asked.push(req.url ?? '');
    res.writeHead(status, headers).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const fetchBytes: FetchBytes = (url) => {
    const local = new URL(url);
    local.port = String(portOf(server));
    return guardedGet(local, {
      maxBytes: 65_536,
      timeoutMs: 5000,
      ca: cert,
      lookup: (_name, options, callback) =>
        options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
    });
  };
  return { asked, fetchBytes };
}

it('asks Amazon once an operator agrees, and gives the subscription', async () => {
  const { asked, fetchBytes } = await startAmazon(
    200,
    {},
    `<r><SubscriptionArn>${TopicArn}:5f0c</SubscriptionArn></r>`,
  );
  const { confirm } = await open({}, fetchBytes);
  expect(asked).toEqual([]);
  expect(await confirm()).toEqual({ subscriptionArn: `${TopicArn}:5f0c` });
  expect(asked).toEqual([`/?Action=ConfirmSubscription&TopicArn=${TopicArn}&Token=t`]);
});

it('follows no redirect', async () => {
  const { asked, fetchBytes } = await startAmazon(302, { location: 'https://127.0.0.1/elsewhere' }, '');
  const { confirm } = await open({}, fetchBytes);
  await expect(confirm()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('302') });
  expect(asked).toHaveLength(1);
});

it('asks nobody else, nor for what is no confirmation', async () => {
  const never: FetchBytes = () => Promise.reject(new Error('asked'));
  for (const SubscribeURL of [
    address().replace('https', 'http'),
    address('evil.example'),
    address(`${host}.evil.example`),
    address('127.0.0.1'),
    address('169.254.169.254'),
  ]) {
    const { confirm } = await open({ SubscribeURL }, never);
    await expect(confirm()).rejects.toMatchObject({ code: 'invalid_input' });
  }
  await expect((await open({ type: 'sns.Notification' }, never)).confirm()).rejects.toMatchObject({
    code: 'wrong_state',
  });
  await expect((await open({ preset: 'generic' }, never)).confirm()).rejects.toMatchObject({ code: 'wrong_state' });
  await expect((await open({}, never)).confirm('dlv_none')).rejects.toMatchObject({ code: 'not_found' });
});

it('connects to no address of this network, and waits for no connection for long', async () => {
  for (const url of ['https://localhost/', 'https://127.0.0.1/', 'https://169.254.169.254/', 'https://[::1]/']) {
    await expect(guardedGet(new URL(url), { maxBytes: 10, timeoutMs: 5000 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/no public address|an IP address is not allowed/),
    });
  }
  // Takes the connection and never says a word of TLS.
  const silent = createTcpServer(() => undefined);
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  onTestFinished(() => void silent.close());
  const asking = guardedGet(new URL(`https://${host}:${portOf(silent)}/`), {
    maxBytes: 10,
    timeoutMs: 5000,
    connectTimeoutMs: 100,
    lookup: (_name, options, callback) =>
      options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
  });
  await expect(asking).rejects.toMatchObject({ message: `${host}:${portOf(silent)}: no connection within 0.1 s` });
});
