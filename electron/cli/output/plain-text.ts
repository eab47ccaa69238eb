/** Colors and weights of a terminal, and nothing that moves the cursor, sets a title or writes to the clipboard. */
const colorSequence = String.raw`\u001b\[[0-9;:]*m`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const control = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const colorOrControl = new RegExp(`${colorSequence}|${control.source}`, 'g');

const printed = (char: string): string =>
  char === '\n' ? '⏎' : char === '\r' ? '' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Text of a sender or a job as it can be shown on a terminal: one line, in which nothing is a command to the terminal or
 * turns the direction of reading around.
 */
export const plainText = (text: string): string => text.replace(control, printed);

/** The same for the output of jobs, which may be colored. */
export const coloredText = (text: string): string => {
  const shown = text.replace(colorOrControl, (found) => (found.length > 1 ? found : printed(found)));
  return shown === text || !shown.includes('\u001b[') ? shown : `${shown}\u001b[0m`;
};

/** Text of several lines, each made plain. */
export const multilineText = (text: string): string[] => text.split('\n').map(plainText);
