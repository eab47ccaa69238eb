import { Select, TagsInput, TextInput } from '@mantine/core';
import { operatorInfo } from '../../../../shared/conditions/operators.ts';
import type { LeafNode } from '../../../model/definitions/condition-tree.ts';
import {
  type DraftValue,
  draftValueOf,
  listItemText,
  listItemValue,
  readDraftValue,
  textValue,
  type ValueType,
  valueTypesOf,
} from '../../../model/definitions/condition-values.ts';
import { monoInput, monoTags } from '../../../ui/forms/mono-input.ts';
import { exampleText } from '../../../ui/forms/placeholder-text.ts';
import classes from '../listeners.module.css';

interface ValueFieldProps {
  leaf: LeafNode;
  readOnly: boolean;
  onChange: (values: readonly DraftValue[]) => void;
}

const typeLabels: Record<ValueType, string> = {
  text: 'text',
  number: 'number',
  true: 'true',
  false: 'false',
  null: 'null',
  json: 'JSON',
};

const placeholders: Partial<Record<ValueType, string>> = {
  number: exampleText('10'),
  json: exampleText('["a", {"b": 1}]'),
};

/** The value side of a clause, as its operator wants it: none, one, two, or a list. */
export function ValueField({ leaf, readOnly, onChange }: ValueFieldProps) {
  const info = operatorInfo(leaf.op);
  if (info.arity === 'none') return <span className={classes.noValue} />;
  if (info.arity === 'many') {
    const isPattern = info.valueKind === 'pattern';
    return (
      <TagsInput
        aria-label="Values"
        classNames={monoTags}
        value={leaf.values.flatMap((draft) => {
          const read = readDraftValue(draft);
          return read.ok ? [isPattern ? String(read.value) : listItemText(read.value)] : [];
        })}
        placeholder={leaf.values.length === 0 ? exampleText(isPattern ? 'file:*' : 'a, b, 10') : ''}
        disabled={readOnly}
        acceptValueOnBlur
        title={isPattern ? undefined : '10 is a number, "10" is text; true, false and null are literals'}
        onChange={(items) =>
          onChange(items.map((item) => (isPattern ? textValue(item) : draftValueOf(listItemValue(item)))))
        }
      />
    );
  }
  const types = valueTypesOf(info);
  return (
    <span className={classes.values}>
      {leaf.values.map((value, index) => (
        <OneValue
          // biome-ignore lint/suspicious/noArrayIndexKey: first and second keep their places
          key={index}
          label={info.arity === 'one' ? 'Value' : index === 0 ? 'From' : 'To'}
          types={types}
          isTime={info.valueKind === 'orderable'}
          isRegex={info.valueKind === 'regex'}
          value={value}
          readOnly={readOnly}
          onChange={(next) => onChange(leaf.values.map((one, at) => (at === index ? next : one)))}
        />
      ))}
    </span>
  );
}

interface OneValueProps {
  label: string;
  types: readonly ValueType[];
  /** Text is a time here. */
  isTime: boolean;
  isRegex: boolean;
  value: DraftValue;
  readOnly: boolean;
  onChange: (value: DraftValue) => void;
}

function OneValue({ label, types, isTime, isRegex, value, readOnly, onChange }: OneValueProps) {
  const isWord = value.type === 'true' || value.type === 'false' || value.type === 'null';
  return (
    <span className={classes.value} data-typed={types.length > 1}>
      {types.length > 1 && (
        <Select
          aria-label={`${label}: type`}
          data={types.map((type) => ({ value: type, label: isTime && type === 'text' ? 'time' : typeLabels[type] }))}
          value={value.type}
          allowDeselect={false}
          disabled={readOnly}
          comboboxProps={{ width: 100, position: 'bottom-start' }}
          onChange={(next) => {
            const type = types.find((one) => one === next);
            if (type !== undefined) onChange({ type, text: value.text });
          }}
        />
      )}
      {!isWord && (
        <TextInput
          aria-label={label}
          classNames={monoInput}
          value={value.text}
          disabled={readOnly}
          inputMode={value.type === 'number' ? 'decimal' : undefined}
          placeholder={
            isRegex
              ? exampleText('^ord_[0-9]+$')
              : isTime && value.type === 'text'
                ? exampleText('2026-01-31T08:00:00Z')
                : placeholders[value.type]
          }
          onChange={(event) => onChange({ type: value.type, text: event.currentTarget.value })}
        />
      )}
    </span>
  );
}
