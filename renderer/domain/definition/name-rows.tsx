import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { FormRow } from '../../ui/forms/form-layout.tsx';
import { monoInput } from '../../ui/forms/mono-input.ts';
import { exampleText } from '../../ui/forms/placeholder-text.ts';

interface NameRowsProps {
  /** What is named, for the ids of the inputs. */
  of: 'source' | 'listener' | 'job' | 'alarm';
  draft: { name: string; slug: string };
  /** The slug is chosen once. */
  isNew: boolean;
  readOnly: boolean;
  errors: Record<string, string>;
  examples: { name: string; slug: string };
  slugHint?: ReactNode;
  onName: (name: string) => void;
  onSlug: (slug: string) => void;
}

const inAddresses = 'Used in addresses, queries and the config file. Cannot be changed later.';

/** The rows that every definition's form begins with. */
export function NameRows({ of, draft, isNew, readOnly, errors, examples, slugHint, onName, onSlug }: NameRowsProps) {
  return (
    <>
      <FormRow label="Name" htmlFor={`${of}-name`} error={errors.name ?? null}>
        <TextInput
          id={`${of}-name`}
          value={draft.name}
          maxLength={120}
          placeholder={exampleText(examples.name)}
          disabled={readOnly}
          autoFocus={isNew}
          onChange={(event) => onName(event.currentTarget.value)}
        />
      </FormRow>
      {isNew && (
        <FormRow label="Slug" htmlFor={`${of}-slug`} hint={slugHint ?? inAddresses} error={errors.slug ?? null}>
          <TextInput
            id={`${of}-slug`}
            classNames={monoInput}
            value={draft.slug}
            maxLength={63}
            placeholder={exampleText(examples.slug)}
            onChange={(event) => onSlug(event.currentTarget.value)}
          />
        </FormRow>
      )}
    </>
  );
}
