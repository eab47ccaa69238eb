import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Settings of the kernel that keep ordinary users from making namespaces, with the value that does. */
const restrictions = [
  ['kernel/apparmor_restrict_unprivileged_userns', '1'],
  ['kernel/unprivileged_userns_clone', '0'],
  ['user/max_user_namespaces', '0'],
];

/**
 * Why Chromium's sandbox cannot start for this user on Linux, as a sentence that says what to do; undefined when it can.
 * Ubuntu 23.10 and later let ordinary users make namespaces for known programs only, and Chromium then aborts.
 */
export function sandboxProblem(executablePath, { system = '/proc/sys', profiles = '/etc/apparmor.d' } = {}) {
  const found = restrictions.find(([name, value]) => readText(join(system, name)) === value);
  if (found === undefined) return undefined;
  const helper = join(dirname(executablePath), 'chrome-sandbox');
  if (isSetuidRoot(helper)) return undefined;
  const [name, value] = found;
  if (name.includes('apparmor') && hasProfile(profiles, executablePath)) return undefined;
  return (
    `Chromium's sandbox cannot start here: this system lets ordinary users make no namespaces (${name.replace('/', '.')} = ${value}). ` +
    `Give it its helper once: sudo chown root '${helper}' && sudo chmod 4755 '${helper}'`
  );
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function isSetuidRoot(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === 0 && (stats.mode & 0o4001) === 0o4001;
}

/** Whether an AppArmor profile names the program: a profile means that this is allowed. */
function hasProfile(directory, executablePath) {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .some((entry) => readText(join(directory, entry.name))?.includes(executablePath));
  } catch {
    return false;
  }
}
