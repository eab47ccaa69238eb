import type { Logger } from 'pino';
import { appCaller } from '../../shared/contract/access/caller.ts';
import type { Handlers } from '../../shared/contract/index.ts';
import { contract } from '../../shared/contract/index.ts';
import { demoDefinitions } from './demo-definitions.ts';
import { demoSecrets } from './demo-secrets.ts';
import { makeDemoKeys } from './demo-senders.ts';
import { demoDelivery, roundLength } from './demo-stream.ts';

/** Sent at once, so that no view is empty; then one after the other at the pace of a calm afternoon. */
const atStart = 105;
const everyMs = 1500;
/** The demo is forgotten in a corner of the screen more often than it is stopped. */
const atMost = 20_000;
const tenSecondsMs = 10_000;

/** Makes sample definitions and sends a varied stream of real requests through the receiver. Returns the way to stop. */
export async function runDemo(parts: {
  handlers: Handlers;
  receiverUrl: string;
  jobsDir: string;
  log: Logger;
}): Promise<{ stop(): void }> {
  const { handlers, log } = parts;
  const { secrets, jwks, senders } = await makeDemoKeys();
  for (const [of, value] of Object.entries(secrets)) {
    const name = Object.entries(demoSecrets).find(([key]) => key === of)?.[1];
    if (name !== undefined) await handlers['secrets.set']({ name, value }, appCaller);
  }
  // On two cores one run at a time is the default; the demo shows several kinds of jobs side by side.
  await handlers['settings.update']({ concurrency: 4 }, appCaller);
  const definitions = demoDefinitions(parts.jobsDir, jwks);
  const sources = (await handlers['sources.list']({}, appCaller)).items;
  const jobs = new Set((await handlers['jobs.list']({}, appCaller)).items.map(({ slug }) => slug));
  const listeners = new Set(
    (await handlers['listeners.list']({ includeDeleted: true }, appCaller)).items.map(({ slug }) => slug),
  );
  for (const spec of definitions.sources) {
    const known = sources.find(({ slug }) => slug === spec.slug);
    if (known === undefined) await handlers['sources.create'](contract['sources.create'].input.parse(spec), appCaller);
    // The demo on a directory that it has been on before: its identity provider signs with a new key.
    else if (spec.slug === 'idp') {
      await handlers['sources.update'](
        contract['sources.update'].input.parse({ ...spec, version: known.version }),
        appCaller,
      );
    }
  }
  for (const spec of definitions.jobs) {
    if (!jobs.has(spec.slug)) await handlers['jobs.create'](contract['jobs.create'].input.parse(spec), appCaller);
  }
  // Before the demo's own listeners, so that the logins it sends are decided about.
  const { items: examples } = await handlers['examples.list']({}, appCaller);
  for (const { slug, needs, isInstalled } of examples) {
    if (needs.length === 0 && !isInstalled) await handlers['examples.install']({ slug }, appCaller);
  }
  for (const spec of definitions.listeners) {
    if (listeners.has(spec.slug)) continue;
    await handlers['listeners.create'](contract['listeners.create'].input.parse(spec), appCaller);
  }

  let sent = 0;
  // An earlier demo on this directory has used other ids, else these would be repeats.
  const first = (Math.floor(Date.now() / tenSecondsMs) % 100_000) * roundLength;

  async function send(): Promise<void> {
    const n = first + sent;
    sent += 1;
    const { path, method = 'POST', headers, body } = await demoDelivery(n, Date.now(), senders);
    const init = body === undefined ? { method, headers } : { method, headers, body };
    const answer = await fetch(`${parts.receiverUrl}/in/${path}`, init);
    await answer.arrayBuffer();
  }

  for (let i = 0; i < atStart; i++) await send();
  for (const { sample } of examples.filter(({ needs }) => needs.length === 0)) {
    if (sample === null) continue;
    const body = JSON.stringify({ id: `demo-${first}-${sample.type}`, type: sample.type, ...sample.payload });
    await handlers['sources.sendTest'](
      { slug: 'examples', body, contentType: 'application/json', sign: true },
      appCaller,
    );
  }
  const timer = setInterval(() => {
    if (sent >= atMost) clearInterval(timer);
    else send().catch((error: unknown) => log.warn({ err: error }, 'the demo could not send an event'));
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
