import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const answerMs = 5000;
const cookieName = 'MIT-MAGIC-COOKIE-1';

/**
 * Why no window can be shown on Linux, as a sentence; undefined when a display can be opened. Chromium says it in its own
 * words and aborts, which does not read as "another user's display".
 */
export async function displayProblem(env = process.env) {
  const wayland = env.WAYLAND_DISPLAY;
  if (wayland && (await canConnect({ path: waylandSocket(wayland, env) }))) return undefined;
  if (env.DISPLAY) return xProblem(env.DISPLAY, env);
  if (wayland) return `The display ${wayland} (WAYLAND_DISPLAY) cannot be opened.`;
  return 'There is no display (DISPLAY or WAYLAND_DISPLAY), so there can be no window.';
}

const waylandSocket = (name, env) => (isAbsolute(name) ? name : join(env.XDG_RUNTIME_DIR ?? '/run', name));

async function xProblem(display, env) {
  const place = placeOf(display);
  if (place === undefined) return `The display ${display} (DISPLAY) is no address of a display.`;
  const cookies = [undefined, ...cookiesFor(place.number, env)];
  let isRefused = false;
  for (const address of place.addresses) {
    for (const cookie of cookies) {
      const answer = await greet(address, cookie);
      if (answer === 'taken') return undefined;
      if (answer === 'absent') break;
      isRefused = true;
    }
  }
  return isRefused
    ? `The display ${display} (DISPLAY) lets this user open no window: it belongs to another session (see xhost and XAUTHORITY).`
    : `The display ${display} (DISPLAY) cannot be opened: no display server answers there.`;
}

/** `:0`, `:10.0`, `unix:0`, `host:10`; see X(7). */
function placeOf(display) {
  const match = /^(?:unix|(?:.*\/)?([^/:]*)):(\d+)(?:\.\d+)?$/.exec(display);
  if (match === null) return undefined;
  const [, host = '', digits] = match;
  const number = Number(digits);
  if (host !== '') return { number, addresses: [{ host, port: 6000 + number }] };
  const path = `/tmp/.X11-unix/X${number}`;
  return { number, addresses: [{ path }, { path: `\0${path}` }] };
}

/** What .Xauthority holds for a display: (family, address, number, name, data), each but the first with its length. */
function cookiesFor(number, env) {
  const cookies = [];
  try {
    const file = readFileSync(env.XAUTHORITY ?? join(env.HOME ?? homedir(), '.Xauthority'));
    for (let at = 0; at < file.length; ) {
      at += 2;
      const fields = [];
      for (let field = 0; field < 4; field += 1) {
        const length = file.readUInt16BE(at);
        fields.push(file.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      }
      const [, ofNumber, name, data] = fields;
      const isFor = ofNumber.length === 0 || ofNumber.toString('latin1') === String(number);
      if (isFor && name.toString('latin1') === cookieName) cookies.push(data);
    }
  } catch {
    // No such file, or one that breaks off: what was read until then counts.
  }
  return cookies;
}

/** The first exchange of the X protocol: `taken`, `refused`, or `absent` where nothing answers. */
function greet(address, cookie) {
  const pad = (bytes) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const name = Buffer.from(cookie === undefined ? '' : cookieName);
  const data = cookie ?? Buffer.alloc(0);
  const head = Buffer.alloc(12);
  head.write('l', 0, 'latin1');
  head.writeUInt16LE(11, 2);
  head.writeUInt16LE(name.length, 6);
  head.writeUInt16LE(data.length, 8);
  return new Promise((resolve) => {
    const socket = connect(address);
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(answerMs, () => end('absent'));
    socket.on('error', () => end('absent'));
    socket.on('close', () => end('absent'));
    socket.on('connect', () => socket.write(Buffer.concat([head, pad(name), pad(data)])));
    socket.once('data', (bytes) => end(bytes[0] === 1 ? 'taken' : 'refused'));
  });
}

function canConnect(address) {
  return new Promise((resolve) => {
    const socket = connect(address);
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(answerMs, () => end(false));
    socket.on('error', () => end(false));
    socket.on('connect', () => end(true));
  });
}
