import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type ParsedNode } from 'yaml';

type Path = readonly (string | number)[];

/**
 * Line (from 1) of the value at `path` in a parsed document, through aliases. For a key that is there its own line counts,
 * not its value's; for what is missing the line of the nearest thing around it.
 */
export function lineOf(document: Document.Parsed, path: Path, lines: LineCounter): number {
  let node: unknown = document.contents;
  let at = startOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) break;
      at = startOf(pair.key) ?? at;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
      node = node.items[part];
      at = startOf(node) ?? at;
    } else {
      break;
    }
  }
  return lines.linePos(at).line;
}

const isPlaced = (node: unknown): node is Pick<ParsedNode, 'range'> =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);

const startOf = (node: unknown): number | undefined => (isPlaced(node) ? node.range[0] : undefined);

/** `jobs[0].timeout`; keys that are no plain words are quoted. */
export function printPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\w-]+$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}
