import Anser from 'anser';

export interface AnsiSpan {
  text: string;
  /** Name of one of the sixteen colours, e.g. `red` or `bright-red`. */
  foreground: string | null;
  background: string | null;
  /** `r, g, b` from a 256-colour or true-colour sequence. */
  rgb: string | null;
  styles: readonly ('bold' | 'dim' | 'italic' | 'underline' | 'strikethrough' | 'hidden')[];
}

const known = ['bold', 'dim', 'italic', 'underline', 'strikethrough', 'hidden'] as const;
const isKnown = (name: string): name is (typeof known)[number] => known.some((one) => one === name);

// OSC (titles, links), strings, and every CSI but colours: they would be shown as garbage.
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b\[[0-?]*[ -/]*[@-ln-~]|\u001b[PX^_][^\u001b]*(?:\u001b\\)?/g;
// Control characters and those that turn the reading direction or hide: shown by their code, never obeyed.
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const escapeHidden = (text: string): string =>
  text.replace(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const colourName = (name: string | null | undefined): string | null => {
  const match = /^ansi-((?:bright-)?(?:black|red|green|yellow|blue|magenta|cyan|white))$/.exec(name ?? '');
  return match?.[1] ?? null;
};
const rgbOf = (text: string | null | undefined, name: string | null): string | null =>
  name === null && /^\d{1,3}, ?\d{1,3}, ?\d{1,3}$/.test(text ?? '') ? (text ?? null) : null;

/** A terminal line as spans. A line that is drawn over itself with carriage returns shows what was drawn last. */
export function ansiSpans(line: string): AnsiSpan[] {
  const visible = line.replace(/\r+$/, '');
  const last = visible.slice(visible.lastIndexOf('\r') + 1);
  return Anser.ansiToJson(last.replace(sequences, ''), { use_classes: true, remove_empty: true }).map((part) => {
    const foreground = colourName(part.fg);
    return {
      // A lone escape that began no sequence.
      text: escapeHidden(part.content.replaceAll('\u001b', '\\u001b')),
      foreground,
      background: colourName(part.bg),
      rgb: rgbOf(part.fg_truecolor, foreground),
      styles: part.decorations.filter(isKnown),
    };
  });
}
