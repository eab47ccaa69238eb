import type { OperatorInfo } from '../../../shared/conditions/operators.ts';
import type { Json } from '../../../shared/contract/common.ts';
import { comparableNumber, isExactNumber, readNumber } from '../../../shared/exact-json/exact-number.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

export type ValueType = 'text' | 'number' | 'true' | 'false' | 'null' | 'json';

/** A value as it is being typed. */
export interface DraftValue {
  type: ValueType;
  text: string;
}

export const textValue = (text: string): DraftValue => ({ type: 'text', text });

export function draftValueOf(value: Json): DraftValue {
  if (typeof value === 'string') return textValue(value);
  if (comparableNumber(value) !== null) return { type: 'number', text: String(value) };
  if (value === true) return { type: 'true', text: '' };
  if (value === false) return { type: 'false', text: '' };
  if (value === null) return { type: 'null', text: '' };
  return { type: 'json', text: stringifyExact(value) };
}

export function readDraftValue(draft: DraftValue): { ok: true; value: Json } | { ok: false; message: string } {
  switch (draft.type) {
    case 'text':
      return { ok: true, value: draft.text };
    case 'number': {
      const text = draft.text.trim();
      if (text === '') return { ok: false, message: 'A number is required' };
      const value = readNumber(text) ?? Number(text);
      return isExactNumber(value) || Number.isFinite(value)
        ? { ok: true, value }
        : { ok: false, message: `"${text}" is not a number` };
    }
    case 'true':
      return { ok: true, value: true };
    case 'false':
      return { ok: true, value: false };
    case 'null':
      return { ok: true, value: null };
    case 'json':
      try {
        return { ok: true, value: parseExact(draft.text) };
      } catch {
        return { ok: false, message: 'Not valid JSON' };
      }
  }
}

/** What an item of a list is written as: text bare, unless it would be read as something else; then in quotes. */
export function listItemText(value: Json): string {
  if (typeof value !== 'string') return stringifyExact(value);
  return listItemValue(value) === value ? value : stringifyExact(value);
}

/** `10` is a number, `"10"` is text, `true`, `false` and `null` are themselves, everything else is text. */
export function listItemValue(text: string): Json {
  const trimmed = text.trim();
  if (trimmed === 'true') return true;
  if (trimmed === 'false') return false;
  if (trimmed === 'null') return null;
  const number = readNumber(trimmed);
  if (number !== null) return number;
  if (/^["[{]/.test(trimmed)) {
    try {
      return parseExact(trimmed);
    } catch {
      return text;
    }
  }
  return text;
}

/** The types that make sense with an operator, the usual one first. */
export function valueTypesOf(info: OperatorInfo): readonly ValueType[] {
  switch (info.valueKind) {
    case 'any':
      return ['text', 'number', 'true', 'false', 'null', 'json'];
    case 'orderable':
      return ['number', 'text'];
    default:
      return ['text'];
  }
}

/** The value carried over to an operator that may take other types. */
export function fitValue(draft: DraftValue, info: OperatorInfo): DraftValue {
  const types = valueTypesOf(info);
  if (info.valueKind === 'orderable' && draft.type === 'text' && readNumber(draft.text.trim()) !== null) {
    return { type: 'number', text: draft.text.trim() };
  }
  if (types.includes(draft.type)) {
    if (info.valueKind === 'orderable' && draft.type === 'text' && draft.text === '')
      return { type: 'number', text: '' };
    return draft;
  }
  return { type: types[0] ?? 'text', text: draft.type === 'number' || draft.type === 'json' ? draft.text : '' };
}
