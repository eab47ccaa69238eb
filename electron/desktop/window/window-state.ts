import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { errorCode } from '../../../shared/error-code.ts';

const side = z.number().int().min(-100_000).max(100_000);

const windowStateSchema = z.object({
  x: side,
  y: side,
  width: z.number().int().min(1).max(100_000),
  height: z.number().int().min(1).max(100_000),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const minimumSize = { width: 720, height: 480 };
const usualSize = { width: 1280, height: 820 };

const overlap = (from: number, length: number, areaFrom: number, areaLength: number): number =>
  Math.max(0, Math.min(from + length, areaFrom + areaLength) - Math.max(from, areaFrom));

const sharedArea = (state: Area, area: Area): number =>
  overlap(state.x, state.width, area.x, area.width) * overlap(state.y, state.height, area.y, area.height);

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** The same place on this display with all of it in view; a window larger than the display begins at its corner. */
function fitOn(area: Area, wanted: Area): Area {
  const width = Math.max(minimumSize.width, Math.min(wanted.width, area.width));
  const height = Math.max(minimumSize.height, Math.min(wanted.height, area.height));
  return {
    x: clamp(wanted.x, area.x, Math.max(area.x, area.x + area.width - width)),
    y: clamp(wanted.y, area.y, Math.max(area.y, area.y + area.height - height)),
    width,
    height,
  };
}

/**
 * Where the window opens: as it was left when today's displays (which do not overlap) show all of it, else moved and made
 * smaller until the display with most of it does (a monitor may be gone, or smaller). With nothing of it on any display,
 * and at the first start, the middle of the first display.
 */
export function placeWindow(kept: WindowState | null, displays: readonly Area[]): WindowState {
  const home = displays[0] ?? { x: 0, y: 0, ...usualSize };
  const isMaximized = kept?.isMaximized ?? false;
  if (kept !== null) {
    const shared = displays.map((area) => ({ area, size: sharedArea(kept, area) }));
    const seen = shared.reduce((sum, { size }) => sum + size, 0);
    const isUsable = kept.width >= minimumSize.width && kept.height >= minimumSize.height;
    if (isUsable && seen >= kept.width * kept.height) return kept;
    const best = shared.reduce((most, each) => (each.size > most.size ? each : most), { area: home, size: 0 });
    if (best.size > 0) return { ...fitOn(best.area, kept), isMaximized };
  }
  const size = kept ?? usualSize;
  const { width, height } = fitOn(home, { ...home, width: size.width, height: size.height });
  return {
    x: Math.round(home.x + Math.max(0, home.width - width) / 2),
    y: Math.round(home.y + Math.max(0, home.height - height) / 2),
    width,
    height,
    isMaximized,
  };
}

/** Null when there is none yet, or when it cannot be used: the window then opens as at the first start. */
export async function readWindowState(file: string, log: Logger): Promise<WindowState | null> {
  try {
    return windowStateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const isNew = errorCode(error) === 'ENOENT';
    if (!isNew) log.warn({ err: error, file }, 'the kept window position cannot be used');
    return null;
  }
}

export const writeWindowState = (file: string, state: WindowState): Promise<void> =>
  writeFileAtomic(file, `${JSON.stringify(state)}\n`, { mode: 0o600 });
