import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { makePlace, type Signalbox, startSignalbox, until } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';

const place = makePlace();
let box: Signalbox;

const post = (body: string): Promise<Response> =>
  fetch(`${box.receiverUrl}/in/crm`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

test.beforeAll(async () => {
  box = await startSignalbox({ dataDir: place.dataDir });
  await box.call('sources.create', { slug: 'crm', preset: 'generic' });
  await box.call('jobs.create', { slug: 'import', kind: 'command', command: ['/bin/sh', '-c', 'exit 3'] });
  await box.call('listeners.create', {
    slug: 'large',
    name: 'Large orders',
    source: 'crm',
    type: ['order.*'],
    where: { all: [{ field: 'payload.total', op: 'gt', value: 100 }] },
    job: 'import',
  });
  for (const total of [50, 90, 120]) {
    expect((await post(JSON.stringify({ type: 'order.created', total }))).status).toBe(202);
  }
  await post('{');
  await until('the run failed', async () => {
    const { items } = await box.call('runs.list', { state: 'failed', limit: 1 });
    return items.length === 1;
  });
});

test.afterAll(async () => {
  await box.end();
  place.remove();
});

/** Until the page is at rest: what is loaded again is dimmed for a moment. */
const expectNoViolations = (page: Page): Promise<void> =>
  expect
    .poll(async () =>
      (await new AxeBuilder({ page }).analyze()).violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
      ),
    )
    .toEqual([]);

test('every number of the activity of a source, a listener and a job leads to its list', async ({ page }) => {
  await signIn(page, box);

  await goTo(page, '/sources/crm');
  await page.getByRole('tab', { name: 'Activity' }).click();
  const deliveries = page.getByRole('region', { name: 'Deliveries' });
  await expect(deliveries).toContainText('Accepted3');
  await expect(deliveries).toContainText('last');
  await page.getByRole('list', { name: 'Reasons of refusal' }).getByRole('link').click();
  await expect(page.getByRole('listbox', { name: 'Deliveries' }).getByRole('option')).toHaveCount(1);
  await expect(page.getByRole('tab', { name: 'Refused' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: /^Remove filter/ }).click();
  await page.getByRole('tab', { name: 'All' }).click();
  await expect(page.getByRole('listbox', { name: 'Deliveries' }).getByRole('option')).toHaveCount(4);

  await goTo(page, '/listeners/large');
  await page.getByRole('tab', { name: 'Activity' }).click();
  await expect(page.getByRole('region', { name: 'Events' })).toContainText('Not matched2');
  await expect(page.getByRole('region', { name: 'Clauses' })).toContainText('100 % fail on clause 1');
  await expectNoViolations(page);
  await page.getByRole('list', { name: 'Failed clauses' }).getByRole('link').click();
  await expect(page.getByRole('listbox', { name: 'Events' }).getByRole('option')).toHaveCount(2);

  await goTo(page, '/jobs/import');
  await page.getByRole('tab', { name: 'Activity' }).click();
  await page.getByRole('region', { name: 'Runs' }).getByRole('link', { name: '1' }).first().click();
  await expect(page.getByRole('listbox', { name: 'Runs' }).getByRole('option')).toHaveCount(1);
});

test('insights show what fails, and lead to it', async ({ page }) => {
  await signIn(page, box);
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page.getByRole('region', { name: 'Events received' })).toContainText('Received3');
  await expect(page.getByRole('region', { name: 'Answer latency' })).toContainText('p95');
  await expect(page.getByRole('region', { name: 'Storage' })).toContainText('Database');
  await expect(page.getByRole('region', { name: 'Slowest jobs' })).toContainText('import');
  await expect(page.getByRole('region', { name: 'Sources' })).toContainText('last');
  await expectNoViolations(page);
  await page.getByRole('list', { name: 'Failed runs by listener' }).getByRole('link', { name: 'Large orders' }).click();
  await expect(page).toHaveURL(/is%3Afailed/);
  await expect(page.getByRole('listbox', { name: 'Runs' }).getByRole('option')).toHaveCount(1);
});
