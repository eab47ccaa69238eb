/** A piece of a text; `code` is set for what cannot be seen in it. */
export interface TextPiece {
  text: string;
  /** Such as `U+00A0`. */
  code: string | null;
  /** Where the piece starts. */
  at: number;
}

/**
 * What a reader cannot see: white space other than single blanks between words, joiners, marks of direction, controls. A
 * code point that is named in the text (`⟨U+00A0⟩`) is a piece too. Joiners and selectors within an emoji are part of it.
 */
const unseen =
  /⟨U\+[0-9A-F]{4,6}⟩|(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)[\u200d\ufe0e\ufe0f]|^ | $|(?<= ) |[^\S ]|[\u0085\u180e]|(?![\u200d\ufe0e\ufe0f\u{e0020}-\u{e007f}])[\p{Default_Ignorable_Code_Point}\p{Cf}]|\p{Cc}/gu;

const codeOf = (piece: string): string =>
  piece.startsWith('⟨')
    ? piece.slice(1, -1)
    : `U+${(piece.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** In order; a text in which all can be seen is one piece. */
export function splitUnseen(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let done = 0;
  for (const match of text.matchAll(unseen)) {
    if (match.index > done) pieces.push({ text: text.slice(done, match.index), code: null, at: done });
    pieces.push({ text: match[0], code: codeOf(match[0]), at: match.index });
    done = match.index + match[0].length;
  }
  if (done < text.length || pieces.length === 0) pieces.push({ text: text.slice(done), code: null, at: done });
  return pieces;
}
