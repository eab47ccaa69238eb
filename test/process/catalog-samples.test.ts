import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogOf } from '../../shared/vendors/catalog.ts';
import type { SampleDelivery } from '../../shared/vendors/catalog-types.ts';
import { sampleDelivery, standInDelivery } from '../../shared/vendors/sample-delivery.ts';
import { vendors } from '../../shared/vendors/vendors.ts';
import { makePlace, type Signalbox, startSignalbox } from './signalbox.ts';

const systems = [...vendors.keys()];
const formsOf = (system: string): string[] => Object.keys(vendors.get(system)?.forms ?? {});

/** The first two sign with a key of the sender's own, so that no test can; the others have no need of a proof. */
const unsigned = new Set([
  'next-identity',
  'aws-sns',
  'flatfile',
  'icfm',
  'revoengine',
  // The proof is in the body, or with the sender.
  'microsoft-graph',
  'mailgun',
  'sendgrid',
  'paypal-ipn',
]);

const place = makePlace();
let box: Signalbox;

beforeAll(async () => {
  const secretOf = (system: string): string => (system === 'deck' || system === 'standard-webhooks' ? 'WHSEC' : 'TEXT');
  const sources = systems.map((system) => {
    const verify = unsigned.has(system) ? '{ scheme: none }' : `{ secret: { env: ${secretOf(system)} } }`;
    return `  - { slug: ${system}, preset: ${system}, rateLimit: off, verify: ${verify} }`;
  });
  box = await startSignalbox({
    dataDir: place.dataDir,
    config: ['version: 1', 'sources:', ...sources, ''].join('\n'),
    env: {
      TEXT: 'a long enough secret text',
      WHSEC: `whsec_${Buffer.from('a long enough secret key').toString('base64')}`,
    },
  });
});

afterAll(async () => {
  await box.end();
  place.remove();
});

/** Names of types are the sender's own; these systems have rules for them. */
const renamed: Record<string, string> = {
  revoengine: 'RESOURCE_DANCED',
  gitlab: 'dance_begun',
  twilio: 'status.begun',
  grafana: 'alert.begun',
  alertmanager: 'alert.begun',
  // Amazon has three kinds of message, and no others are taken.
  'aws-sns': 'sns.Notification',
};

/** As the button does it; the type of the event that it became, or the answer when it became none. */
async function sendTest(slug: string, { contentType, body, headers }: SampleDelivery): Promise<string> {
  const answer = await box.call('sources.sendTest', { slug, body, contentType, headers, sign: true });
  const [id] = answer.eventIds;
  return id === undefined ? `${answer.status} ${answer.body}` : (await box.call('events.get', { id })).type;
}

it.each(systems)('every sample of %s is taken as a test delivery, under the type it claims', async (system) => {
  for (const form of formsOf(system)) {
    const types = catalogOf(system);
    const arrived = await Promise.all(
      types.map(({ type }) => {
        const delivery = sampleDelivery(system, type, { form, id: `test-${form}-${type}`, atMs: Date.now() });
        if (delivery === null) throw new Error(`no sample of ${type} as ${form}`);
        return sendTest(system, delivery);
      }),
    );
    // A family stands for any name that begins so.
    const read = types.map(({ type, isFamily }, i) =>
      isFamily && arrived[i]?.startsWith(type.slice(0, -1)) ? type : arrived[i],
    );
    expect(read).toEqual(types.map(({ type }) => type));
  }
});

it.each(systems)('a type that %s did not have is sent in the shape of its others', async (system) => {
  const type = renamed[system] ?? 'dance.begun';
  const delivery = standInDelivery(system, type, { id: 'test-stand-in', atMs: Date.now() });
  if (delivery === null) throw new Error(`no sample of ${system}`);
  expect(await sendTest(system, delivery)).toBe(type);
});
