import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { goTo, signIn } from './demo.ts';
import { callFromPage, consolePage, launchDesktop } from './desktop.ts';
import { dialogWith, openDialogs, press } from './system-seam.ts';
import { openWorkshop } from './workshop.ts';

/** What is typed as a secret is kept nowhere until it is stored or sent, so leaving it asks. */

const typed = 'sk-typed-and-not-stored';
const config = `version: 1
sources:
  - { slug: shop, preset: generic, event: { type: $.type, id: $.id } }
jobs:
  - { slug: asker, kind: script, file: ask.mjs }
listeners:
  - { slug: asks, source: shop, type: question, job: asker }
`;

const question = (page: Page) => page.getByRole('alertdialog', { name: 'Discard the secret you typed?' });

test.describe('in a browser', () => {
  let box: Signalbox;
  let workshop: ReturnType<typeof openWorkshop>;

  test.beforeAll(async () => {
    workshop = openWorkshop();
    writeFileSync(
      join(workshop.dir, 'ask.mjs'),
      "export default (event, run) => run.ask({ message: 'Go on?', fields: [{ name: 'pin', type: 'secret', label: 'PIN' }] });\n",
    );
    box = await startSignalbox({ dataDir: workshop.dataDir, config });
  });
  test.afterAll(async () => {
    await box.end();
    workshop.remove();
  });
  test.beforeEach(async ({ page }) => {
    await signIn(page, box);
  });

  /** Reload, Back and a link ask; what was typed is still there after each, and stored nowhere. */
  async function expectAsked(page: Page, field: ReturnType<Page['getByLabel']>): Promise<void> {
    const { hash } = new URL(page.url());
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.evaluate(() => setTimeout(() => window.location.reload(), 0));
    await expect.poll(() => asked).toEqual(['beforeunload']);
    await expect(field).toHaveValue(typed);

    await page.evaluate(() => window.history.back());
    await expect(question(page)).toBeVisible();
    expect(new URL(page.url()).hash).toBe(hash);
    await page.keyboard.press('Escape');
    await expect(question(page)).toHaveCount(0);
    await expect(field).toHaveValue(typed);

    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]));
    expect(kept).not.toContain(typed);

    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Live/ }).click();
    await expect(question(page)).toBeVisible();
    await question(page).getByRole('button', { name: 'Discard' }).click();
    await expect(page).toHaveURL(/#\/live/);
    // Nothing is left to lose.
    await page.reload();
    expect(asked).toEqual(['beforeunload']);
  }

  test('a secret typed under Settings is not lost without a question', async ({ page }) => {
    await goTo(page, '/live');
    await goTo(page, '/settings');
    const value = page.getByRole('textbox', { name: 'Value of the secret' });
    await page.getByRole('button', { name: 'Store a secret' }).click();
    await value.fill(typed);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect(question(page)).toBeVisible();
    await question(page)
      .getByRole('button', { name: /^Keep editing/ })
      .click();
    await expect(value).toHaveValue(typed);
    await expectAsked(page, value);
    // Back, agreed to, goes where it was to go.
    await goTo(page, '/settings');
    await page.getByRole('button', { name: 'Store a secret' }).click();
    await value.fill(typed);
    await page.evaluate(() => window.history.back());
    await question(page).getByRole('button', { name: 'Discard' }).click();
    await expect(page).toHaveURL(/#\/live/);
    await expect(value).toHaveCount(0);
  });

  test('nor one typed in the form of a job', async ({ page }) => {
    await goTo(page, '/live');
    await goTo(page, '/jobs/new');
    await page.getByRole('button', { name: 'Secret', exact: true }).click();
    await page
      .getByRole('button', { name: /store a new secret/ })
      .first()
      .click();
    const value = page.getByRole('textbox', { name: 'Value of the secret' });
    await value.fill(typed);
    await expectAsked(page, value);
  });

  test('nor one typed as an answer', async ({ page }) => {
    await box.accept('shop', { type: 'question', id: 'q' });
    await expect
      .poll(async () => (await box.call('runs.list', {})).items.map(({ state }) => state))
      .toEqual(['interaction_required']);
    const { items } = await box.call('runs.list', {});
    await goTo(page, '/live');
    await goTo(page, `/runs/${items[0]?.id}`);
    const value = page.getByLabel('PIN');
    await value.fill(typed);
    await expectAsked(page, value);
  });
});

test('in the desktop window a dialog asks before reload, close and quit', async () => {
  const workshop = openWorkshop();
  const app = await launchDesktop({ dataDir: workshop.dataDir, answers: [] });
  const ended = new Promise<number | null>((resolve) => app.process().on('exit', resolve));
  try {
    const page = await consolePage(app);
    // Else Close only hides the window, and nothing is lost.
    await callFromPage(page, 'settings.update', { keepInTray: false });
    await goTo(page, '/settings');
    await page.getByRole('button', { name: 'Store a secret' }).click();
    const value = page.getByRole('textbox', { name: 'Value of the secret' });
    await value.pressSequentially(typed);

    // The driver of this test answers the page's own objection to Close and Reload itself, so Electron's event for it, which
    // it then does not send, is sent here.
    const objects = (isClosing: boolean) =>
      app.evaluate(({ BrowserWindow }, closing) => {
        const [window] = BrowserWindow.getAllWindows();
        let isLeft = false;
        if (closing) window?.emit('close', { defaultPrevented: false });
        window?.webContents.emit('will-prevent-unload', {
          preventDefault() {
            isLeft = true;
          },
        });
        return isLeft;
      }, isClosing);
    const actions = {
      reload: () => objects(false),
      close: () => objects(true),
      quit: () => app.evaluate((electron) => electron.app.quit()),
    };
    for (const [action, act] of Object.entries(actions)) {
      expect(await act()).not.toBe(true);
      const dialog = await dialogWith(app, /Discard what you typed/);
      expect(dialog.buttons).toEqual(['Keep Editing', `Discard and ${action[0]?.toUpperCase()}${action.slice(1)}`]);
      await press(app, 'Keep Editing');
      await expect.poll(() => openDialogs(app)).toEqual([]);
      await expect(value).toHaveValue(typed);
    }
    await actions.reload();
    await dialogWith(app, /Discard what you typed/);
    await press(app, 'Discard and Reload');
    await expect(value).toHaveCount(0);

    await page.getByRole('button', { name: 'Store a secret' }).click();
    await value.fill(typed);
    await actions.quit().catch(() => undefined);
    await dialogWith(app, /Discard what you typed/);
    await press(app, 'Discard and Quit').catch(() => undefined);
    expect(await ended).toBe(0);
  } finally {
    // Closing would ask.
    app.process().kill('SIGKILL');
    workshop.remove();
  }
});
