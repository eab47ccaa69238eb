import { readFileSync } from 'node:fs';

const usedMs = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** What a call takes of the processor, ms: unlike the time of day, the same beside other work. */
export function cpuMs(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  return usedMs(before);
}

/** The same of all this process does until the call is over. */
export async function cpuMsUntil(act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  return usedMs(before);
}

/** What another process has taken since its start, where /proc says so; elsewhere `otherwiseMs`. */
export function cpuMsOfProcess(pid: number, otherwiseMs: number): number {
  if (process.platform !== 'linux') return otherwiseMs;
  // The name in brackets may hold spaces. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  const ticksPerSecond = 100;
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}
