import { NumberInput, PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../../shared/contract/errors.ts';
import type { Question, QuestionField } from '../../../../shared/contract/runs.ts';
import {
  type AnswerDraft,
  type AnswerValue,
  answerOf,
  emptyAnswer,
  hasTypedSecret,
  keepAnswerDraft,
  missingAnswers,
  useAnswerDraft,
} from '../../../model/runs/question-draft.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { DiscardQuestion } from '../../../ui/forms/discard-question.tsx';
import { useLeaving } from '../../../ui/forms/use-leaving.ts';
import { Kbd } from '../../../ui/text/kbd.tsx';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { PermittedButton } from '../../access/permitted-button.tsx';
import classes from './question-form.module.css';

interface QuestionFormProps {
  question: Question;
  busy: boolean;
  error: AppError | null;
  onAnswer: (values: Record<string, AnswerValue>) => void;
  onCancelRun: () => void;
}

/**
 * What a running job wants to know, as a form: mod+Enter answers. What is typed is kept until it is sent, but for secrets:
 * those are nowhere but here, and leaving them asks.
 */
export function QuestionForm({ question, busy, error, onAnswer, onCancelRun }: QuestionFormProps) {
  const kept = useAnswerDraft(question.id);
  const [secrets, setSecrets] = useState<AnswerDraft>({});
  const draft: AnswerDraft = { ...emptyAnswer(question.fields), ...kept, ...secrets };
  const leaving = useLeaving(hasTypedSecret(question.fields, draft));
  const change = (field: QuestionField, value: string | boolean): void => {
    if (field.type === 'secret') setSecrets((before) => ({ ...before, [field.name]: value }));
    else keepAnswerDraft(question.id, question.fields, { ...draft, [field.name]: value });
  };
  const [attempted, setAttempted] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const missing = missingAnswers(question.fields, draft);

  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    setAttempted(true);
    if (leaving.isAsking) return;
    if (missing.length === 0 && !busy) onAnswer(answerOf(question.fields, draft));
    else form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  useEffect(() => {
    if (attempted && missing.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempted, missing.length]);

  return (
    <form
      ref={form}
      className={classes.question}
      aria-label="Question from the job"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && leaving.isAsking) {
          event.preventDefault();
          event.stopPropagation();
          leaving.keep();
        }
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        if (!event.repeat) submit();
      }}
    >
      <p className={classes.message}>{question.message}</p>
      <p className={classes.facts}>
        {question.type} · asked <TimeAgo at={question.askedAt} /> · expires <TimeAgo at={question.expiresAt} />
      </p>
      {question.fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={draft[field.name] ?? ''}
          error={attempted && missing.includes(field.name) ? 'is required' : null}
          onChange={(value) => change(field, value)}
        />
      ))}
      <InlineError error={error} />
      {leaving.isAsking ? (
        <DiscardQuestion what="the secret you typed" onKeep={leaving.keep} onDiscard={leaving.discard} />
      ) : (
        <div className={classes.actions}>
          <PermittedButton needs="operate" type="submit" loading={busy} rightSection={<Kbd keys="mod+enter" />}>
            Answer
          </PermittedButton>
          <PermittedButton needs="operate" variant="subtle" color="gray" disabled={busy} onClick={onCancelRun}>
            Cancel the run
          </PermittedButton>
        </div>
      )}
    </form>
  );
}

interface FieldProps {
  field: QuestionField;
  value: string | boolean;
  error: string | null;
  onChange: (value: string | boolean) => void;
}

function Field({ field, value, error, onChange }: FieldProps) {
  const text = typeof value === 'string' ? value : '';
  const common = { label: field.label, error, withAsterisk: field.required, maw: 420 };
  switch (field.type) {
    case 'boolean':
      return (
        <Switch
          label={field.label}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={field.options ?? []}
          value={text === '' ? null : text}
          clearable={!field.required}
          onChange={(chosen) => onChange(chosen ?? '')}
        />
      );
    case 'multiline':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={8}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'secret':
      return (
        <PasswordInput
          {...common}
          description="Sent to the job; never stored."
          styles={{ description: { fontSize: 'var(--sb-fs-1)' } }}
          autoComplete="off"
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'number':
      return <NumberInput {...common} hideControls value={text} onChange={(number) => onChange(String(number))} />;
    case 'text':
      return (
        <TextInput
          {...common}
          autoComplete="off"
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
