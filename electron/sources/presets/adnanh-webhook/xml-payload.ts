import { SaxesParser } from 'saxes';
import type { Json } from '../../../../shared/contract/common.ts';
import { maxJsonDepth } from '../../../../shared/contract/json-value.ts';
import { collectFields } from '../../body/form-fields.ts';

interface Element {
  name: string;
  entries: [string, Json][];
  text: string;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * A document as JSON: an attribute is a field behind a hyphen, a repeated element a list, an element with neither
 * attributes nor elements its text, and text beside those the field `#text`. Null when it is no XML. Entities that the
 * document declares are not expanded.
 */
export function readXmlPayload(text: string): Json | null {
  const open: Element[] = [{ name: '', entries: [], text: '' }];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= maxJsonDepth) throw new Error('nested too deep');
    const entries = Object.entries(attributes).map(([key, value]): [string, Json] => [`-${localName(key)}`, value]);
    open.push({ name: localName(name), entries, text: '' });
  });
  const addText = (more: string): void => {
    const current = open.at(-1);
    if (current !== undefined) current.text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element !== undefined) open.at(-1)?.entries.push([element.name, elementValue(element)]);
  });
  try {
    parser.write(text).close();
  } catch {
    return null;
  }
  const [root] = open;
  return root === undefined || root.entries.length === 0 ? null : collectFields(root.entries);
}

function elementValue({ entries, text }: Element): Json {
  const trimmed = text.trim();
  if (entries.length === 0) return trimmed;
  return collectFields(trimmed === '' ? entries : [...entries, ['#text', trimmed]]);
}
