import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { listsDescriptors, readDescriptors } from '../jobs/descriptors.ts';
import { makePlace } from '../process/signalbox.ts';
import { openDesktop } from './desktop.ts';

function linkOf(pid: number, number: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${number}`);
  } catch {
    return '';
  }
}

test.skip(process.platform !== 'linux', 'reads /proc');

test('jobs, scripts and the guardian have none of the window’s descriptors', async () => {
  const place = makePlace();
  const { specs, script, files } = listsDescriptors(place.dir);
  writeFileSync(join(place.dir, 'descriptors.mjs'), script);
  const config = `version: 1
sources: [{ slug: shop, preset: generic, event: { type: $.type, id: $.id } }]
jobs: ${JSON.stringify(specs)}
listeners: ${JSON.stringify(specs.map(({ slug }) => ({ slug, source: 'shop', type: 'list', job: slug })))}
`;
  const desktop = await openDesktop({ ...place, config });
  try {
    // What would be inherited: Chromium's own, open without close-on-exec.
    const { pid, own } = await desktop.app.evaluate(() => ({
      pid: process.pid,
      own: process.getBuiltinModule('node:fs').readdirSync('/proc/self/fd'),
    }));
    const isInherited = (number: string): boolean => {
      const info = `/proc/${pid}/fdinfo/${number}`;
      const flags = existsSync(info) ? /flags:\s+(\d+)/.exec(readFileSync(info, 'latin1'))?.[1] : undefined;
      return flags !== undefined && (Number.parseInt(flags, 8) & 0o2000000) === 0;
    };
    expect(own.filter((number) => Number(number) > 2 && isInherited(number)).length).toBeGreaterThan(5);
    await desktop.post({ type: 'list', id: '1' });
    const read = () =>
      files.map((file) => (existsSync(file) ? readDescriptors(readFileSync(file, 'utf8')) : new Map()));
    await expect.poll(() => read().map(({ size }) => size > 2)).toEqual([true, true, true, true]);
    const [command, guardian, worker, childOfWorker] = read().map((listed) => [...listed]);
    const beyond = (listed: [number, string][] | undefined, last: number): string[] =>
      (listed ?? []).filter(([number]) => number > last).map(([, target]) => target);
    expect(beyond(command, 2).filter((target) => target !== '/dev/null')).toEqual([]);
    // An Electron that runs as Node opens files of its own and an event loop, some of which reach its children.
    const isOfNode = (target: string): boolean => /^anon_inode:|^pipe:|^\/dev\/null$|\.(dat|bin|pak)$/.test(target);
    expect(beyond(childOfWorker, 2).filter((target) => !isOfNode(target))).toEqual([]);
    // These two also have the other ends of what their children write.
    const isOfParent = (target: string): boolean => isOfNode(target) || target.startsWith('socket:');
    // The guardian opens the event of a run for its input, and may be about to close it.
    const isInput = (target: string): boolean => target.endsWith('/event.json');
    expect(beyond(guardian, 2).filter((target) => !isOfParent(target) && !isInput(target))).toEqual([]);
    expect(beyond(worker, 3).filter((target) => !isOfParent(target))).toEqual([]);
    // And none of them is one of the window's: those have the same inodes under the same or another number.
    const windows = new Set(
      own.map((number) => linkOf(pid, number)).filter((target) => /^(socket|pipe):/.test(target)),
    );
    for (const listed of [guardian, worker, command, childOfWorker]) {
      expect(beyond(listed, 2).filter((target) => windows.has(target))).toEqual([]);
    }
  } finally {
    await desktop.app.close();
    place.remove();
  }
});
