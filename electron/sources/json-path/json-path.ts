import { JSONPathEnvironment } from 'json-p3';
import type { Json } from '../../../shared/contract/common.ts';
import { planQuery } from './plan.ts';
import { Search, walk } from './search.ts';
import { type Steps, TooManySteps } from './steps.ts';

/** `isCutShort`: the steps were used up, and nothing was found until then. */
export type Found = { value: Json } | { value: undefined; isCutShort: boolean };

const environment = new JSONPathEnvironment();

/**
 * Compiles a JSONPath (RFC 9535) to a function that gives the first value it finds. The path is an operator's, the
 * document a stranger's: time is bounded by the steps, whatever both are. Documents are at most 64 levels deep.
 * Throws an error whose message says what is wrong and where.
 */
export function compileJsonPath(path: string): (document: Json, steps: Steps) => Found {
  const query = planQuery(environment.compile(path));
  // Nearly all there are.
  if (query.isSingular) return (document) => toFound(walk(query, document));
  return (document, steps) => {
    try {
      return toFound(new Search(document, steps).first(query, document));
    } catch (error) {
      if (error instanceof TooManySteps) return { value: undefined, isCutShort: true };
      throw error;
    }
  };
}

/**
 * Compiles a JSONPath to a function that gives every list it finds, each once, in the order of RFC 9535. `isCutShort`:
 * there may be more.
 */
export function compileListsPath(
  path: string,
): (document: Json, steps: Steps) => { lists: Json[][]; isCutShort: boolean } {
  const query = planQuery(environment.compile(path));
  return (document, steps) => {
    const lists = new Set<Json[]>();
    const keep = (value: Json | undefined): boolean => {
      if (Array.isArray(value)) lists.add(value);
      return false;
    };
    try {
      if (query.isSingular) keep(walk(query, document));
      else new Search(document, steps).each(query, document, keep);
    } catch (error) {
      if (error instanceof TooManySteps) return { lists: [...lists], isCutShort: true };
      throw error;
    }
    return { lists: [...lists], isCutShort: false };
  };
}

const notFound = { value: undefined, isCutShort: false };
const toFound = (value: Json | undefined): Found => (value === undefined ? notFound : { value });
