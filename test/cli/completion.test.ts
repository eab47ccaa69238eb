import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { runCommand } from './run-signalbox.ts';

const complete = async (...typed: string[]): Promise<string[]> => {
  const { stdout } = await runCommand(['completion', 'bash']);
  const words = ['signalbox', ...typed].map((word) => `'${word}'`).join(' ');
  const script = `${stdout}\nCOMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _signalbox; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout: found } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(status).toBe(0);
  return found.trim().split('\n');
};

it('completes commands and options in bash', async () => {
  expect(await complete('ru')).toEqual(['runs']);
  expect(await complete('events', 're')).toEqual(['replay']);
  expect(await complete('runs', 'output', 'run_1', '--fol')).toEqual(['--follow']);
});

it('has scripts for zsh and fish, and refuses other shells', async () => {
  const zsh = await runCommand(['completion', 'zsh']);
  expect(zsh.stdout).toMatch(/^#compdef signalbox\n/);
  expect(zsh.stdout).toContain("'events list') names=()");
  const fish = await runCommand(['completion', 'fish']);
  expect(fish.stdout).toMatch(/^complete -c signalbox -n 'test \(__signalbox_path\) = "events"' -f -a replay -d /m);
  for (const [shell, { stdout }] of [
    ['zsh', zsh],
    ['fish', fish],
  ] as const) {
    // Where the shell is there, it reads its own script.
    const { error, status, stderr } = spawnSync(shell, ['--no-execute'], { input: stdout, encoding: 'utf8' });
    if (error === undefined) expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }
  expect((await runCommand(['completion', 'tcsh'])).code).toBe(2);
});
