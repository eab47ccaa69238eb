const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `1536` → `1.5 KB`; powers of 1024. */
export function formatBytes(sizeBytes: number): string {
  let size = sizeBytes;
  let unit = 0;
  while (size >= 1024 && unit < byteUnits.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${byteUnits[unit]}`;
}

const countFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
export const formatCount = (count: number): string => countFormat.format(count);

/** `1 run`, `1,200 runs`. */
export const formatRunCount = (count: number): string => (count === 1 ? '1 run' : `${formatCount(count)} runs`);

/** Of a share from 0 to 1: `0 %` only when it is none, and `100 %` only when it is all. */
export function formatPercent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  const percent = share * 100;
  return percent < 0.1 ? '< 0.1 %' : percent > 99.9 ? '> 99.9 %' : `${percent.toFixed(1)} %`;
}

/** At most four characters, for badges: `999`, `1.2k`, `34k`, `1.2M`. */
export function formatShortCount(count: number): string {
  if (count < 1000) return String(count);
  const [size, unit] = count < 1_000_000 ? [count / 1000, 'k'] : [count / 1_000_000, 'M'];
  return `${size < 10 ? (Math.floor(size * 10) / 10).toString() : Math.floor(size)}${unit}`;
}

/** `850 ms`, `4.2 s`, `3 m 05 s`, `2 h 10 m`, `3 d 4 h`. */
export function formatDurationMs(ms: number): string {
  const safe = Math.max(0, ms);
  if (safe < 1000) return `${Math.round(safe)} ms`;
  if (safe < 60_000) return `${(Math.floor(safe / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(safe / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** Local `14:03:22.118`. */
export function formatClock(at: Date, precise: boolean): string {
  const clock = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  return precise ? `${clock}.${pad(at.getMilliseconds(), 3)}` : clock;
}

export const dayMs = 86_400_000;

/** The start of a bucket: local `14:03`, with seconds where buckets are shorter than a minute. */
export function formatBucketClock(at: Date, bucketMs: number): string {
  const clock = formatClock(at, false);
  return bucketMs < 60_000 ? clock : clock.slice(0, 5);
}

/** Local `2026-11-21`. */
export const formatDay = (at: Date): string => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;

/** `now`, `12 s`, `4 m`, `3 h`, `2 d`; the future as `in 4 m`, to the nearest: what comes in two hours is not "in 1 h". */
export function formatAge(ageMs: number): string {
  const unit = (sizeMs: number): number =>
    sizeMs < 60_000 ? 1000 : sizeMs < 3_600_000 ? 60_000 : sizeMs < 86_400_000 ? 3_600_000 : 86_400_000;
  const rounded = (sizeMs: number): number => Math.round(sizeMs / unit(sizeMs)) * unit(sizeMs);
  const size = ageMs < 0 ? rounded(-ageMs) : ageMs;
  if (size < 1000) return 'now';
  const text =
    size < 60_000
      ? `${Math.floor(size / 1000)} s`
      : size < 3_600_000
        ? `${Math.floor(size / 60_000)} m`
        : size < 86_400_000
          ? `${Math.floor(size / 3_600_000)} h`
          : `${Math.floor(size / 86_400_000)} d`;
  return ageMs < 0 ? `in ${text}` : `${text} ago`;
}

/** Both forms for a tooltip: local with zone, and ISO in UTC. */
export function fullTime(iso: string): { local: string; iso: string } | null {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return null;
  const offset = -at.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return { local: `${formatDay(at)} ${formatClock(at, true)} ${zone}`, iso: at.toISOString() };
}
