import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

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

/** At least this much of the title bar must be on a display, or nobody can drag the window back. */
const graspable = { width: 120, height: 32 };

function overlap(from: number, length: number, areaFrom: number, areaLength: number): number {
  return Math.min(from + length, areaFrom + areaLength) - Math.max(from, areaFrom);
}

const isGraspable = (state: Area, area: Area): boolean =>
  overlap(state.x, state.width, area.x, area.width) >= graspable.width &&
  overlap(state.y, graspable.height, area.y, area.height) >= graspable.height;

/**
 * Where the window opens: as it was left when that can still be seen on one of today's displays (a monitor may be gone,
 * or smaller), else in the middle of the first display, no larger than it.
 */
export function placeWindow(kept: WindowState | null, displays: readonly Area[]): WindowState {
  const home = displays[0] ?? { x: 0, y: 0, ...usualSize };
  const { width: wantedWidth, height: wantedHeight } = kept ?? usualSize;
  const sizeOn = (area: Area): Pick<Area, 'width' | 'height'> => ({
    width: Math.max(minimumSize.width, Math.min(wantedWidth, area.width)),
    height: Math.max(minimumSize.height, Math.min(wantedHeight, area.height)),
  });
  const isMaximized = kept?.isMaximized ?? false;
  if (kept !== null) {
    const display = displays.find((area) => isGraspable({ ...kept, ...sizeOn(area) }, area));
    if (display !== undefined) return { ...kept, ...sizeOn(display) };
  }
  const { width, height } = sizeOn(home);
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
    const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isNew) log.warn({ err: error, file }, 'the kept window position cannot be used');
    return null;
  }
}

export const writeWindowState = (file: string, state: WindowState): Promise<void> =>
  writeFileAtomic(file, `${JSON.stringify(state)}\n`, { mode: 0o600 });
