import { Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { type Json, secretRefSchema } from '../../../../shared/contract/common.ts';
import type { PresetField } from '../../../../shared/contract/sources.ts';
import { isJsonRecord } from '../../../../shared/exact-json/parse-exact.ts';
import { SecretRefField } from '../../../domain/definition/secrets/secret-ref-field.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import { defaultText, exampleText } from '../../../ui/forms/placeholder-text.ts';
import { readSelector, selectorText } from '../model/source-draft.ts';

interface PresetFieldInputProps {
  id: string;
  field: PresetField;
  value: Json | undefined;
  /** For a choice: what stands in force, set or not. */
  choice: string;
  sourceSlug: string;
  readOnly: boolean;
  invalid: boolean;
  onChange: (value: Json | undefined) => void;
}

/** A field for one setting of a preset, as the preset describes it. */
export function PresetFieldInput(props: PresetFieldInputProps) {
  const { id, field, value, choice, readOnly, invalid, onChange } = props;
  const placeholder =
    field.defaultValue !== undefined
      ? defaultText(field.defaultValue)
      : field.example !== undefined
        ? exampleText(field.example)
        : undefined;
  switch (field.kind) {
    case 'boolean':
      return (
        <Switch
          id={id}
          aria-label={field.label}
          mt={6}
          checked={value === true}
          disabled={readOnly}
          onChange={(event) => onChange(event.currentTarget.checked ? true : undefined)}
        />
      );
    case 'choice':
      return (
        <Select
          id={id}
          aria-label={field.label}
          data={field.choices ?? []}
          value={choice === '' ? (field.required === true ? (field.choices?.[0]?.value ?? null) : null) : choice}
          placeholder={placeholder ?? 'Default'}
          clearable={field.required !== true && value !== undefined}
          allowDeselect={false}
          disabled={readOnly}
          error={invalid}
          maw={340}
          onChange={(next) => onChange(next ?? undefined)}
        />
      );
    case 'secret': {
      const ref = secretRefSchema.safeParse(value);
      const half = isJsonRecord(value) ? value : null;
      return (
        <SecretRefField
          id={id}
          label={field.label}
          value={
            ref.success
              ? ref.data
              : half !== null && typeof half.env === 'string'
                ? { env: half.env }
                : half !== null && typeof half.file === 'string'
                  ? { file: half.file }
                  : null
          }
          suggestedName={[
            props.sourceSlug,
            field.path
              .split('.')
              .at(-1)
              ?.replace(/([A-Z])/g, '-$1')
              .toLowerCase() ?? '',
          ]
            .filter(Boolean)
            .join('-')}
          readOnly={readOnly}
          invalid={invalid}
          onChange={(next) => onChange(next === null ? undefined : { ...next })}
        />
      );
    }
    case 'list':
      return (
        <TagsInput
          id={id}
          aria-label={field.label}
          value={Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []}
          placeholder={placeholder}
          acceptValueOnBlur
          disabled={readOnly}
          error={invalid}
          onChange={(items) => onChange(items.length === 0 ? undefined : items)}
        />
      );
    case 'number':
      return (
        <TextInput
          id={id}
          aria-label={field.label}
          inputMode="decimal"
          maw={160}
          value={value === undefined ? '' : String(value)}
          placeholder={placeholder}
          disabled={readOnly}
          error={invalid}
          onChange={(event) => {
            const text = event.currentTarget.value.trim();
            // What is no number stays as it was typed; the app says what it thinks of it.
            onChange(text === '' ? undefined : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
          }}
        />
      );
    case 'jsonpath':
      return (
        <TextInput
          id={id}
          aria-label={field.label}
          classNames={monoInput}
          value={selectorText(value)}
          placeholder={placeholder}
          disabled={readOnly}
          error={invalid}
          spellCheck={false}
          title={'A JSONPath into the body, or {"header": "x-name"}, {"query": "name"}, {"const": …}'}
          onChange={(event) => {
            const text = event.currentTarget.value;
            onChange(text === '' ? undefined : text);
          }}
          onBlur={(event) => onChange(readSelector(event.currentTarget.value))}
        />
      );
    default:
      return (
        <TextInput
          id={id}
          aria-label={field.label}
          maw={field.kind === 'duration' ? 160 : undefined}
          classNames={field.kind === 'duration' ? undefined : monoInput}
          value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
          placeholder={placeholder}
          disabled={readOnly}
          error={invalid}
          spellCheck={false}
          onChange={(event) => {
            const text = event.currentTarget.value;
            onChange(text === '' ? undefined : text);
          }}
        />
      );
  }
}
