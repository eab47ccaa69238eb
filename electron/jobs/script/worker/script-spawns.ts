import childProcess, { ChildProcess } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** Notices whether this process has started others, so that only runs that did are swept for what they left behind. */
export function watchSpawns(): { reset(): void; seen(): boolean } {
  let hasSpawned = false;

  const note = <A extends unknown[], R>(call: (...args: A) => R) =>
    function (this: unknown, ...args: A): R {
      hasSpawned = true;
      return call.apply(this, args);
    };

  // spawn, exec, execFile and fork all come through here.
  const spawn: unknown = Reflect.get(ChildProcess.prototype, 'spawn');
  if (typeof spawn === 'function') {
    Reflect.set(ChildProcess.prototype, 'spawn', function (this: unknown, ...args: unknown[]) {
      hasSpawned = true;
      return Reflect.apply(spawn, this, args);
    });
  }
  Object.assign(childProcess, {
    spawnSync: note(childProcess.spawnSync),
    execSync: note(childProcess.execSync),
    execFileSync: note(childProcess.execFileSync),
  });
  syncBuiltinESMExports();

  return {
    reset() {
      hasSpawned = false;
    },
    seen: () => hasSpawned,
  };
}
