import { ActionIcon, Button, PasswordInput, Select, TextInput, Tooltip } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { type SecretRef, secretRefSchema } from '../../../../shared/contract/common.ts';
import { leave } from '../../../browser/leaving.ts';
import { useAction } from '../../../errors/use-action.ts';
import { storeSecret, useStoredSecrets } from '../../../model/definitions/secrets.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { DiscardQuestion } from '../../../ui/forms/discard-question.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import { exampleText } from '../../../ui/forms/placeholder-text.ts';
import { useLeaving } from '../../../ui/forms/use-leaving.ts';
import classes from './secret-ref-field.module.css';

type Place = 'secret' | 'env' | 'file';

interface SecretRefFieldProps {
  label: string;
  id?: string;
  value: SecretRef | null;
  onChange: (value: SecretRef | null) => void;
  /** Name offered for a newly stored secret. */
  suggestedName: string;
  readOnly?: boolean;
  invalid?: boolean;
}

const places: { value: Place; label: string }[] = [
  { value: 'secret', label: 'Stored secret' },
  { value: 'env', label: 'Environment' },
  { value: 'file', label: 'File' },
];

const placeOf = (value: SecretRef | null): Place =>
  value === null || 'secret' in value ? 'secret' : 'env' in value ? 'env' : 'file';

const textOf = (value: SecretRef | null): string =>
  value === null ? '' : 'secret' in value ? value.secret : 'env' in value ? value.env : value.file;

const refOf = (place: Place, text: string): SecretRef | null =>
  text === '' ? null : place === 'secret' ? { secret: text } : place === 'env' ? { env: text } : { file: text };

/** Where a secret is kept; its value is never shown. A new one can be stored right here. */
export function SecretRefField({
  label,
  id,
  value,
  onChange,
  suggestedName,
  readOnly = false,
  invalid,
}: SecretRefFieldProps) {
  const stored = useStoredSecrets();
  // An emptied field must not jump back to the first place.
  const [chosen, setChosen] = useState<Place>(placeOf(value));
  const [isStoring, setStoring] = useState(false);
  const place = value === null ? chosen : placeOf(value);
  const text = textOf(value);
  const names = stored.items.map((secret) => secret.name);
  const isUnknown = place === 'secret' && text !== '' && stored.phase === 'ready' && !names.includes(text);
  const problem = value !== null && !secretRefSchema.safeParse(value).success;

  return (
    <div>
      <div className={classes.row}>
        <Select
          aria-label={`${label}: storage`}
          data={places}
          value={place}
          allowDeselect={false}
          disabled={readOnly}
          onChange={(next) => {
            const to = places.find((one) => one.value === next)?.value ?? 'secret';
            const choose = (): void => {
              setChosen(to);
              setStoring(false);
              onChange(null);
            };
            if (isStoring) leave(choose);
            else choose();
          }}
        />
        {place === 'secret' ? (
          <Select
            id={id}
            aria-label={`${label}: stored secret`}
            data={isUnknown ? [...names, text] : names}
            value={text === '' ? null : text}
            placeholder={names.length === 0 ? 'None stored yet' : 'Choose'}
            searchable
            clearable
            error={invalid === true || problem}
            disabled={readOnly}
            nothingFoundMessage="No matching secrets"
            onChange={(name) => onChange(refOf('secret', name ?? ''))}
          />
        ) : (
          <TextInput
            id={id}
            aria-label={place === 'env' ? `${label}: environment variable` : `${label}: file`}
            placeholder={place === 'env' ? exampleText('CRM_SECRET') : 'Path of a file with the secret'}
            value={text}
            classNames={monoInput}
            error={invalid === true || problem}
            disabled={readOnly}
            onChange={(event) => onChange(refOf(place, event.currentTarget.value))}
          />
        )}
        {!readOnly && place === 'secret' && (
          <Tooltip label="Store a new secret">
            <ActionIcon
              aria-label={`${label}: store a new secret`}
              aria-expanded={isStoring}
              onClick={() => (isStoring ? leave(() => setStoring(false)) : setStoring(true))}
            >
              {isStoring ? <IconX size={15} stroke={1.6} /> : <IconPlus size={15} stroke={1.6} />}
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {isUnknown && <InlineError message={`No stored secret is named “${text}”.`} />}
      {problem && place === 'env' && <InlineError message="Letters, digits and _ only, not starting with a digit." />}
      {isStoring && (
        <StoreSecret
          names={names}
          suggestedName={suggestedName}
          onStored={(name) => {
            setStoring(false);
            onChange({ secret: name });
          }}
        />
      )}
    </div>
  );
}

interface StoreSecretProps {
  suggestedName: string;
  names: readonly string[];
  /** The name stands: a value is replaced. */
  fixedName?: boolean;
  onStored: (name: string) => void;
}

/** Name and value, stored at once: the value is not part of the definition and cannot be read again. */
export function StoreSecret({ suggestedName, names, fixedName = false, onStored }: StoreSecretProps) {
  const [name, setName] = useState(suggestedName);
  const [value, setValue] = useState('');
  const leaving = useLeaving(value !== '');
  const isTaken = !fixedName && names.includes(name.trim());
  const store = useAction(async () => {
    await storeSecret(name.trim(), value);
    // Stored: nothing is lost any more by leaving.
    setValue('');
    onStored(name.trim());
  });
  const canStore = name.trim() !== '' && value !== '' && !store.busy;
  const submit = (event: React.KeyboardEvent): void => {
    if (event.key !== 'Enter' || !canStore) return;
    event.preventDefault();
    void store.run();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape keeps what was typed, wherever the focus is
    <div
      className={classes.store}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !leaving.isAsking) return;
        event.preventDefault();
        event.stopPropagation();
        leaving.keep();
      }}
    >
      <TextInput
        aria-label="Name of the secret"
        placeholder="Name"
        value={name}
        disabled={fixedName}
        classNames={monoInput}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={submit}
      />
      <PasswordInput
        aria-label="Value of the secret"
        placeholder="Value"
        size="xs"
        value={value}
        autoComplete="off"
        autoFocus={fixedName || suggestedName !== ''}
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={submit}
      />
      <Button disabled={!canStore} loading={store.busy} onClick={() => void store.run()}>
        {isTaken || fixedName ? 'Replace' : 'Store'}
      </Button>
      {leaving.isAsking && (
        <DiscardQuestion what="the secret you typed" onKeep={leaving.keep} onDiscard={leaving.discard} />
      )}
      {isTaken && (
        <InlineError
          message={`“${name.trim()}” is already stored: its value will be replaced everywhere it is used.`}
        />
      )}
      <InlineError error={store.error} />
    </div>
  );
}
