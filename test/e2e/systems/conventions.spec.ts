import { createHmac, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import { createRequire } from 'node:module';
import { sign as signAsGithub } from '@octokit/webhooks-methods';
import { expect, type Page, test } from '@playwright/test';
import { CloudEvent, HTTP, type Message } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { z } from 'zod';
import { sampleDelivery } from '../../../shared/vendors/sample-delivery.ts';
import { selfSigned } from '../../sources/self-signed.ts';
import { acceptedEvents, look, type OpenSystem, openSystem, rowOf, runOf, showEvent } from './open-system.ts';

// Each test goes on where the one before has ended.
test.describe.configure({ mode: 'serial' });

const secret = 'a secret that both sides know';
const standardSecret = `whsec_${Buffer.from(secret).toString('base64')}`;
const topicArn = 'arn:aws:sns:eu-west-1:310000004409:depot-orders';
const snsHost = 'sns.eu-west-1.amazonaws.com';

const withSecret = (preset: string, ref = 'SECRET'): string =>
  `  - { slug: ${preset}, preset: ${preset}, verify: { secret: { env: ${ref} } } }`;

const config = `version: 1
sources:
${['github', 'gitlab', 'stripe', 'slack', 'shopify', 'cloudevents', 'azure-event-grid'].map((one) => withSecret(one)).join('\n')}
${withSecret('standard-webhooks', 'WHSEC')}
  - { slug: aws-sns, preset: aws-sns, verify: { topics: [ "${topicArn}" ] } }
  - slug: generic
    preset: generic
    event: { type: $.kind, id: $.nr }
    verify: { scheme: hmac, header: x-signature, algorithm: sha512, encoding: base64, prefix: "v=", secret: { env: SECRET } }
jobs:
  - { slug: note, kind: command, command: [cat] }
listeners:
  - { slug: opened, source: github, type: pull_request.opened, where: { field: context.repository, op: eq, value: Codertocat/Hello-World }, job: note }
  - { slug: heavy, source: cloudevents, type: "**", where: { all: [ { field: context.subject, op: startsWith, value: truck/ }, { field: context.depot, op: eq, value: north } ] }, job: note }
`;

/** Leads what the app asks of Amazon to this machine, and nothing else: the app itself has no way to be told so. */
const detour = `import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
const { request } = https;
https.request = (url, options, done) =>
  url.hostname === '${snsHost}'
    ? request(url, { ...options, port: process.env.AMAZON_PORT, ca: process.env.AMAZON_CA,
        lookup: (_name, { all }, found) => (all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4)) }, done)
    : request(url, options, done);
syncBuiltinESMExports();
`;

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const certificate = selfSigned(keys, snsHost);

let open: OpenSystem;
let page: Page;
let amazon: Server;
const asked: string[] = [];

test.beforeAll(async ({ browser }) => {
  const key = keys.privateKey.export({ format: 'pem', type: 'pkcs8' });
  amazon = createServer({ key, cert: certificate }, ({ url = '' }, response) => {
    asked.push(url);
    const arn = `${topicArn}:5f0c31`;
    response.end(
      url.endsWith('.pem')
        ? certificate
        : `<ConfirmSubscriptionResponse><SubscriptionArn>${arn}</SubscriptionArn></ConfirmSubscriptionResponse>`,
    );
  });
  await new Promise<void>((done) => amazon.listen(0, '127.0.0.1', done));
  const address = amazon.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  open = await openSystem({
    view: { browser },
    config,
    env: {
      SECRET: secret,
      WHSEC: standardSecret,
      AMAZON_PORT: String(port),
      AMAZON_CA: certificate,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(detour)}`,
    },
  });
  ({ page } = open);
});

test.afterAll(async () => {
  await open?.end();
  amazon?.closeAllConnections();
  amazon?.close();
});

const json = { 'content-type': 'application/json' };
const hmac = (algorithm: string, text: string, encoding: 'hex' | 'base64'): string =>
  createHmac(algorithm, secret).update(text).digest(encoding);
const send = (path: string, body: string, headers: Record<string, string>) =>
  open.send(path, { method: 'POST', body, headers: { ...json, ...headers } });

/** The only event of a delivery that was taken. */
async function typeOf(delivered: ReturnType<typeof send>): Promise<{ id: string; type: string; context: unknown }> {
  const { status, text, headers } = await delivered;
  // Some senders want an answer of their own: then the delivery says what it became.
  const delivery = await open.call('deliveries.get', { id: String(headers['signalbox-delivery']) });
  if (status >= 300) throw new Error(`answered ${status}: ${text}`);
  const [id = ''] = delivery.eventIds;
  return open.call('events.get', { id });
}

const sampleOf = (system: string, type: string) => {
  const sample = sampleDelivery(system, type, { id: randomUUID(), atMs: Date.now() });
  if (sample === null) throw new Error(`no sample of ${type}`);
  return sample;
};

async function refusedAs(source: string, code: string): Promise<void> {
  await open.goTo(`/sources/${source}`);
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  await expect(rowOf(page, 'Deliveries', code).first()).toBeVisible();
}

test('GitHub: what others collected, signed by its own library', async () => {
  const examples = z
    .array(z.object({ name: z.string(), examples: z.array(z.looseObject({ action: z.string().optional() })) }))
    .parse(createRequire(import.meta.url)('@octokit/webhooks-examples'));
  const opened = examples
    .find(({ name }) => name === 'pull_request')
    ?.examples.find(({ action }) => action === 'opened');
  const text = JSON.stringify(opened);
  const headers = { 'x-github-event': 'pull_request', 'x-github-delivery': randomUUID() };
  const signature = await signAsGithub(secret, text);
  const event = await typeOf(send('github', text, { ...headers, 'x-hub-signature-256': signature }));
  expect(event.type).toBe('pull_request.opened');
  expect(await runOf(open, event.id)).toMatchObject({ listener: 'opened', state: 'completed' });
  await showEvent(open, event.id, 'Payload');
  await expect(page.getByText('A pull request was opened.')).toBeVisible();
  await look(page, 'conv-01-github');
  await open.goTo('/live?q=context.repository:Codertocat/Hello-World');
  await expect(rowOf(page, 'Events', /pull_request\.opened/)).toHaveCount(1);

  const wrong = await send('github', text, { ...headers, 'x-hub-signature-256': await signAsGithub('else', text) });
  expect(wrong.status).toBe(401);
  await refusedAs('github', 'signature_mismatch');
});

test('GitLab, Shopify and Stripe show as what they are', async () => {
  const merge = sampleOf('gitlab', 'merge_request');
  const token = { 'x-gitlab-token': secret };
  expect((await typeOf(send('gitlab', merge.body, { ...merge.headers, ...token }))).type).toBe('merge_request');
  expect((await send('gitlab', merge.body, { ...merge.headers, 'x-gitlab-token': 'else' })).status).toBe(401);

  const order = sampleOf('shopify', 'orders/paid');
  const shopify = { ...order.headers, 'x-shopify-hmac-sha256': hmac('sha256', order.body, 'base64') };
  expect(await typeOf(send('shopify', order.body, shopify))).toMatchObject({
    type: 'orders/paid',
    context: { shop: 'example.myshopify.com' },
  });

  const invoice = sampleOf('stripe', 'invoice.payment_failed').body;
  const header = (timestamp: number) =>
    Stripe.webhooks.generateTestHeaderString({ payload: invoice, secret, timestamp });
  const nowSeconds = Math.floor(Date.now() / 1000);
  const failed = await typeOf(send('stripe', invoice, { 'stripe-signature': header(nowSeconds) }));
  expect(failed.type).toBe('invoice.payment_failed');
  expect((await send('stripe', invoice, { 'stripe-signature': header(nowSeconds - 3600) })).status).toBe(401);
  await refusedAs('stripe', 'timestamp_too_old');
  await showEvent(open, failed.id, 'Payload');
  await expect(page.getByText('A payment of an invoice failed.')).toBeVisible();
  await look(page, 'conv-02-stripe');
});

test('Slack: its challenge is answered when it is signed, and an event is taken', async () => {
  const signed = (body: string, atMs = Date.now()): Record<string, string> => {
    const timestamp = String(Math.floor(atMs / 1000));
    return {
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hmac('sha256', `v0:${timestamp}:${body}`, 'hex')}`,
    };
  };
  const challenge = JSON.stringify({ type: 'url_verification', challenge: '3eZbrw1aB', token: 'old-token' });
  const answer = await send('slack', challenge, signed(challenge));
  expect([answer.status, answer.text]).toEqual([200, '3eZbrw1aB']);
  expect((await send('slack', challenge, {})).text).not.toContain('3eZbrw1aB');

  const mention = sampleOf('slack', 'app_mention').body;
  const event = await typeOf(send('slack', mention, signed(mention)));
  expect(event).toMatchObject({ type: 'app_mention', context: { team: 'T0DEPOT01', channel: 'C0YARD001' } });
  const pressed = sampleOf('slack', 'block_actions');
  const form = { ...signed(pressed.body), 'content-type': pressed.contentType };
  expect((await typeOf(send('slack', pressed.body, form))).type).toBe('block_actions');
});

test('CloudEvents: asked first, then in each mode, filtered by attributes and extensions', async () => {
  const authorization = `Bearer ${secret}`;
  const permission = await open.send('cloudevents', {
    method: 'OPTIONS',
    headers: { 'webhook-request-origin': 'eventemitter.example.com', 'webhook-request-rate': '120' },
  });
  expect(permission.status).toBe(200);
  expect(permission.headers).toMatchObject({
    'webhook-allowed-origin': 'eventemitter.example.com',
    'webhook-allowed-rate': '120',
    allow: 'POST',
  });

  const weighed = (subject: string, depot: string) =>
    new CloudEvent({ source: '/scales', type: 'works.harbor.weighed', subject, depot, data: { netKg: 10_830 } });
  const deliver = ({ body, headers }: Message) =>
    open.send('cloudevents', {
      method: 'POST',
      body: String(body),
      headers: { authorization, ...z.record(z.string(), z.string()).parse(headers) },
    });
  const [binary = ''] = acceptedEvents(await deliver(HTTP.binary(weighed('truck/1', 'north'))));
  const [structured = ''] = acceptedEvents(await deliver(HTTP.structured(weighed('ship/2', 'north'))));
  const batch = acceptedEvents(
    await open.send('cloudevents', {
      method: 'POST',
      body: JSON.stringify([weighed('truck/3', 'north'), weighed('truck/4', 'south')]),
      headers: { authorization, 'content-type': 'application/cloudevents-batch+json' },
    }),
  );
  expect(batch).toHaveLength(2);
  expect(await runOf(open, binary)).toMatchObject({ listener: 'heavy' });
  expect(await runOf(open, batch[0] ?? '')).toMatchObject({ listener: 'heavy' });
  for (const eventId of [structured, batch[1] ?? '']) {
    expect((await open.call('runs.list', { eventId })).items).toEqual([]);
  }
  await open.goTo('/live?q=context.depot:north context.subject:truck/*');
  await expect(rowOf(page, 'Events', /weighed/)).toHaveCount(2);
  await showEvent(open, binary, 'Payload');
  await expect(page.getByRole('tabpanel')).toContainText('depotnorth');
  // Of a convention whose types are the sender's own, none is unknown.
  await expect(page.getByText('not in the catalog')).toHaveCount(0);
  await look(page, 'conv-03-cloudevents');
});

test('Event Grid: the validation is answered, and each event of the list is one here', async () => {
  const validation = {
    id: '1',
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    subject: '',
    eventTime: new Date().toISOString(),
    dataVersion: '1',
    data: { validationCode: 'code-31' },
  };
  const validated = await open.post('azure-event-grid', [validation]);
  expect([validated.status, JSON.parse(validated.text)]).toEqual([200, { validationResponse: 'code-31' }]);
  const list = ['BlobCreated', 'BlobDeleted'].flatMap((name): unknown[] =>
    JSON.parse(sampleOf('azure-event-grid', `Microsoft.Storage.${name}`).body),
  );
  const path = `azure-event-grid?code=${encodeURIComponent(secret)}`;
  expect(await open.accept(path, list)).toHaveLength(2);
  expect((await open.post('azure-event-grid', list)).status).toBe(401);
  await open.goTo('/live?q=source:azure-event-grid');
  await expect(rowOf(page, 'Events', /Microsoft\.Storage\.Blob/)).toHaveCount(2);
});

test('Standard Webhooks and a generic source', async () => {
  const contact = sampleOf('standard-webhooks', 'contact.created').body;
  const at = new Date();
  const taken = await typeOf(
    send('standard-webhooks', contact, {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(standardSecret).sign('msg_1', at, contact),
    }),
  );
  expect(taken.type).toBe('contact.created');
  const body = JSON.stringify({ kind: 'weighed', nr: 31 });
  const signature = `v=${hmac('sha512', body, 'base64')}`;
  expect((await typeOf(send('generic', body, { 'x-signature': signature }))).type).toBe('weighed');
  const again = await send('generic', body, { 'x-signature': signature });
  expect(JSON.parse(again.text)).toMatchObject({ duplicate: true });
});

test('SNS: a signed message is taken, an operator approves the subscription, and only Amazon is asked', async () => {
  function message(change: Record<string, string>): string {
    const fields: Record<string, string> = {
      Type: 'Notification',
      MessageId: randomUUID(),
      TopicArn: topicArn,
      Message: '{"order":1044}',
      Timestamp: new Date().toISOString(),
      SignatureVersion: '2',
      SigningCertURL: `https://${snsHost}/SimpleNotificationService-0123456789abcdef.pem`,
      ...change,
    };
    const names =
      fields.Type === 'Notification'
        ? ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const text = names.map((name) => `${name}\n${fields[name]}\n`).join('');
    const Signature = createSign('sha256').update(text).sign(keys.privateKey, 'base64');
    return JSON.stringify({ ...fields, Signature });
  }
  const deliver = (body: string) => send('aws-sns', body, { 'content-type': 'text/plain; charset=UTF-8' });
  const notified = await typeOf(deliver(message({})));
  expect(notified).toMatchObject({ type: 'sns.Notification', context: { topic: 'depot-orders' } });

  const asking = (host: string) =>
    message({
      Type: 'SubscriptionConfirmation',
      Message: 'You have chosen to subscribe.',
      Token: 'a-long-token',
      SubscribeURL: `https://${host}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=a-long-token`,
    });
  expect((await deliver(asking('elsewhere.example.com'))).status).toBe(200);
  await open.goTo('/sources/aws-sns');
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  const deliveries = rowOf(page, 'Deliveries', /./);
  await expect(deliveries).toHaveCount(2);
  await deliveries.first().click();
  const approve = page.getByRole('button', { name: 'Approve the subscription' });
  await approve.click();
  await expect(page.getByText(/no address of Amazon SNS that confirms its topic/)).toBeVisible();
  // The browser tells of every call that is refused.
  expect(open.complaints.splice(0)).toEqual([expect.stringContaining('400')]);
  await look(page, 'conv-04-sns-elsewhere');

  expect((await deliver(asking(snsHost))).status).toBe(200);
  await expect(deliveries).toHaveCount(3);
  await deliveries.first().click();
  await expect(approve).toBeVisible();
  expect(asked.filter((url) => url.includes('Action='))).toEqual([]);
  await look(page, 'conv-05-sns-asks');
  await approve.click();
  await expect(page.getByText(`${topicArn}:5f0c31`)).toBeVisible();
  expect(asked.filter((url) => url.includes('Action=ConfirmSubscription'))).toHaveLength(1);
  await look(page, 'conv-06-sns-approved');
});

test('a generic source that gets deliveries of a known system offers to be that', async () => {
  await open.call('secrets.set', { name: 'code', value: secret });
  await open.call('sources.create', {
    slug: 'code',
    preset: 'generic',
    verify: {
      scheme: 'hmac',
      header: 'x-hub-signature-256',
      algorithm: 'sha256',
      encoding: 'hex',
      prefix: 'sha256=',
      secret: { secret: 'code' },
    },
  });
  const push = async () => {
    const { body, headers } = sampleOf('github', 'push');
    return typeOf(send('code', body, { ...headers, 'x-hub-signature-256': await signAsGithub(secret, body) }));
  };
  expect((await push()).type).toBe('code.received');
  await open.goTo('/sources/code');
  await expect(page.getByRole('note')).toContainText('This looks like GitHub');
  await look(page, 'conv-07a-looks-like');
  await page.getByRole('tab', { name: 'Deliveries' }).click();
  await rowOf(page, 'Deliveries', /accepted/).click();
  await expect(page.getByRole('note')).toContainText('This looks like GitHub: the header x-github-event');
  await look(page, 'conv-07-looks-like');
  await page.getByRole('button', { name: 'Switch to GitHub' }).click();
  await expect(page.getByText('code now uses the preset GitHub')).toBeVisible();
  expect((await push()).type).toBe('push');
  await look(page, 'conv-08-switched');
});

test('an unknown type is marked, described by an operator, and offered from then on', async () => {
  const type = 'pull_request.weighed';
  const { body } = sampleOf('github', 'pull_request.opened');
  const text = JSON.stringify({ ...JSON.parse(body), action: 'weighed' });
  const headers = { 'x-github-event': 'pull_request', 'x-github-delivery': randomUUID() };
  const event = await typeOf(
    send('github', text, { ...headers, 'x-hub-signature-256': await signAsGithub(secret, text) }),
  );
  expect(event.type).toBe(type);
  await open.goTo(`/live/${event.id}`);
  await expect(page.getByText('not in the catalog')).toBeVisible();
  await look(page, 'conv-09-unknown');
  await page.getByRole('button', { name: 'Add to the catalog' }).click();
  await page.getByLabel(`Description of ${type}`).fill('A pull request was put on the scales');
  await look(page, 'conv-10-describing');
  await page.keyboard.press('Enter');
  await expect(page.getByText('A pull request was put on the scales')).toBeVisible();
  await expect(page.getByText('not in the catalog')).toHaveCount(0);
  await look(page, 'conv-11-described');

  await open.goTo('/listeners/new');
  await page.locator('#listener-source').click();
  await page.getByRole('option', { name: 'github' }).click();
  await page.locator('#listener-types').fill('scales');
  await expect(page.getByRole('option', { name: type })).toBeVisible();
  await look(page, 'conv-12-type-picker');

  await open.goTo('/sources/github');
  await page.getByRole('tab', { name: 'Send a test' }).click();
  await page.locator('#test-type').fill('weighed');
  await page.getByRole('option', { name: type }).click();
  await expect(page.getByText('A pull request was put on the scales')).toBeVisible();
  await page.getByRole('button', { name: 'Send to github' }).click();
  await look(page, 'conv-13-test');
  await page.getByRole('link', { name: 'Show the event' }).click();
  await expect(page.getByRole('heading', { name: type })).toBeVisible();
  await open.goTo('/sources/slack');
  await page.getByRole('tab', { name: 'Send a test' }).click();
  await page.locator('#test-type').fill('view_sub');
  await page.getByRole('option', { name: 'view_submission' }).click();
  await page.getByRole('button', { name: 'Send to slack' }).click();
  await page.getByRole('link', { name: 'Show the event' }).click();
  await expect(page.getByRole('heading', { name: 'view_submission' })).toBeVisible();
  expect(open.complaints).toEqual([]);
});
