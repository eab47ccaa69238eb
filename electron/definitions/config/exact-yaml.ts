import { type Document, Scalar, type ScalarTag, stringify, visit } from 'yaml';
import { exactNumber, isExactNumber, jsonNumber, plainNumber } from '../../../shared/exact-json/exact-number.ts';

/** In place: numbers whose value a double does not hold are kept with their digits, as the source text has them. */
export function keepExactNumbers(document: Document.Parsed): void {
  visit(document, {
    Scalar(place, node) {
      if (typeof node.value !== 'number' || node.source === undefined) return;
      const digits = node.source.replace(/^\+/, '');
      const value = jsonNumber.test(digits) ? plainNumber(exactNumber(digits)) : node.value;
      // The keys of an object are text.
      if (isExactNumber(value)) node.value = place === 'key' ? digits : value;
    },
  });
}

const exactNumberTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: isExactNumber,
  resolve: (text) => text,
  stringify: ({ value }) => String(value),
};

/** Exact numbers come out with their digits. */
export const printYaml = (value: unknown): string =>
  // Without a node of their own the library would take the boxes for text.
  stringify(value, (_name: unknown, part: unknown) => (isExactNumber(part) ? new Scalar(part) : part), {
    lineWidth: 120,
    aliasDuplicateObjects: false,
    customTags: (tags) => [exactNumberTag, ...tags],
  });
