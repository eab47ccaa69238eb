import { z } from 'zod';

const maxKept = 30;

export function readHistory(stored: string | null): string[] {
  try {
    const parsed = z.array(z.string().max(2000)).safeParse(JSON.parse(stored ?? '[]'));
    return parsed.success ? parsed.data.slice(0, maxKept) : [];
  } catch {
    return [];
  }
}

/** Latest first, each once. */
export const addToHistory = (history: readonly string[], text: string): string[] =>
  [text, ...history.filter((one) => one !== text)].slice(0, maxKept);
