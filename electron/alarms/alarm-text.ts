import { type AlarmSubject, alarmSubjectSchema } from '../../shared/contract/alarms.ts';
import { pagePaths } from '../../shared/page-paths.ts';

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `1536` → `1.5 KB`; powers of 1024. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** `45 s`, `12 m`, `2 h 10 m`, `3 d 4 h`. */
export function timeText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} m`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** As incidents are stored; empty: the app itself. */
export const subjectKey = (subject: AlarmSubject): string =>
  subject === null ? '' : `${subject.kind}/${subject.slug}`;

export function subjectOf(key: string): AlarmSubject {
  const [kind, slug] = key.split('/');
  const parsed = alarmSubjectSchema.safeParse({ kind, slug });
  return parsed.success ? parsed.data : null;
}

/** The page of what an alarm is about. */
export function subjectPath(subject: AlarmSubject): string {
  if (subject === null) return pagePaths.insights();
  return { source: pagePaths.source, job: pagePaths.job, listener: pagePaths.listener }[subject.kind](subject.slug);
}
