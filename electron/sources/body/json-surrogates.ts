/** One escape of a JSON text; both halves of a pair together. */
const escapes =
  /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u([dD][89a-fA-F][0-9a-fA-F]{2})|[\s\S])/g;

const mayHaveHalf = /\\u[dD][89a-fA-F]/;
const mayBeReplacement = /\ufffd|\\u(?:[dD][89a-fA-F]|[fF]{3}[dD])/;

interface RepairedSurrogates {
  text: string;
  /** Halves that were replaced. */
  count: number;
  /** Names that would have become the same as another. */
  keptApart: number;
}

interface Span {
  start: number;
  end: number;
}

/** The names of a JSON text, quotes included. In a text that is not JSON the answer means nothing. */
function findNames(text: string): Span[] {
  const names: Span[] = [];
  for (let start = text.indexOf('"'); start !== -1; ) {
    let end = start + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    end++;
    let next = end;
    while (text[next] === ' ' || text[next] === '\n' || text[next] === '\r' || text[next] === '\t') next++;
    if (text[next] === ':') names.push({ start, end });
    start = text.indexOf('"', end);
  }
  return names;
}

function parseName(text: string, { start, end }: Span): string | null {
  try {
    return String(JSON.parse(text.slice(start, end)));
  } catch {
    return null;
  }
}

/** The names with a half that are the same as another one once U+FFFD replaces it. */
function findAmbiguous(text: string): Span[] {
  const alike = new Map<string, { sent: Set<string>; spans: Span[] }>();
  for (const span of findNames(text)) {
    const raw = text.slice(span.start, span.end);
    const name = mayBeReplacement.test(raw) ? parseName(text, span) : null;
    if (name === null) continue;
    const repaired = name.replace(/\p{Surrogate}/gu, '\ufffd');
    const group = alike.get(repaired) ?? { sent: new Set(), spans: [] };
    alike.set(repaired, group);
    group.sent.add(name);
    if (repaired !== name) group.spans.push(span);
  }
  return [...alike.values()]
    .flatMap(({ sent, spans }) => (sent.size > 1 ? spans : []))
    .sort((a, b) => a.start - b.start);
}

/**
 * The text with U+FFFD for each half of a surrogate pair: no character, which neither SQLite nor UTF-8 can hold. Only an
 * escape can spell one, so the rest stays letter for letter, numbers to the last digit. Where two names would become the
 * same, and one value be lost, the code of the half stays behind the U+FFFD. Null when there is nothing to repair.
 */
export function repairSurrogates(text: string): RepairedSurrogates | null {
  if (!mayHaveHalf.test(text)) return null;
  let count = 0;
  const repair = (part: string, isNumbered: boolean): string =>
    part.replace(escapes, (sent, half: string | undefined) => {
      if (half === undefined) return sent;
      count++;
      return isNumbered ? `\\ufffd${half.toLowerCase()}` : '\\ufffd';
    });
  const ambiguous = findAmbiguous(text);
  const parts: string[] = [];
  let done = 0;
  for (const { start, end } of ambiguous) {
    parts.push(repair(text.slice(done, start), false), repair(text.slice(start, end), true));
    done = end;
  }
  parts.push(repair(text.slice(done), false));
  return count === 0 ? null : { text: parts.join(''), count, keptApart: ambiguous.length };
}
