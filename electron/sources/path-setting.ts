import type { Json } from '../../shared/contract/common.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { compileJsonPath } from './json-path.ts';

/** The JSONPath that a source's `event.<name>` is. Throws AppError `invalid_input` that says which and why. */
export function compilePathSetting(slug: string, name: string, path: string): (document: Json) => Json | undefined {
  try {
    return compileJsonPath(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `is not a JSONPath (RFC 9535): ${reason}`;
    throw new AppError('invalid_input', `source "${slug}": event.${name} ${message}`, [
      { path: ['event', name], message },
    ]);
  }
}
