import { RE2JS } from 're2js';
import { CONDITION_LIMITS } from '../tree.ts';

/**
 * `matches` runs in RE2: time grows with program size × characters read and never explodes. The product is bounded too
 * (about 0.1 s at 14 ns a step), so a small program reads 1 MiB and the largest one its first 16 Ki characters.
 */
const MAX_STEPS = 2 ** 23;
const MAX_CHARACTERS = 2 ** 20;

export interface CompiledRegex {
  /** Whether the expression finds something in the text (nothing is anchored). */
  test(text: string): boolean;
  /** How many characters one check may read, all elements of a list together. */
  maxCharacters: number;
}

export type RegexResult = { ok: true; regex: CompiledRegex } | { ok: false; message: string };

export function compileRegex(pattern: string, ignoreCase: boolean): RegexResult {
  if (pattern.length > CONDITION_LIMITS.regexLength) {
    return { ok: false, message: `A regular expression has at most ${CONDITION_LIMITS.regexLength} characters` };
  }
  try {
    const regex = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    const size = regex.programSize();
    if (size > CONDITION_LIMITS.regexProgramSize) {
      return { ok: false, message: 'This regular expression is too large; lower its repeat counts' };
    }
    const maxCharacters = Math.min(MAX_CHARACTERS, Math.floor(MAX_STEPS / Math.max(1, size)));
    return { ok: true, regex: { maxCharacters, test: (text) => regex.test(text) } };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return { ok: false, message: `Not an RE2 regular expression: ${reason} (no lookaround, no backreferences)` };
  }
}
