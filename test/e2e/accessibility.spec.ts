import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type Demo, goTo, signIn, startDemo } from './demo.ts';
import { screens } from './screens.ts';

let demo: Demo;

test.beforeAll(async () => {
  demo = await startDemo();
});

test.afterAll(async () => {
  await demo.end();
});

/** What axe calls serious or critical, contrast included, each with the elements it is about. */
async function violations(page: Page, rules: readonly string[] | null, within = 'html'): Promise<string[]> {
  const axe = new AxeBuilder({ page }).include(within);
  const { violations: found } = await (rules === null ? axe : axe.withRules([...rules])).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any.map(({ message }) => message).join('; ')}`),
    );
}

// The dark screens are the same but for their colours.
const schemes = [
  { colorScheme: 'light', rules: null },
  { colorScheme: 'dark', rules: ['color-contrast', 'link-in-text-block'] },
] as const;

for (const { colorScheme, rules } of schemes) {
  test.describe(`no serious fault for those who see or reach it differently, ${colorScheme}`, () => {
    let page: Page;

    /** Looked at until it is at rest: what is being worked out anew is dimmed for that moment. */
    const expectNone = (name: string, within?: string) =>
      expect.poll(() => violations(page, rules, within), { message: name }).toEqual([]);

    // One page for all screens: signing in and loading for each would take longer than looking.
    test.beforeAll(async ({ browser }) => {
      // axe looks into pages of a context of their own only.
      const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
      page = await context.newPage();
      await page.goto(demo.box.consoleUrl);
      await expect(page.getByRole('heading', { name: 'Sign in to the console' })).toBeVisible();
      await expectNone('sign-in');
      await signIn(page, demo.box);
    });
    test.afterAll(async () => {
      await page.context().close();
    });

    for (const screen of screens) {
      test(screen.name, async () => {
        await goTo(page, screen.path(demo.ids));
        await screen.ready(page);
        await expectNone(screen.name, screen.within);
        // Dialogs and editors are left before the next page.
        await page.keyboard.press('Escape');
        await goTo(page, '/settings');
      });
    }
  });
}
