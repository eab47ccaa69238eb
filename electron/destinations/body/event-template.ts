import type { Json } from '../../../shared/contract/common.ts';
import { errorText } from '../../../shared/error-text.ts';
import { isExactNumber } from '../../../shared/exact-json/exact-number.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { compileJsonPath } from '../../sources/json-path/json-path.ts';
import { maxSteps } from '../../sources/json-path/path-setting.ts';
import { Steps } from '../../sources/json-path/steps.ts';

type Part = (document: Json, steps: Steps) => Json;

/**
 * Compiles a template: text that is a JSONPath (`$.payload.id`) is replaced with the value it finds in the event document, or
 * null; `{$.payload.id}` within text is replaced too; `$$` at the start is a dollar sign. All paths together may cost an
 * event `maxSteps`. Throws an Error that names a path that is not valid.
 */
export function compileTemplate(template: Json): (document: Json) => Json {
  const part = compilePart(template);
  return (document) => part(document, new Steps(maxSteps));
}

function compilePart(template: Json): Part {
  if (typeof template === 'string') return compileText(template);
  if (Array.isArray(template)) {
    const parts = template.map(compilePart);
    return (document, steps) => parts.map((part) => part(document, steps));
  }
  if (template === null || typeof template !== 'object' || isExactNumber(template)) return () => template;
  const entries = Object.entries(template).map(([key, value]) => [key, compilePart(value)] as const);
  return (document, steps) => Object.fromEntries(entries.map(([key, part]) => [key, part(document, steps)]));
}

function compileText(text: string): Part {
  if (text.startsWith('$$')) return () => text.slice(1);
  if (text === '$' || /^\$[.[]/.test(text)) {
    const find = compilePath(text);
    return (document, steps) => find(document, steps) ?? null;
  }
  // Every second piece is a path.
  const pieces = text.split(/\{(\$(?:[.[][^{}]*)?)\}/);
  if (pieces.length === 1) return () => text;
  const parts = pieces.map((piece, index) => {
    if (index % 2 === 0) return () => piece;
    const find = compilePath(piece);
    return (document: Json, steps: Steps): string => printValue(find(document, steps));
  });
  return (document, steps) => parts.map((part) => part(document, steps)).join('');
}

function printValue(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : stringifyExact(value);
}

function compilePath(path: string): (document: Json, steps: Steps) => Json | undefined {
  let find: ReturnType<typeof compileJsonPath>;
  try {
    find = compileJsonPath(path);
  } catch (error) {
    throw new Error(`${path} is not a JSONPath (RFC 9535): ${errorText(error)}`);
  }
  return (document, steps) => {
    const found = find(document, steps);
    if (found.value === undefined && found.isCutShort) {
      throw new Error(`looking for ${path} took more than ${maxSteps.toLocaleString('en')} steps in this event`);
    }
    return found.value;
  };
}
