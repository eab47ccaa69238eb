import { describe, expect, it } from 'vitest';
import { SecretMasks } from '../../electron/jobs/masks/secret-masks.ts';
import { OutputIntake } from '../../electron/jobs/output/output-intake.ts';

const secret = 'sk_live_0123456789';

/** Output of a job beside writers that take all of the app's time: nothing is read but at its end. */
function readBesideHeavyWriters(chunks: readonly Buffer[]): { lines: string[]; dropped: number } {
  const lines: string[] = [];
  let dropped = 0;
  const intake = new OutputIntake({
    masks: new SecretMasks([secret]),
    share: { leftMs: () => 0, spend: () => undefined },
    onLine: (line) => lines.push(line),
    isNeeded: () => false,
    onDropped: () => {
      dropped += 1;
    },
  });
  for (const chunk of chunks) {
    intake.push(chunk);
    intake.tick();
  }
  intake.end();
  return { lines, dropped };
}

describe('output without line ends beside heavy writers', () => {
  it.each([
    ['zeros', 0],
    ['letters', 'x'.charCodeAt(0)],
  ])('shows some of it, though most is dropped: %s', (_, byte) => {
    const { lines, dropped } = readBesideHeavyWriters(Array.from({ length: 40 }, () => Buffer.alloc(65_536, byte)));
    expect(dropped).toBeGreaterThan(0);
    expect(lines.join('').length).toBeGreaterThan(1000);
  });

  it('shows no half of a secret at the gap', () => {
    // Dropped at another place of it each time: before the gap, the start of one, behind it, the end of one.
    const text = Buffer.from(`${'.'.repeat(40)}${secret}`.repeat(20_000));
    for (let shift = 0; shift < 40; shift += 7) {
      const chunks = Array.from({ length: 20 }, (_, n) => text.subarray(n * 65_536 + shift, (n + 1) * 65_536 + shift));
      const { lines, dropped } = readBesideHeavyWriters(chunks);
      expect(dropped).toBeGreaterThan(0);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.join('').replaceAll(/[.*]/g, '')).toBe('');
    }
  });
});
