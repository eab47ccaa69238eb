import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { chromiumPath, isRoot } from '../../scripts/system-packages.mjs';
import { startApp } from './app.ts';
import type { Part, Row } from './bench-types.ts';
import { bigStoreConfig } from './filled-store.ts';
import { percentile } from './numbers.ts';
import { sampleBody } from './sample-body.ts';
import { sendSteadily } from './steady-sender.ts';

const rates = [200, 1000] as const;
const aimMs = 20;

export const framesPart: Part = {
  name: 'frames',
  letters: 'k',
  about: `frames of Live in Chromium at ${rates.join(' and ')} events a second, following and scrolling`,
  async run({ workDir, isQuick, say }) {
    const executablePath = process.env.SIGNALBOX_CHROMIUM ?? chromiumPath();
    const browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: isRoot() ? ['--no-sandbox'] : [],
    });
    try {
      return await measure(browser, { workDir, isQuick, say });
    } finally {
      await browser.close();
    }
  },
};

async function measure(browser: Browser, { workDir, isQuick, say }: Parameters<Part['run']>[0]): Promise<Row[]> {
  const app = await startApp({ dataDir: join(workDir, 'frames'), config: bigStoreConfig });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const { url } = Object.assign({ url: '' }, await app.call('app.createSignInUrl', {}));
  await page.goto(url);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  // Of processor time, which other programs do not stretch.
  const metrics = await page.context().newCDPSession(page);
  await metrics.send('Performance.enable', { timeDomain: 'threadTicks' });
  const seconds = isQuick ? 5 : 15;
  const rows: Row[] = [];
  for (const rate of rates) {
    const sender = sendSteadily(`${app.receiverUrl}/in/crm`, rate, () => sampleBody());
    // What is compiled at first use is no part of a steady state.
    await wait(4000);
    for (const way of ['following', 'scrolling'] as const) {
      const before = sender.sent();
      const busyBefore = await readBusyMs(metrics);
      const { frames, tasks } = await watchFrames(page, seconds * 1000, way === 'scrolling');
      const busy = ((await readBusyMs(metrics)) - busyBefore) / seconds;
      const p95 = percentile(frames, 0.95);
      const got = Math.round((sender.sent() - before) / seconds);
      say(
        `${rate}/s ${way}: p50 ${percentile(frames, 0.5).toFixed(1)}, p95 ${p95.toFixed(1)} ms, main thread ${busy.toFixed(0)} ms a second`,
      );
      rows.push({
        part: 'k',
        what: `frames of Live at ${rate} events/s, ${way}`,
        value: p95,
        unit: 'ms p95',
        note: `p50 ${percentile(frames, 0.5).toFixed(1)}, longest ${Math.max(...frames).toFixed(0)} ms, ${tasks.length} tasks over 50 ms, main thread busy ${busy.toFixed(0)} ms a second, ${got}/s sent`,
        goals: [
          {
            what: `frames of Live at ${rate} events/s, ${way}, p95`,
            aim: `< ${aimMs} ms`,
            got: `${p95.toFixed(1)} ms`,
            met: p95 < aimMs,
          },
        ],
      });
    }
    await sender.stop();
  }
  await app.stop();
  return rows;
}

/** Processor time of the page's main thread so far. */
async function readBusyMs(metrics: CDPSession): Promise<number> {
  const found = await metrics.send('Performance.getMetrics');
  return 1000 * (found.metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

const watchedSchema = z.object({ frames: z.array(z.number()), tasks: z.array(z.number()) });

/** Times between frames, and lengths of long tasks; scrolling goes down and up as a wheel does. */
async function watchFrames(page: Page, lengthMs: number, isScrolling: boolean): Promise<z.infer<typeof watchedSchema>> {
  // As text: this runs in the page.
  return watchedSchema.parse(
    await page.evaluate(`new Promise((done) => {
      const frames = [];
      const tasks = [];
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) tasks.push(entry.duration);
      });
      observer.observe({ type: 'longtask' });
      const scroller = document.querySelector('[role=listbox]')?.parentElement;
      const startMs = performance.now();
      let lastMs = startMs;
      let direction = 1;
      const next = (nowMs) => {
        if (nowMs > lastMs) frames.push(nowMs - lastMs);
        lastMs = nowMs;
        if (${isScrolling} && scroller) {
          scroller.scrollTop += direction * 60;
          if (scroller.scrollTop < 60) direction = 1;
          if (scroller.scrollTop > 20000) direction = -1;
        }
        if (nowMs - startMs < ${lengthMs}) requestAnimationFrame(next);
        else {
          observer.disconnect();
          done({ frames, tasks });
        }
      };
      requestAnimationFrame(next);
    })`),
  );
}
