import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimumSize, placeWindow, readWindowState, writeWindowState } from '../../electron/desktop/window-state.ts';
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

  it('always leaves a title bar that can be grasped', () => {
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
      fc.property(state, fc.array(area, { minLength: 1, maxLength: 3 }), (given, displays) => {
        const placed = placeWindow(given, displays);
        expect(placed.width).toBeGreaterThanOrEqual(minimumSize.width);
        const isSeen = displays.some(
          (display) =>
            placed.x + placed.width >= display.x + 100 &&
            placed.x <= display.x + display.width - 100 &&
            placed.y >= display.y - 32 &&
            placed.y <= display.y + display.height - 32,
        );
        expect(isSeen).toBe(true);
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
