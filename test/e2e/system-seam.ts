import { join } from 'node:path';
import { type ElectronApplication, expect } from '@playwright/test';
import { z } from 'zod';

/** Given to Electron with `-r`. */
export const systemSeamFile = join(import.meta.dirname, 'system-seam.cjs');

/** For tests of which quitting is no part: whatever still runs is stopped. */
export const stopRunsAtQuit = 'Stop Runs and Quit';

export const seamEnvironment = (answers: readonly string[]): Record<string, string> => ({
  SYSTEM_SEAM_ANSWERS: JSON.stringify(answers),
});

const dialogsSchema = z.array(
  z.object({ message: z.string(), detail: z.string(), buttons: z.array(z.string()), isOpen: z.boolean() }),
);
export type ShownDialog = z.infer<typeof dialogsSchema>[number];

/** Every dialog so far, oldest first. */
async function dialogs(app: ElectronApplication): Promise<ShownDialog[]> {
  const found: unknown = await app.evaluate(() => {
    const seam: unknown = Reflect.get(globalThis, 'systemSeam');
    return JSON.stringify(Reflect.get(Object(seam), 'asked'));
  });
  return dialogsSchema.parse(JSON.parse(z.string().parse(found)));
}

/** Waits for a dialog with this message to be open. */
export async function dialogWith(app: ElectronApplication, message: RegExp, timeout = 90_000): Promise<ShownDialog> {
  let shown: ShownDialog | undefined;
  await expect
    .poll(
      async () => {
        shown = (await dialogs(app)).find((each) => each.isOpen && message.test(each.message));
        return shown !== undefined;
      },
      { timeout, message: `a dialog that says ${message}` },
    )
    .toBe(true);
  if (shown === undefined) throw new Error('no dialog');
  return shown;
}

export const openDialogs = async (app: ElectronApplication): Promise<ShownDialog[]> =>
  (await dialogs(app)).filter(({ isOpen }) => isOpen);

/** Presses this button of the dialog that is open. */
export async function press(app: ElectronApplication, label: string): Promise<void> {
  await app.evaluate((_electron, text) => {
    const asked: unknown = Reflect.get(Object(Reflect.get(globalThis, 'systemSeam')), 'asked');
    if (!Array.isArray(asked)) throw new Error('the seam is not loaded');
    const open = asked.findLast((each) => each.isOpen && each.buttons.includes(text));
    if (open === undefined) throw new Error(`no open dialog offers ${text}`);
    open.press(text);
  }, label);
}
