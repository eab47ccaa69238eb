export interface Finding {
  /** What was looked at. */
  check: string;
  level: 'ok' | 'warning' | 'problem';
  message: string;
  /** What to do; null when all is well. */
  remedy: string | null;
}

export const ok = (check: string, message: string): Finding => ({ check, level: 'ok', message, remedy: null });

export const warning = (check: string, message: string, remedy: string): Finding => ({
  check,
  level: 'warning',
  message,
  remedy,
});

export const problem = (check: string, message: string, remedy: string): Finding => ({
  check,
  level: 'problem',
  message,
  remedy,
});
