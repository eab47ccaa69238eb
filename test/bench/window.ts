import { type Browser, chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { chromiumPath, isRoot } from '../../scripts/system-packages.mjs';
import { type App, startApp } from './app.ts';
import type { BenchOptions, Part, Row } from './bench-types.ts';
import { bigStoreConfig, copyFilledStore, storedEvents } from './filled-store.ts';
import { median, percentile } from './numbers.ts';

const aims = { openMs: 300, filterMs: 150, taskMs: 50 };

export const windowPart: Part = {
  name: 'window',
  letters: 'm',
  about: 'opening and filtering Live over a big store, and long tasks of large values, in Chromium',
  async run(options) {
    const dataDir = await copyFilledStore(options);
    const app = await startApp({ dataDir, config: bigStoreConfig });
    const executablePath = process.env.SIGNALBOX_CHROMIUM ?? chromiumPath();
    const browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: isRoot() ? ['--no-sandbox'] : [],
    });
    try {
      await app.settled(storedEvents(options.isQuick));
      return await measure(browser, app, options);
    } finally {
      await browser.close();
      await app.stop();
    }
  },
};

async function measure(browser: Browser, app: App, { isQuick, say }: BenchOptions): Promise<Row[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const { url } = z.object({ url: z.string() }).parse(await app.call('app.createSignInUrl', {}));
  await page.goto(url);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await page.getByRole('option').first().waitFor();
  const rounds = isQuick ? 5 : 20;
  const events = storedEvents(isQuick).toLocaleString('en-US');
  const opened = await repeat(rounds, async () => {
    await go(page, '/settings', '[aria-label=Settings]');
    return go(page, '/live', '[role=option]');
  });
  const queries = [
    'type:crm.entity7.changed',
    'source:shop type:shop.entity1*.changed',
    'is:failed',
    'payload.amount:>900',
    '',
  ];
  const filtered: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    filtered.push(await filter(page, queries[n % queries.length] ?? ''));
  }
  say(`open p95 ${percentile(opened, 0.95).toFixed(0)}, filter p95 ${percentile(filtered, 0.95).toFixed(0)} ms`);
  return [
    row('opening Live from another page', opened, aims.openMs, `of ${events} events`),
    row(
      'Enter in the filter to the first row of the result',
      filtered,
      aims.filterMs,
      `five queries, of ${events} events`,
    ),
    ...(await largeValues(page, app, say)),
  ];
}

const row = (what: string, values: number[], aim: number, note: string): Row => ({
  part: 'm',
  what,
  value: median(values),
  unit: 'ms',
  aim: `< ${aim} ms`,
  met: median(values) < aim,
  note: `p95 ${percentile(values, 0.95).toFixed(0)} ms, ${note}`,
  rounds: values,
});

async function repeat(rounds: number, once: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  // What is compiled at first use is no part of it.
  for (let n = -2; n < rounds; n += 1) {
    const ms = await once();
    if (n >= 0) values.push(ms);
  }
  return values;
}

/** Ms from the change of the address until the selector is in the page and painted. */
const go = (page: Page, path: string, selector: string): Promise<number> =>
  timed(page, `location.hash = '#${path}'`, `document.querySelector(${JSON.stringify(selector)}) !== null`);

/** Ms from Enter in the filter until the list that it asked for is there. */
async function filter(page: Page, query: string): Promise<number> {
  const field = page.getByRole('combobox', { name: 'Filter events' });
  await field.fill(query);
  // The rows of another filter are taken away when a new one is asked for.
  const enter = `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))`;
  await field.focus();
  return timed(
    page,
    `(document.querySelectorAll('[role=option]').forEach((row) => { row.dataset.before = 'yes'; }), ${enter})`,
    isNew,
  );
}

const isNew = `document.querySelector('[role=option]:not([data-before])') !== null || (document.querySelector('[role=option]') === null && document.body.textContent.includes('No matching'))`;

async function timed(page: Page, act: string, isThere: string): Promise<number> {
  return z.number().parse(
    await page.evaluate(`new Promise((done, fail) => {
      const startMs = performance.now();
      ${act};
      const look = () => {
        if (${isThere}) requestAnimationFrame(() => done(performance.now() - startMs));
        else if (performance.now() - startMs > 60000) fail(new Error('nothing came in a minute'));
        else setTimeout(look, 1);
      };
      look();
    })`),
  );
}

const large: Record<string, object> = {
  'a text of 900 KB': { text: 'lorem ipsum '.repeat(75_000) },
  'a text of 900 KB without spaces': { text: 'a'.repeat(900_000) },
  'an object of 20,000 keys': Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`key_${n}`, `value ${n}`])),
};

/** Opens events with large payloads and watches for tasks that hold up input. */
async function largeValues(page: Page, app: App, say: (line: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [what, payload] of Object.entries(large)) {
    await fetch(`${app.receiverUrl}/in/crm`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event: 'large.value', ...payload }),
    });
    const found = await app.call('events.list', { query: 'type:large.value', limit: 1 });
    const id = z.object({ items: z.array(z.object({ id: z.string() })) }).parse(found).items[0]?.id ?? '';
    for (const tab of ['Payload', 'Raw']) {
      await page.evaluate(`location.hash = '#/settings'`);
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      await page.evaluate(`window.longTasks = []; window.taskWatch?.disconnect();
        window.taskWatch = new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.longTasks.push(entry.duration); });
        window.taskWatch.observe({ type: 'longtask' })`);
      await page.evaluate(`location.hash = '#/live/${id}'`);
      await page.getByRole('tab', { name: tab }).click();
      await page
        .getByRole('tabpanel')
        .getByText(/lorem|aaaa|key_1/)
        .first()
        .waitFor();
      await page.waitForTimeout(1500);
      const tasks = z.array(z.number()).parse(await page.evaluate('window.longTasks'));
      const longest = Math.max(0, ...tasks);
      say(`${what}, ${tab}: ${tasks.map((ms) => ms.toFixed(0)).join(' ')}`);
      rows.push({
        part: 'm',
        what: `${what}, tab ${tab}: longest task`,
        value: longest,
        unit: 'ms',
        aim: `< ${aims.taskMs} ms`,
        met: longest < aims.taskMs,
        note: `${tasks.length} tasks over 50 ms`,
      });
    }
  }
  return rows;
}
