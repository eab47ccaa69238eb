import type { Json } from '../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';
import { compileJsonPath, compileListsPath } from './json-path.ts';
import { Steps } from './steps.ts';

/**
 * What all paths of a source together may cost one delivery: about a quarter of a second. A path with one `..` needs
 * two steps for each value, so a megabyte of the smallest values is searched to its end with room to spare.
 */
export const maxSteps = 5_000_000;

/** The paths of a source on one delivery: `notes` says which were given up. */
export interface PathReading {
  steps: Steps;
  notes: DeliveryNote[];
}

export const startPathReading = (): PathReading => ({ steps: new Steps(maxSteps), notes: [] });

/** Gives the first value that a path finds, or undefined. Plain paths such as `$.data.id` cost no steps. */
export type FindByPath = (document: Json, reading: PathReading) => Json | undefined;

/** The JSONPath that a source's `<part>.<name>` is. Throws AppError `invalid_input` that says which and why. */
export function compilePathSetting(slug: string, name: string, path: string, part = 'event'): FindByPath {
  const note: DeliveryNote = {
    code: 'jsonpath_too_costly',
    message:
      `${part}.${name} counts as not found: looking for ${path} took more than ${maxSteps.toLocaleString('en')} steps ` +
      'in this body. A path without ".." and filters, such as $.data.id, has no such limit.',
  };
  const find = compile(slug, [part, name], path, compileJsonPath);
  return (document, reading) => {
    const found = find(document, reading.steps);
    if (found.value === undefined && found.isCutShort && !reading.notes.includes(note)) reading.notes.push(note);
    return found.value;
  };
}

/** Gives all lists that the JSONPath of a source's `event.<name>` finds. Throws as `compilePathSetting` does. */
export const compileListsSetting = (slug: string, name: string, path: string): ReturnType<typeof compileListsPath> =>
  compile(slug, ['event', name], path, compileListsPath);

function compile<T>(slug: string, setting: readonly string[], path: string, compilePath: (path: string) => T): T {
  try {
    return compilePath(path);
  } catch (error) {
    const reason = errorText(error);
    const message = `is not a JSONPath (RFC 9535): ${reason}`;
    throw new AppError('invalid_input', `source "${slug}": ${setting.join('.')} ${message}`, [
      { path: [...setting], message },
    ]);
  }
}
