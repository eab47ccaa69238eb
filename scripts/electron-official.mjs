import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { childEnv, lastLines } from './command.mjs';
import { cacheDir, modulesDir, nodePath } from './paths.mjs';
import { say } from './say.mjs';

const pollMs = 1_000;
const stallMs = 15_000;
const reportMs = 5_000;

/** Bytes in a folder that may be changing or missing. */
function sizeOf(path) {
  try {
    const stat = statSync(path);
    if (!stat.isDirectory()) return stat.size;
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
  } catch {
    return 0;
  }
}

/**
 * Lets the `electron` package download itself (mirrors, checksums and cache are its own business) and gives up when
 * nothing arrives for 15 s. Its downloader reports no progress, so we watch the files grow: it writes to the
 * temporary folder, which we choose, and then unpacks into dist/. Resolves true when its installer succeeded.
 */
export async function downloadOfficial() {
  const packageDir = join(modulesDir, 'electron');
  const temporary = join(cacheDir, 'electron-download');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  say('Electron: downloading it (about 120 MB) …');
  const child = spawn(nodePath, [join(packageDir, 'install.js')], {
    cwd: packageDir,
    env: childEnv({
      TMPDIR: temporary,
      TMP: temporary,
      TEMP: temporary,
      ELECTRON_GET_NO_PROGRESS: '1',
      ELECTRON_OVERRIDE_DIST_PATH: '',
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk) => {
    output += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);

  let sizeBytes = 0;
  let movedAt = Date.now();
  let reportedAt = Date.now();
  let stalled = false;
  const timer = setInterval(() => {
    const nowBytes = sizeOf(temporary) + sizeOf(join(packageDir, 'dist'));
    if (nowBytes !== sizeBytes) {
      sizeBytes = nowBytes;
      movedAt = Date.now();
    }
    if (Date.now() - movedAt > stallMs) {
      stalled = true;
      child.kill('SIGKILL');
    } else if (sizeBytes > 0 && Date.now() - reportedAt > reportMs) {
      reportedAt = Date.now();
      say(`Electron: ${Math.round(sizeBytes / 1e6)} MB …`);
    }
  }, pollMs);
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', resolve);
  });
  clearInterval(timer);
  rmSync(temporary, { recursive: true, force: true });
  if (code === 0) return true;
  const reason = stalled ? `nothing arrived for ${stallMs / 1000} s` : (lastLines(output, 40).split('\n')[0] ?? '');
  say(`Electron: its download is out of reach (${reason}).`);
  return false;
}
