import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  minimumSize,
  placeWindow,
  readWindowState,
  writeWindowState,
} from '../../electron/desktop/window/window-state.ts';
import { capturedLog } from '../console/captured-log.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const monitor = { x: 1440, y: 0, width: 2560, height: 1440 };
const kept = { x: 1600, y: 100, width: 1500, height: 900, isMaximized: true };

describe('where the window opens', () => {
  it('is where it was left while that can be seen', () => {
    expect(placeWindow(kept, [laptop, monitor])).toEqual(kept);
  });

  it('is the middle of the first display at the first start', () => {
    expect(placeWindow(null, [laptop])).toEqual({ x: 80, y: 53, width: 1280, height: 820, isMaximized: false });
  });

  it('is on a display that is there when its own is gone, no larger than that', () => {
    expect(placeWindow(kept, [laptop])).toEqual({ x: 0, y: 25, width: 1440, height: 875, isMaximized: true });
  });

  it('moves in from the edge of a display that has become smaller', () => {
    const left = { x: 1300, y: 700, width: 1280, height: 820, isMaximized: false };
    expect(placeWindow(left, [laptop])).toEqual({ x: 160, y: 80, width: 1280, height: 820, isMaximized: false });
    const onMonitor = { x: 3800, y: 1300, width: 1500, height: 900, isMaximized: false };
    expect(placeWindow(onMonitor, [laptop, monitor])).toEqual({
      x: 2500,
      y: 540,
      width: 1500,
      height: 900,
      isMaximized: false,
    });
  });

  it('stays across two displays that show all of it', () => {
    const across = { x: 1000, y: 100, width: 1280, height: 700, isMaximized: false };
    expect(placeWindow(across, [laptop, monitor])).toEqual(across);
  });

  it('always has the whole window in view where it fits', () => {
    const side = fc.integer({ min: -5000, max: 5000 });
    const size = fc.integer({ min: 1, max: 5000 });
    const state = fc.record({ x: side, y: side, width: size, height: size, isMaximized: fc.boolean() });
    const area = fc.record({
      x: side,
      y: side,
      width: fc.integer({ min: 720, max: 4000 }),
      height: fc.integer({ min: 480, max: 3000 }),
    });
    fc.assert(
      fc.property(state, area, (given, display) => {
        const placed = placeWindow(given, [display]);
        expect(placed.width).toBeGreaterThanOrEqual(minimumSize.width);
        expect(placed.height).toBeGreaterThanOrEqual(minimumSize.height);
        expect(placed.x).toBeGreaterThanOrEqual(display.x);
        expect(placed.y).toBeGreaterThanOrEqual(display.y);
        expect(placed.x + placed.width).toBeLessThanOrEqual(display.x + display.width);
        expect(placed.y + placed.height).toBeLessThanOrEqual(display.y + display.height);
      }),
    );
  });
});

describe('the kept position', () => {
  it('comes back as it was written', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'signalbox-window-')), 'window-state.json');
    const { log, lines } = capturedLog();
    expect(await readWindowState(file, log)).toBeNull();
    await writeWindowState(file, kept);
    expect(await readWindowState(file, log)).toEqual(kept);
    expect(lines).toEqual([]);
  });

  it.each(['', '{}', 'null', '{"x":0,"y":0,"width":-1,"height":1e99,"isMaximized":false}'])(
    'is ignored, and that is logged, when it reads %j',
    async (text) => {
      const file = join(await mkdtemp(join(tmpdir(), 'signalbox-window-')), 'window-state.json');
      await writeFile(file, text);
      const { log, lines } = capturedLog();
      expect(await readWindowState(file, log)).toBeNull();
      expect(lines).toHaveLength(1);
    },
  );
});
