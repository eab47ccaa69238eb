/** What was thrown, as text for people. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A text that another sentence can follow: with a full stop, where it does not end with a mark of its own. */
export const asSentence = (text: string): string =>
  /[.!?…]$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`;
