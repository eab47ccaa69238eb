import { Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useLack } from '../../model/app/account.ts';
import { FormRow } from '../../ui/forms/form-layout.tsx';
import { monoInput, monoTags } from '../../ui/forms/mono-input.ts';
import classes from './settings.module.css';

/** Disables a field, with the reason, where the role does not permit the change; `isLocal`: not a setting of the server. */
function usePermitted(isLocal = false): { disabled: boolean; title: string | undefined } {
  const lack = useLack('administer');
  return isLocal || lack === null ? { disabled: false, title: undefined } : { disabled: true, title: lack };
}

interface TextSettingProps {
  label: string;
  hint?: ReactNode;
  /** As saved. */
  value: string;
  placeholder?: string;
  width?: number;
  mono?: boolean;
  unit?: string;
  /** A setting of this computer, not of the server that the window shows. */
  isLocal?: boolean;
  /** Null when it was saved, else the reason why not. */
  onSave: (text: string) => Promise<string | null>;
}

/** Saved when the field is left or Enter is pressed; Esc takes the change back. */
export function TextSetting(props: TextSettingProps) {
  const { label, hint, value, placeholder, width, mono, unit, isLocal, onSave } = props;
  const id = useId();
  const permitted = usePermitted(isLocal);
  const [text, setText] = useState(value);
  const [error, setError] = useState<string | null>(null);
  // Changed elsewhere, or normalized by the app.
  useEffect(() => {
    setText(value);
    setError(null);
  }, [value]);
  const commit = async (): Promise<void> => {
    if (text.trim() === value) {
      setText(value);
      setError(null);
      return;
    }
    setError(await onSave(text.trim()));
  };
  return (
    <FormRow label={label} htmlFor={id} hint={hint} error={error}>
      <TextInput
        id={id}
        maw={width}
        {...permitted}
        classNames={mono === true ? monoInput : undefined}
        value={text}
        placeholder={placeholder}
        error={error !== null}
        rightSection={unit === undefined ? undefined : <span className={classes.unit}>{unit}</span>}
        rightSectionWidth={unit === undefined ? undefined : 56}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => void commit()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void commit();
          if (event.key === 'Escape') {
            event.stopPropagation();
            setText(value);
            setError(null);
          }
        }}
      />
    </FormRow>
  );
}

interface SwitchSettingProps {
  label: string;
  hint?: ReactNode;
  value: boolean;
  /** A setting of this computer, not of the server that the window shows. */
  isLocal?: boolean;
  onSave: (value: boolean) => Promise<string | null>;
}

export function SwitchSetting({ label, hint, value, isLocal, onSave }: SwitchSettingProps) {
  const id = useId();
  const permitted = usePermitted(isLocal);
  const [error, setError] = useState<string | null>(null);
  return (
    <FormRow label={label} htmlFor={id} hint={hint} error={error}>
      <Switch
        id={id}
        mt={6}
        checked={value}
        {...permitted}
        onChange={(event) => {
          const next = event.currentTarget.checked;
          void onSave(next).then(setError);
        }}
      />
    </FormRow>
  );
}

interface ChoiceSettingProps<T extends string> {
  label: string;
  hint?: ReactNode;
  value: T;
  choices: readonly { value: T; label: string }[];
  width?: number;
  onSave: (value: T) => Promise<string | null>;
}

export function ChoiceSetting<T extends string>(props: ChoiceSettingProps<T>) {
  const { label, hint, value, choices, width, onSave } = props;
  const id = useId();
  const permitted = usePermitted();
  const [error, setError] = useState<string | null>(null);
  return (
    <FormRow label={label} htmlFor={id} hint={hint} error={error}>
      <Select
        id={id}
        maw={width}
        {...permitted}
        data={choices}
        value={value}
        allowDeselect={false}
        error={error !== null}
        onChange={(next) => {
          const chosen = choices.find((choice) => choice.value === next);
          if (chosen !== undefined) void onSave(chosen.value).then(setError);
        }}
      />
    </FormRow>
  );
}

interface ListSettingProps {
  label: string;
  hint?: ReactNode;
  value: readonly string[];
  placeholder: string;
  /** Offered while typing. */
  suggestions?: readonly string[];
  onSave: (items: string[]) => Promise<string | null>;
}

export function ListSetting({ label, hint, value, placeholder, suggestions, onSave }: ListSettingProps) {
  const id = useId();
  const permitted = usePermitted();
  const [items, setItems] = useState<readonly string[]>(value);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => setItems(value), [value]);
  return (
    <FormRow label={label} htmlFor={id} hint={hint} error={error}>
      <TagsInput
        id={id}
        classNames={monoTags}
        {...permitted}
        data={suggestions === undefined ? [] : [...suggestions]}
        value={[...items]}
        placeholder={items.length === 0 ? placeholder : ''}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        error={error !== null}
        onChange={(next) => {
          setItems(next);
          void onSave(next).then(setError);
        }}
      />
    </FormRow>
  );
}
