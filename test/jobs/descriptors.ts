import { join } from 'node:path';
import type { JobSpec } from '../../shared/contract/jobs.ts';

/** Jobs that write into a folder which descriptors their processes have, as `ls -l` shows them. */
export const listsDescriptors = (folder: string): { specs: JobSpec[]; script: string; files: string[] } => {
  const files = ['command', 'guardian', 'worker', 'child-of-worker'].map((name) => join(folder, name));
  // Listed by a child of the shell, which would itself keep a copy of its output while it redirects that of the child.
  const [command, guardian, worker, childOfWorker] = files.map((file) => `exec > ${file};`);
  return {
    files,
    specs: [
      {
        slug: 'command',
        kind: 'command',
        command: ['/bin/sh', '-c', `${command} ls -l /proc/$$/fd; ${guardian} ls -l /proc/$PPID/fd`],
      },
      { slug: 'script', kind: 'script', file: 'descriptors.mjs' },
    ],
    script: `import { spawnSync } from 'node:child_process';
      const list = (pid, to) => spawnSync('/bin/sh', ['-c', to + ' ls -l /proc/' + pid + '/fd']);
      export default () => { list(process.pid, '${worker}'); list('$$', '${childOfWorker}'); };`,
  };
};

/** `ls -l` of a folder of descriptors: number → what it leads to. */
export const readDescriptors = (listed: string): Map<number, string> =>
  new Map(
    [...listed.matchAll(/ (\d+) -> (.*)$/gm)].map(([, number = '', target = '']) => [Number(number), target] as const),
  );
