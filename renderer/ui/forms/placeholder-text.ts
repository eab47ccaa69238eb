/** A placeholder must not pass for a value that is there. */
export const exampleText = (example: string): string => `e.g. ${example}`;

/** What holds while the field is empty. */
export const defaultText = (value: string | number): string => `Default: ${value}`;
