/** Beyond so many characters a text is shown without highlighting: parsing it would hold up input. */
const highlighted = 300_000;
/** A line beyond this is not wrapped: only what is in view of an unwrapped one is laid out. */
const wrappedLine = 20_000;
/** So much of a plain text is laid out whole. */
const plainChars = 64 * 1024;

export const isHighlighted = (text: string): boolean => text.length <= highlighted;

export function canWrap(text: string): boolean {
  if (text.length <= wrappedLine) return true;
  let start = 0;
  for (;;) {
    const end = text.indexOf('\n', start);
    if ((end === -1 ? text.length : end) - start > wrappedLine) return false;
    if (end === -1) return true;
    start = end + 1;
  }
}

/** The beginning that is shown at first; the whole text where it is short. */
export const shownAtFirst = (text: string): string => (text.length <= plainChars ? text : text.slice(0, plainChars));
