import { RE2JS } from 're2js';
import type { Steps } from './steps.ts';

/** RFC 9485: a dot is any character but a line feed or a carriage return; RE2's dot takes the latter too. */
function toRe2(pattern: string): string {
  let result = '';
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    if (char === '\\') {
      result += char + pattern.charAt(i + 1);
      i++;
    } else if (char === '.' && !inClass) result += '[^\\n\\r]';
    else {
      if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      result += char;
    }
  }
  return result;
}

interface Compiled {
  /** Null for what is no I-Regexp, which matches nothing (RFC 9535 section 2.4.6). */
  regex: RE2JS | null;
  programSize: number;
}

/** Longer ones match nothing. Seven characters make a program of a thousand instructions: length alone is no bound. */
const maxPatternChars = 1000;
const maxKept = 100;
/** Compiling takes 2 to 40 µs an instruction, matching about 14 ns an instruction and character (measured). */
const stepsPerCompiledInstruction = 200;
const matchesPerStep = 4;

const kept = new Map<string, Compiled>();

function compile(pattern: string, steps: Steps): Compiled {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const made = tryCompile(pattern);
  // A pattern may come from the document itself: those cost their sender's delivery, and must not pile up.
  steps.take((pattern.length + made.programSize) * stepsPerCompiledInstruction);
  if (kept.size >= maxKept) kept.clear();
  kept.set(pattern, made);
  return made;
}

function tryCompile(pattern: string): Compiled {
  if (pattern.length > maxPatternChars) return { regex: null, programSize: 0 };
  try {
    const regex = RE2JS.compile(toRe2(pattern));
    return { regex, programSize: regex.programSize() };
  } catch {
    return { regex: null, programSize: 0 };
  }
}

/**
 * `match` (the whole text) and `search` of RFC 9535 on RE2: the library's own run on the engine's backtracking
 * expressions, which one hostile value can stall for seconds.
 */
export function matchesPattern(text: string, pattern: string, isWhole: boolean, steps: Steps): boolean {
  const { regex, programSize } = compile(pattern, steps);
  if (regex === null) return false;
  steps.take(Math.ceil((text.length * programSize) / matchesPerStep));
  return isWhole ? regex.testExact(text) : regex.test(text);
}
