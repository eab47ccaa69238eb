import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type Desktop, openDesktop } from './desktop.ts';
import { openWorkshop } from './workshop.ts';

test.skip(process.platform !== 'linux', 'processor time is read as Linux tells it');

let desktop: Desktop;
let workshop: ReturnType<typeof openWorkshop>;

test.beforeEach(async () => {
  workshop = openWorkshop();
  desktop = await openDesktop(workshop);
});

test.afterEach(async () => {
  await desktop?.app.close();
  workshop.remove();
});

/** Time on a processor so far, ms: exact, unlike the ticks of /proc/PID/stat. Null when the process is gone. */
function processorMs(pid: number): number | null {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
      return sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
    }, 0);
  } catch {
    return null;
  }
}

/** How much of one processor these processes take together, in percent. */
async function load(pids: readonly number[], ms: number): Promise<number> {
  const before = pids.map(processorMs);
  await wait(ms);
  const spent = pids.map((pid, index) => (processorMs(pid) ?? 0) - (before[index] ?? 0));
  return (spent.reduce((sum, each) => sum + Math.max(0, each), 0) / ms) * 100;
}

const ownProcesses = async (): Promise<number[]> =>
  desktop.app.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid));

// It was 13 % of a processor: a histogram of the event loop, and a lamp that breathed for ever.
test('an app that nothing happens in takes next to nothing in all its processes', async () => {
  await expect(desktop.page.getByRole('contentinfo')).toContainText('Accepting');
  const pids = await ownProcesses();
  expect(pids.length).toBeGreaterThanOrEqual(3);
  await expect.poll(() => load(pids, 5000)).toBeLessThan(1);
});

test('a hidden window renders nothing of what arrives', async () => {
  const { app, page, post } = desktop;
  const rows = page.getByRole('listbox', { name: 'Events' }).getByRole('option');
  await post({ type: 'first', id: 'first' });
  await expect(rows).toHaveCount(1);
  const renderer = await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.hide();
    return window?.webContents.getOSProcessId() ?? 0;
  });
  let isOver = false;
  let sent = 0;
  const sending = (async () => {
    while (!isOver) {
      await Promise.all([1, 2, 3, 4].map(() => post({ type: 'load', id: `load-${sent++}` })));
      await wait(20);
    }
  })();
  try {
    await expect.poll(() => load([renderer], 3000)).toBeLessThan(3);
  } finally {
    isOver = true;
    await sending;
  }
  expect(sent).toBeGreaterThan(20);
});
