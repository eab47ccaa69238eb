import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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

/**
 * Controls that are cut: in part or all outside the window, or outside an ancestor that shows no more of them. Below or
 * above what a scroll bar reaches is fine, beside it is not.
 */
const cutControls = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const tolerance = 1;
    const selector = 'button, [role=button], [role=tab], [role=switch], a[href], input, select, textarea';
    const cut: string[] = [];
    for (const control of document.querySelectorAll(selector)) {
      const rect = control.getBoundingClientRect();
      // The text field among the pills of a selection is as long as what is left of its line.
      if (control.matches('.mantine-MultiSelect-input input')) continue;
      // Hidden ones, and those only a screen reader meets.
      if (rect.width <= 1 || rect.height <= 1 || !control.checkVisibility({ opacityProperty: true })) continue;
      const name = control.getAttribute('aria-label') ?? control.textContent?.trim() ?? '';
      const said = `${control.tagName.toLowerCase()} “${name.slice(0, 40)}”`;
      if (rect.left < -tolerance || rect.right > window.innerWidth + tolerance) cut.push(`${said}: outside the window`);
      let scrollsDown = false;
      let position = getComputedStyle(control).position;
      for (let box = control.parentElement; box !== null && position !== 'fixed'; box = box.parentElement) {
        const style = getComputedStyle(box);
        const isContaining = position !== 'absolute' || style.position !== 'static';
        if (!isContaining) continue;
        position = style.position;
        const outer = box.getBoundingClientRect();
        const where = `of ${box.tagName.toLowerCase()}.${box.className}`;
        if (
          style.overflowX !== 'visible' &&
          (rect.left < outer.left - tolerance || rect.right > outer.right + tolerance)
        ) {
          cut.push(`${said}: beside the edge ${where}`);
          break;
        }
        scrollsDown ||= style.overflowY === 'auto' || style.overflowY === 'scroll';
        if (scrollsDown || style.overflowY === 'visible') continue;
        if (rect.top < outer.top - tolerance || rect.bottom > outer.bottom + tolerance) {
          cut.push(`${said}: above or below the edge ${where}`);
          break;
        }
      }
    }
    return cut;
  });

/** Set to look at the screens: a folder for pictures of them. */
const pictures = process.env.SIGNALBOX_PICTURES;

/** Until it is at rest: a pane draws itself again while it loads. */
async function settledCuts(page: Page): Promise<string[]> {
  let cut: string[] = [];
  await expect
    .poll(async () => {
      const before = cut;
      cut = await cutControls(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) cut.push(`the page scrolls sideways by ${overflow}`);
      return JSON.stringify(before) === JSON.stringify(cut);
    })
    .toBe(true);
  return cut;
}

async function takePictures(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(pictures, `${name.replaceAll(/\W+/g, '-')}-${colorScheme}.png`) });
  }
}

test('no control of any screen is cut in a narrow window', async ({ page }) => {
  const found: Record<string, string[]> = {};
  await signIn(page, demo.box);
  for (const { name, path, ready } of screens) {
    await goTo(page, path(demo.ids));
    await ready(page);
    for (const width of [720, 760]) {
      await page.setViewportSize({ width, height: 800 });
      const cut = await settledCuts(page);
      if (cut.length > 0) found[`${name}, ${width}`] = cut;
      await takePictures(page, `${width} ${name}`);
    }
    await page.keyboard.press('Escape');
  }
  expect(found).toEqual({});
});
