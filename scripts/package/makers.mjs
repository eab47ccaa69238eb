import { findProgram } from '../system-packages.mjs';
import { makeDeb } from './linux/deb.mjs';
import { makeRpm } from './linux/rpm.mjs';
import { makeTarGz } from './linux/tar-gz.mjs';
import { makeDmg, makeMacZip } from './mac.mjs';
import { makeWindowsInstaller } from './windows.mjs';

/**
 * The packages that each platform builds. A maker takes the app folder (`bundleApp`) with `out`, `work` and `compression`, and
 * gives the files it made.
 */
export const makers = {
  linux: { deb: makeDeb, rpm: makeRpm, 'tar.gz': makeTarGz },
  win32: { exe: makeWindowsInstaller },
  darwin: { dmg: makeDmg, zip: makeMacZip },
};

const programs = { deb: ['dpkg-deb', 'dpkg'], rpm: ['rpmbuild', 'rpm'], 'tar.gz': ['tar', 'tar'] };

/** Why a package cannot be built on this machine: the rest of a sentence. Undefined when it can. */
export function unavailable(name, find = findProgram) {
  const [program, source] = programs[name] ?? [];
  if (program === undefined || find(program) !== undefined) return undefined;
  return `${program} is missing; install it (package ${source}).`;
}
