import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef } from 'react';
import { useShortcuts } from '../../keyboard/shortcuts.ts';

interface FilterFieldProps {
  value: string;
  onChange: (text: string) => void;
  label: string;
  autoFocus?: boolean;
  onEnter?: () => void;
}

/** Narrows a short list as one types; `/` goes there, Esc empties it. */
export function FilterField({ value, onChange, label, autoFocus = false, onEnter }: FilterFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcuts('List', [{ keys: '/', label, run: () => input.current?.focus() }]);
  return (
    <TextInput
      ref={input}
      data-page-filter
      aria-label={label}
      placeholder={label}
      value={value}
      autoFocus={autoFocus}
      w={240}
      leftSection={<IconSearch size={14} stroke={1.6} />}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.repeat) onEnter?.();
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        if (value === '') input.current?.blur();
        else onChange('');
      }}
    />
  );
}
