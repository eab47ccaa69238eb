import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { childEnv } from './command.mjs';
import { root } from './paths.mjs';
import { say } from './say.mjs';

// The app stops within 20 s; past this something hangs.
const graceMs = 25_000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Whether a terminal has just given this SIGINT to the child too: Ctrl-C goes to the terminal's whole foreground group,
 * to which both of us belong, and npm passes it on to us once more.
 */
function hasTerminalSignaledGroup(signal) {
  if (signal !== 'SIGINT') return false;
  if (process.platform === 'win32') return true;
  try {
    // proc(5): after the command in parentheses come state, ppid, pgrp, session, tty_nr, tpgid.
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[2] === fields[5];
  } catch {
    return process.stdin.isTTY === true;
  }
}

/**
 * Runs a program in the foreground on our own streams and gives its exit code (128 + signal when it was killed). The first stop signal
 * is handed on once, however many times it arrives here, and the child is given 25 s to end.
 */
export function runForeground(command, args, { env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: childEnv(env), stdio: 'inherit' });
    let timer;
    const onSignal = (signal) => {
      if (timer !== undefined) return;
      if (!hasTerminalSignaledGroup(signal)) child.kill(signal);
      timer = setTimeout(() => {
        say(`It has not stopped within ${graceMs / 1000} s of ${signal}; ending it.`);
        child.kill('SIGKILL');
      }, graceMs);
    };
    for (const signal of signals) process.on(signal, onSignal);
    const finish = (code) => {
      clearTimeout(timer);
      for (const signal of signals) process.removeListener(signal, onSignal);
      resolve(code);
    };
    child.on('error', (error) => {
      say(`${command} could not be started: ${error.message}`);
      finish(127);
    });
    child.on('exit', (code, signal) => finish(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
