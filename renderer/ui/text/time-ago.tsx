import { useNowAs } from '../../browser/now.ts';
import { formatAge, fullTime } from './format.ts';

/** How long ago, moving; the moment itself on hover. */
export function TimeAgo({ at }: { at: string }) {
  const age = useNowAs(1000, (nowMs) => {
    const ageMs = nowMs - Date.parse(at);
    // Clocks of two machines differ by a little: what has just come is not "in 1 s".
    return formatAge(ageMs < 0 && ageMs > -2000 ? 0 : ageMs);
  });
  const full = fullTime(at);
  if (full === null) return <span>{at}</span>;
  return (
    <time dateTime={full.iso} title={`${full.local}\n${full.iso}`}>
      {age}
    </time>
  );
}
