import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { guardedGet } from '../../electron/outgoing/guarded-get.ts';
import { createAwsSns } from '../../electron/sources/presets/aws-sns/aws-sns.ts';
import { confirmSubscription, readSubscribeUrl } from '../../electron/sources/presets/aws-sns/sns-subscription.ts';
import { type FetchBytes, readCertificateUrl } from '../../electron/sources/verify/keys/sns-certificates.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { selfSigned } from './self-signed.ts';
import { bigText, startSource } from './start-source.ts';

const preset = 'aws-sns';
const host = 'sns.eu-west-1.amazonaws.com';
const certificatePath = '/SimpleNotificationService-0123456789abcdef.pem';
const topicArn = 'arn:aws:sns:eu-west-1:310000004409:depot-orders';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const certificate = selfSigned(keys, host);
const serverOptions: ServerOptions = {
  key: keys.privateKey.export({ format: 'pem', type: 'pkcs8' }),
  cert: certificate,
};

/** Amazon on this machine: real HTTPS, reached by the product's own way of asking, with the name led to loopback. */
async function startAmazon(answer: { status?: number; body?: string; delayed?: boolean; location?: string } = {}) {
  const asked: string[] = [];
  const server = createServer(serverOptions, (req, res) => {
    asked.push(req.url ?? '');
    if (answer.delayed) return;
    res.writeHead(answer.status ?? 200, answer.location === undefined ? {} : { location: answer.location });
    res.end(answer.body ?? certificate);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? portOf(address) : 0;
  const fetchBytes: FetchBytes = (url) => {
    const local = new URL(url);
    local.port = String(port);
    return guardedGet(local, {
      maxBytes: 64 * 1024,
      timeoutMs: answer.delayed ? 50 : 5000,
      ca: certificate,
      lookup: (_name, options, callback) =>
        options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
    });
  };
  return { asked, fetchBytes };
}
const portOf = ({ port }: AddressInfo): number => port;

async function start(spec = {}, answer: Parameters<typeof startAmazon>[0] = {}) {
  const amazon = await startAmazon(answer);
  const known = new Map([[preset, createAwsSns(amazon.fetchBytes)]]);
  const started = await startSource({ preset, verify: { topics: [topicArn] }, ...spec }, {}, undefined, known);
  return {
    ...started,
    ...amazon,
    deliver: (message: object | string, headers: Record<string, string> = {}) =>
      started.post(message, { 'content-type': 'text/plain; charset=UTF-8', ...headers }),
  };
}

interface Fields {
  [name: string]: string | undefined;
}

/** A message as SNS documents it, signed over its text. */
function sign(change: Fields = {}, { version = '2', key = keys.privateKey } = {}): Fields {
  const message: Fields = {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: topicArn,
    Message: '{"order":1044}',
    Timestamp: new Date().toISOString(),
    SignatureVersion: version,
    SigningCertURL: `https://${host}${certificatePath}`,
    UnsubscribeURL: `https://${host}/?Action=Unsubscribe`,
    ...change,
  };
  const names =
    message.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('');
  const Signature = createSign(version === '1' ? 'sha1' : 'sha256')
    .update(text)
    .sign(key, 'base64');
  return { ...message, Signature };
}

const confirmation = (change: Fields = {}): Fields =>
  sign({
    Type: 'SubscriptionConfirmation',
    Message: 'You have chosen to subscribe to the topic.',
    Token: 'a-long-token',
    SubscribeURL: `https://${host}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=a-long-token`,
    ...change,
  });

test('a notification is verified in both versions, and its JSON is read', async () => {
  const { deliver, asked } = await start();
  for (const version of ['1', '2']) {
    const message = sign(
      { MessageId: `m-${version}`, Subject: 'Order', Timestamp: new Date().toISOString() },
      { version },
    );
    const { status, events } = await deliver(message);
    expect(status).toBe(200);
    expect(events).toMatchObject([
      {
        type: 'sns.Notification',
        system: 'aws-sns',
        externalId: `m-${version}`,
        occurredAt: message.Timestamp,
        context: { topicArn, topic: 'depot-orders', region: 'eu-west-1', account: '310000004409', subject: 'Order' },
        payload: { ...message, Message: { order: 1044 } },
        verification: { state: 'verified', scheme: 'sns', detail: `version ${version}` },
      },
    ]);
  }
  // Fetched once, then kept.
  expect(asked).toEqual([certificatePath]);
});

test.each(['just text', '42', '{"broken":'])('a message %j stays as it is', async (Message) => {
  const { deliver } = await start();
  expect((await deliver(sign({ Message }))).events).toMatchObject([{ payload: { Message } }]);
});

test('a repeat is a duplicate', async () => {
  const { deliver } = await start();
  const message = sign();
  await deliver(message);
  expect((await deliver(message)).delivery.result).toBe('duplicate');
});

test('deliveries at the same time ask for the certificate once', async () => {
  const { deliver, asked } = await start();
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => deliver(sign())));
  expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(asked).toHaveLength(1);
});

describe('a subscription', () => {
  test('that an operator agreed to is confirmed at the address of its message', async () => {
    const body = `<ConfirmSubscriptionResponse><SubscriptionArn>${topicArn}:5f0c</SubscriptionArn></ConfirmSubscriptionResponse>`;
    const { asked, fetchBytes } = await startAmazon({ body });
    const SubscribeURL = `https://${host}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=a-long-token`;
    expect(await confirmSubscription({ TopicArn: topicArn, SubscribeURL }, fetchBytes)).toBe(`${topicArn}:5f0c`);
    expect(asked).toEqual([new URL(SubscribeURL).pathname + new URL(SubscribeURL).search]);
    const declined = await startAmazon({ status: 400 });
    const refused = confirmSubscription({ TopicArn: topicArn, SubscribeURL }, declined.fetchBytes);
    await expect(refused).rejects.toThrow('it answered 400');
  });

  test('becomes an event without a word to Amazon but for the certificate', async () => {
    const { deliver, asked } = await start();
    const { status, events } = await deliver(confirmation());
    expect(status).toBe(200);
    expect(events).toMatchObject([
      { type: 'sns.SubscriptionConfirmation', context: { topicArn }, payload: { Token: 'a-long-token' } },
    ]);
    expect(asked).toEqual([certificatePath]);
  });

  test.each([
    ['http', `http://${host}/?Action=ConfirmSubscription&TopicArn=${topicArn}`],
    [
      'another host',
      `https://sns.eu-west-1.amazonaws.com.evil.example/?Action=ConfirmSubscription&TopicArn=${topicArn}`,
    ],
    ['another port', `https://${host}:444/?Action=ConfirmSubscription&TopicArn=${topicArn}`],
    ['a name before the host', `https://a@${host}/?Action=ConfirmSubscription&TopicArn=${topicArn}`],
    ['another action', `https://${host}/?Action=DeleteTopic&TopicArn=${topicArn}`],
    ['another topic', `https://${host}/?Action=ConfirmSubscription&TopicArn=${topicArn}2`],
    ['no address', 'hello'],
  ])('with %s is not confirmed', async (_name, SubscribeURL) => {
    const never: FetchBytes = () => Promise.reject(new Error('asked'));
    await expect(confirmSubscription({ TopicArn: topicArn, SubscribeURL }, never)).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(() => readSubscribeUrl(null)).toThrow(AppError);
  });
});

describe('a signature', () => {
  const hourMs = 3_600_000;
  const at = (shiftMs: number) => ({ Timestamp: new Date(Date.now() + shiftMs).toISOString() });
  test.each<[string, () => Fields, number, string | undefined]>([
    ['right', () => sign(), 200, undefined],
    ['of another key', () => sign({}, { key: stranger.privateKey }), 401, 'signature_mismatch'],
    ['of another message', () => ({ ...sign(), Message: 'else' }), 401, 'signature_mismatch'],
    ['with a subject added', () => ({ ...sign(), Subject: 'else' }), 401, 'signature_mismatch'],
    ['of the other version', () => ({ ...sign(), SignatureVersion: '1' }), 401, 'signature_mismatch'],
    ['of a version nobody knows', () => sign({ SignatureVersion: '3' }), 401, 'signature_malformed'],
    ['missing', () => ({ ...sign(), Signature: undefined }), 401, 'signature_missing'],
    ['cut short', () => ({ ...sign(), Signature: 'AAAA' }), 401, 'signature_mismatch'],
    ['malformed', () => ({ ...sign(), Signature: 'no!' }), 401, 'signature_malformed'],
    ['of another type', () => ({ ...sign(), Type: 'SubscriptionConfirmation' }), 401, 'signature_mismatch'],
    ['of another topic', () => sign({ TopicArn: `${topicArn}-2` }), 401, 'topic_not_listed'],
    ['half an hour old', () => sign(at(-hourMs / 2)), 200, undefined],
    ['old', () => sign(at(-1.1 * hourMs)), 401, 'timestamp_too_old'],
    ['of the future', () => sign(at(1.1 * hourMs)), 401, 'timestamp_in_future'],
    ['without a time', () => sign({ Timestamp: 'soon' }), 401, 'timestamp_malformed'],
    [
      'by another certificate',
      () => sign({ SigningCertURL: 'https://evil.example/a.pem' }),
      401,
      'certificate_not_amazon',
    ],
  ])('%s is answered as it deserves', async (_name, message, status, code) => {
    const outcome = await (await start()).deliver(message());
    expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
  });

  test('of raw message delivery is told how to come by', async () => {
    const outcome = await (await start()).deliver('{"order":1}', { 'x-amz-sns-rawdelivery': 'true' });
    expect([outcome.status, outcome.reason?.message]).toEqual([401, expect.stringContaining('raw message delivery')]);
  });

  test('of raw message delivery is an event, by id and topic of the headers, where nothing has to be signed', async () => {
    const raw = {
      'x-amz-sns-rawdelivery': 'true',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': 'm-1',
      'x-amz-sns-topic-arn': topicArn,
      'content-type': 'text/plain; charset=UTF-8',
    };
    const open = await startSource({ preset, verify: { scheme: 'none' } });
    const found = await open.post('{"order":1}', raw);
    expect(found.events).toMatchObject([
      {
        type: 'sns.Notification',
        externalId: 'm-1',
        context: { topicArn, topic: 'depot-orders', region: 'eu-west-1', raw: true },
        payload: { order: 1 },
      },
    ]);
    expect((await open.post('{"order":1}', raw)).delivery.result).toBe('duplicate');
    expect((await open.post('hello', { ...raw, 'x-amz-sns-message-id': 'm-2' })).events[0]?.payload).toBe('hello');
    expect((await open.post('', { ...raw, 'x-amz-sns-message-id': 'm-3' })).events[0]?.payload).toBeNull();
    const secrets = { KEY: 'the-token-in-the-address' };
    const byToken = await startSource({ preset, verify: { scheme: 'token', secret: { env: 'KEY' } } }, secrets);
    expect((await byToken.post('{"order":1}', raw, `?key=${secrets.KEY}`)).events).toMatchObject([
      { externalId: 'm-1', verification: { state: 'verified', scheme: 'token' } },
    ]);
    expect((await byToken.post('{"order":1}', raw, '?key=else')).status).toBe(401);
  });

  test('counts for all topics of an account where the source says so', async () => {
    const { deliver } = await start({ verify: { topics: ['arn:aws:sns:eu-west-1:310000004409:*'] } });
    expect((await deliver(sign({ TopicArn: `${topicArn}-2` }))).status).toBe(200);
    const other = sign({ TopicArn: 'arn:aws:sns:eu-west-1:310000004410:depot-orders' });
    expect((await deliver(other)).reason?.code).toBe('topic_not_listed');
  });
});

test.each([
  `http://${host}${certificatePath}`,
  `https://${host}:8443${certificatePath}`,
  `https://user@${host}${certificatePath}`,
  `https://${host}.evil.example${certificatePath}`,
  `https://evil.example/${host}${certificatePath}`,
  `https://s3.eu-west-1.amazonaws.com${certificatePath}`,
  `https://x.sns.eu-west-1.amazonaws.com${certificatePath}`,
  `https://sns.127.0.0.1.amazonaws.com${certificatePath}`,
  `https://${host}/a/../../b.pem?x=1`,
  `https://${host}${certificatePath}#x`,
  `https://${host}/bucket/key.pem`,
  'https://127.0.0.1/a.pem',
  'nonsense',
])('%s is no address of a certificate', (text) => {
  expect(readCertificateUrl(text)).toBeNull();
});

test.each(['eu-west-1', 'us-gov-west-1', 'ap-southeast-3'])('%s has certificates', (region) => {
  expect(readCertificateUrl(`https://sns.${region}.amazonaws.com${certificatePath}`)?.pathname).toBe(certificatePath);
  expect(readCertificateUrl(`https://sns.${region}.amazonaws.com.cn${certificatePath}`)).not.toBeNull();
});

describe('when the certificate cannot be had', () => {
  const old = { fromMs: Date.now() - 2 * 86_400_000, toMs: Date.now() - 86_400_000 };
  test.each<[string, Parameters<typeof startAmazon>[0], string]>([
    ['because it does not exist', { status: 404 }, 'it answered 404'],
    ['because it is elsewhere', { status: 302, location: 'http://127.0.0.1/' }, 'it answered 302'],
    ['because nobody answers', { delayed: true }, 'no answer within'],
    ['because it is none', { body: 'hello' }, 'no certificate to use'],
    ['because it is huge', { body: 'x'.repeat(70_000) }, 'larger than 64 KiB'],
    ['because its time is over', { body: selfSigned(keys, host, old) }, 'not valid at this time'],
  ])('%s, the sender is asked to try again, and the reason is kept', async (_name, answer, reason) => {
    const outcome = await (await start({}, answer)).deliver(sign());
    expect([outcome.status, outcome.headers.get('retry-after')]).toEqual([503, '30']);
    expect(outcome.reason?.message).toContain(reason);
  });

  test('it is not asked for again at once', async () => {
    const { deliver, asked } = await start({}, { status: 404 });
    await deliver(sign());
    await deliver(sign());
    expect(asked).toHaveLength(1);
  });
});

test('a name that leads into this network, or an address in figures, is not asked', async () => {
  const options = { maxBytes: 1000, timeoutMs: 2000 };
  await expect(guardedGet(new URL('https://localhost/x'), options)).rejects.toThrow('no public address');
  for (const address of ['127.0.0.1', '169.254.169.254', '[::1]', '8.8.8.8']) {
    await expect(guardedGet(new URL(`https://${address}/x`), options)).rejects.toThrow('an IP address is not allowed');
  }
});

test.each<[string, string, number, string]>([
  ['broken JSON', '{"Type":', 401, 'signature_missing'],
  ['a list', '[]', 401, 'signature_missing'],
  ['text', 'hello', 401, 'signature_missing'],
  ['nothing', '', 401, 'signature_missing'],
  ['a mebibyte', JSON.stringify({ a: bigText }), 401, 'signature_missing'],
])('%s is never a 500', async (_name, text, status, code) => {
  const outcome = await (await start()).deliver(text);
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});

test('without verification, what is no message of SNS is refused as that', async () => {
  const { deliver } = await start({ verify: { scheme: 'none' } });
  expect((await deliver('{"order":1}')).reason?.code).toBe('not_an_event');
  expect((await deliver('hello')).reason?.code).toBe('not_json');
  expect((await deliver(sign())).status).toBe(200);
});

test('a signed message of almost a mebibyte, sent as JSON, is taken', async () => {
  const { deliver } = await start();
  const outcome = await deliver(sign({ Message: bigText }), { 'content-type': 'application/json' });
  expect(outcome.status).toBe(200);
});

test('a source without topics, or with what is none, is not accepted', async () => {
  await expect(start({ verify: {} })).rejects.toThrow('verify.topics must list the ARNs');
  await expect(start({ verify: { topics: [] } })).rejects.toThrow('verify.topics must list at least one topic');
  await expect(start({ verify: { topics: ['orders'] } })).rejects.toThrow('must be the ARN of a topic');
});
