import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Handlers } from '../../shared/contract/index.ts';
import { contract } from '../../shared/contract/index.ts';
import { demoDefinitions, demoSecret } from './demo-definitions.ts';
import { demoDelivery } from './demo-stream.ts';

/** Sent at once, so that no view is empty; then one after the other at the pace of a calm afternoon. */
const atStart = 80;
const everyMs = 1500;
/** The demo is forgotten in a corner of the screen more often than it is stopped. */
const atMost = 20_000;

const caller = { transport: 'memory' as const };

/** Makes sample definitions and sends a varied stream of real requests through the receiver. Returns the way to stop. */
export async function runDemo(parts: {
  handlers: Handlers;
  receiverUrl: string;
  jobsDir: string;
  log: Logger;
}): Promise<{ stop(): void }> {
  const { handlers, log } = parts;
  const secret = randomBytes(24).toString('hex');
  await handlers['secrets.set']({ name: demoSecret, value: secret }, caller);
  // On two cores one run at a time is the default; the demo shows several kinds of jobs side by side.
  await handlers['settings.update']({ concurrency: 4 }, caller);
  const definitions = demoDefinitions(parts.jobsDir);
  const known = {
    sources: await slugs(handlers['sources.list']({}, caller)),
    jobs: await slugs(handlers['jobs.list']({}, caller)),
    listeners: await slugs(handlers['listeners.list']({ includeDeleted: true }, caller)),
  };
  for (const spec of definitions.sources) {
    if (known.sources.has(spec.slug)) continue;
    await handlers['sources.create'](contract['sources.create'].input.parse(spec), caller);
  }
  for (const spec of definitions.jobs) {
    if (known.jobs.has(spec.slug)) continue;
    await handlers['jobs.create'](contract['jobs.create'].input.parse(spec), caller);
  }
  for (const spec of definitions.listeners) {
    if (known.listeners.has(spec.slug)) continue;
    await handlers['listeners.create'](contract['listeners.create'].input.parse(spec), caller);
  }

  const { items: examples } = await handlers['examples.list']({}, caller);
  for (const { slug, needs, isInstalled } of examples) {
    if (needs.length === 0 && !isInstalled) await handlers['examples.install']({ slug }, caller);
  }

  let sent = 0;
  // Ids go on from where an earlier demo on this directory may have stopped, else they would be repeats.
  const first = Math.floor(Date.now() / 1000) % 1_000_000_000;

  async function send(): Promise<void> {
    const { source, body, headers } = demoDelivery(first + sent, Date.now(), secret);
    sent += 1;
    const answer = await fetch(`${parts.receiverUrl}/in/${source}`, { method: 'POST', headers, body });
    await answer.arrayBuffer();
  }

  for (let i = 0; i < atStart; i++) await send();
  for (const { sample } of examples.filter(({ needs }) => needs.length === 0)) {
    if (sample === null) continue;
    const body = JSON.stringify({ id: `demo-${first}-${sample.type}`, type: sample.type, ...sample.payload });
    await handlers['sources.sendTest']({ slug: 'examples', body, contentType: 'application/json', sign: true }, caller);
  }
  const timer = setInterval(() => {
    if (sent >= atMost) clearInterval(timer);
    else send().catch((error: unknown) => log.warn({ err: error }, 'the demo could not send an event'));
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

async function slugs(
  listed: { items: { slug: string }[] } | Promise<{ items: { slug: string }[] }>,
): Promise<Set<string>> {
  return new Set((await listed).items.map(({ slug }) => slug));
}
