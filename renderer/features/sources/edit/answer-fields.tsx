import { Select, Textarea, TextInput } from '@mantine/core';
import { SecretRefField } from '../../../domain/definition/secrets/secret-ref-field.tsx';
import { errorUnder } from '../../../ui/forms/field-errors.ts';
import { FormRow, FormSection } from '../../../ui/forms/form-layout.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import { exampleText } from '../../../ui/forms/placeholder-text.ts';
import {
  type AnswersDraft,
  type ChallengeKind,
  challengeKindOf,
  challengeNameOf,
  challengeSecretKey,
  challengeSecretOf,
  setChallengeKind,
  setChallengeName,
  setChallengeSecret,
} from '../model/answers-draft.ts';

interface AnswerFieldsProps {
  draft: AnswersDraft;
  sourceSlug: string;
  readOnly: boolean;
  errors: Record<string, string>;
  onChange: (edit: Partial<AnswersDraft>) => void;
}

const bodies = [
  { value: 'default', label: 'Default' },
  { value: 'body', label: 'Fixed text' },
  { value: 'template', label: 'Template' },
];

const kinds: readonly { value: ChallengeKind | 'none'; label: string; name?: string; example?: string }[] = [
  { value: 'none', label: 'As the preset' },
  { value: 'query', label: 'Query parameter', name: 'Parameter', example: 'validationToken' },
  { value: 'header', label: 'Header', name: 'Header', example: 'x-okta-verification-challenge' },
  { value: 'field', label: 'Field of the body', name: 'Field', example: 'challenge' },
  { value: 'hmacOf', label: 'HMAC of a token', name: 'Token', example: 'crc_token' },
];

const isKind = (value: string | null): value is ChallengeKind =>
  value !== null && value !== 'none' && kinds.some((kind) => kind.value === value);

/** What the sender is answered, and how it may check the address. */
export function AnswerFields({ draft, sourceSlug, readOnly, errors, onChange }: AnswerFieldsProps) {
  const { answer, challenge } = draft;
  const kind = challengeKindOf(challenge);
  const chosen = kinds.find(({ value }) => value === (kind ?? 'none'));
  const secretKey = challengeSecretKey(kind);
  return (
    <FormSection title="Answers" description="What the sender gets back.">
      <FormRow
        label="Answer body"
        htmlFor="source-answer-body"
        hint={
          answer === 'template'
            ? 'Placeholders: {delivery}, {event}, {header:NAME}, {query:NAME} and {body:$.path}. Text of the sender is escaped.'
            : 'Sent once the delivery is stored.'
        }
        error={errors['response.template'] ?? errors['response.body'] ?? null}
      >
        <Select
          id="source-answer-body"
          maw={340}
          data={bodies}
          value={answer}
          allowDeselect={false}
          disabled={readOnly}
          onChange={(value) => onChange({ answer: value === 'body' || value === 'template' ? value : 'default' })}
        />
        {answer !== 'default' && (
          <Textarea
            aria-label="Answer text"
            mt={8}
            autosize
            minRows={2}
            maxRows={12}
            classNames={monoInput}
            value={draft.answerText}
            disabled={readOnly}
            spellCheck={false}
            onChange={(event) => onChange({ answerText: event.currentTarget.value })}
          />
        )}
      </FormRow>
      <FormRow
        label="Answer headers"
        htmlFor="source-answer-headers"
        hint="One per line, as name: value."
        error={errorUnder(errors, 'response.headers')}
      >
        <Textarea
          id="source-answer-headers"
          autosize
          minRows={1}
          maxRows={8}
          classNames={monoInput}
          value={draft.answerHeaders}
          placeholder={exampleText('content-type: text/xml')}
          disabled={readOnly}
          spellCheck={false}
          onChange={(event) => onChange({ answerHeaders: event.currentTarget.value })}
        />
      </FormRow>
      <FormRow
        label="Challenge"
        htmlFor="source-challenge"
        hint="How the sender checks the address. The text is sent back, and no event is stored."
        error={errors.challenge ?? null}
      >
        <Select
          id="source-challenge"
          maw={340}
          data={kinds.map(({ value, label }) => ({ value, label }))}
          value={kind ?? 'none'}
          allowDeselect={false}
          disabled={readOnly}
          onChange={(value) => onChange({ challenge: setChallengeKind(isKind(value) ? value : null) })}
        />
      </FormRow>
      {kind !== null && (
        <FormRow
          label={chosen?.name ?? 'Name'}
          htmlFor="source-challenge-name"
          required
          error={errorUnder(errors, `challenge.${kind}`)}
        >
          <TextInput
            id="source-challenge-name"
            classNames={monoInput}
            value={challengeNameOf(challenge)}
            placeholder={chosen?.example === undefined ? undefined : exampleText(chosen.example)}
            disabled={readOnly}
            spellCheck={false}
            onChange={(event) => onChange({ challenge: setChallengeName(challenge, event.currentTarget.value) })}
          />
        </FormRow>
      )}
      {secretKey !== null && (
        <FormRow
          label={secretKey === 'verify' ? 'Verify token' : 'Secret'}
          htmlFor="source-challenge-secret"
          hint={
            secretKey === 'verify'
              ? 'Only challenges whose hub.verify_token holds this secret are answered. Optional.'
              : 'Key of the HMAC. Default: the secret of the verification.'
          }
          error={errorUnder(errors, `challenge.${secretKey}`)}
        >
          <SecretRefField
            id="source-challenge-secret"
            label={secretKey === 'verify' ? 'Verify token' : 'Secret'}
            value={challengeSecretOf(challenge)}
            suggestedName={[sourceSlug, 'challenge'].filter(Boolean).join('-')}
            readOnly={readOnly}
            invalid={errorUnder(errors, `challenge.${secretKey}`) !== null}
            onChange={(next) => onChange({ challenge: setChallengeSecret(challenge, next) })}
          />
        </FormRow>
      )}
    </FormSection>
  );
}
