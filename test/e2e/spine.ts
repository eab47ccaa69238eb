import { expect, type Page } from '@playwright/test';

interface SpineParts {
  page: Page;
  /** Posts to the source `shop`. */
  post(event: Record<string, unknown>): Promise<string[]>;
  /** Lets the import job go on to its end. */
  release(): void;
}

/** Whoever types keys as shortcuts must not stand in a field. */
async function leaveFields(page: Page): Promise<void> {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
}

/** The product's spine as its user walks it: receive, watch, acknowledge, replay. The same in a window and a browser. */
export async function walkTheSpine({ page, post, release }: SpineParts): Promise<void> {
  const events = page.getByRole('listbox', { name: 'Events' });
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: /^Live/ }).click();
  await expect(pages.getByRole('link', { name: /^Live/ })).toHaveAttribute('aria-current', 'page');

  const hostile = '<img src=x onerror="window.hijacked = true"><script>window.hijacked = true</script>';
  const [eventId = ''] = await post({ type: 'order.paid', id: 'spine-1', amount: 42, note: hostile });
  const row = events.getByRole('option', { name: /order\.paid/ });
  await expect(row).toBeVisible();
  await row.click();
  await expect(page.getByRole('heading', { name: 'order.paid' })).toBeVisible();
  await expect(page.getByRole('tabpanel')).toContainText('spine-1');

  await page.getByRole('tab', { name: /^Runs/ }).click();
  await page
    .getByRole('tabpanel')
    .getByRole('link', { name: /import/ })
    .click();
  const output = page.getByRole('region', { name: 'Output' });
  await expect(output).toContainText('started with 42');
  await expect(output).not.toContainText('all rows loaded');
  await expect(page.getByRole('progressbar', { name: 'Loading rows' }).first()).toHaveAttribute('aria-valuenow', '40');
  release();
  await expect(output).toContainText('all rows loaded');
  const main = page.getByRole('main');
  await expect(main.getByText('Loaded 42').first()).toBeVisible();
  await expect(main.getByRole('button', { name: /^Acknowledge/ })).toBeVisible();

  await leaveFields(page);
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  const inbox = page.getByRole('listbox', { name: 'Inbox' });
  const waiting = inbox.getByRole('option', { name: /import/ });
  await expect(waiting).toHaveCount(1);
  await page.keyboard.press('j');
  await expect(page.getByRole('article', { name: 'Run of import' })).toContainText('Loaded 42');
  await page.keyboard.press('a');
  await expect(waiting).toHaveCount(0);
  await expect(page.getByText('Inbox zero')).toBeVisible();

  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await row.click();
  // There is nothing to edit before the event is there; which tab shows it is as it was left.
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeEnabled();
  await page.keyboard.press('e');
  const editor = page.getByRole('textbox', { name: 'Edited payload' });
  await expect(editor).toContainText('spine-1');
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('{"type": "order.paid", "id": "spine-1", "amount": 77}');
  await expect(page.getByLabel('Changes from the original')).toContainText('77');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('link', { name: 'Open event' }).click();
  await page.getByRole('tab', { name: /^Payload/ }).click();
  await expect(page.getByRole('tabpanel')).toContainText('77');
  await page.getByRole('tab', { name: /^Lineage/ }).click();
  const lineage = page.getByRole('tabpanel');
  await expect(lineage.getByRole('heading', { name: 'Replay of' })).toBeVisible();
  await expect(lineage.getByRole('link', { name: new RegExp(eventId) })).toBeVisible();
  await page.getByRole('tab', { name: /^Runs/ }).click();
  await page
    .getByRole('tabpanel')
    .getByRole('link', { name: /import/ })
    .click();
  await expect(page.getByRole('region', { name: 'Output' })).toContainText('started with 77');

  // The original knows its replay.
  await page.evaluate((id) => {
    location.hash = `#/live/${id}`;
  }, eventId);
  await page.getByRole('tab', { name: /^Lineage/ }).click();
  await expect(page.getByRole('heading', { name: 'Replayed once' })).toBeVisible();

  // What senders and jobs write stays text.
  await page.getByRole('tab', { name: /^Payload/ }).click();
  await expect(page.getByRole('tabpanel')).toContainText('onerror');
  expect(await page.evaluate(() => 'hijacked' in window)).toBe(false);
}
