import { useNow } from '../stores/now.ts';
import { formatAge, fullTime } from './format.ts';

/** How long ago, moving; the moment itself on hover. */
export function TimeAgo({ at }: { at: string }) {
  const nowMs = useNow(1000);
  const full = fullTime(at);
  if (full === null) return <span>{at}</span>;
  const ageMs = nowMs - Date.parse(at);
  return (
    <time dateTime={full.iso} title={`${full.local}\n${full.iso}`}>
      {/* Clocks of two machines differ by a little: what has just come is not "in 1 s". */}
      {formatAge(ageMs < 0 && ageMs > -2000 ? 0 : ageMs)}
    </time>
  );
}
