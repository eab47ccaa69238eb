import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Output } from '../../../../shared/contract/index.ts';
import type { PresetInfo, Source } from '../../../../shared/contract/sources.ts';
import { parseExact } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { testDelivery } from '../../../../shared/test-delivery.ts';
import type { SampleDelivery } from '../../../../shared/vendors/catalog-types.ts';
import { call } from '../../../client/index.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { PaneBody } from '../../../domain/definition/definition-pane.tsx';
import { useAction } from '../../../errors/use-action.ts';
import { useShortcuts } from '../../../keyboard/shortcuts.ts';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { labelOf, typeOptions } from '../../../model/events/event-catalog.ts';
import { useLocalCatalog } from '../../../model/events/local-catalog.ts';
import { CodeBlock } from '../../../ui/code/code-block.tsx';
import { CodeEditor } from '../../../ui/code/code-editor.tsx';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { ToneBadge } from '../../../ui/feedback/tone-badge.tsx';
import { FormRow } from '../../../ui/forms/form-layout.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import { readHeaderLines } from '../model/header-lines.ts';
import { verificationOf } from '../model/source-health.ts';
import classes from '../sources.module.css';

interface SourceTestProps {
  source: Source;
  preset: PresetInfo;
  hasUnsaved: boolean;
}

/** Presets whose senders sign with a private key of their own. */
const keyIsSenders = new Set(['next-identity', 'aws-sns']);

const pretty = (text: string): string => {
  try {
    return stringifyExact(parseExact(text), 2);
  } catch {
    // An answer need not be JSON.
    return text;
  }
};

/** Posts through the real receiver, as the sender would, and shows the real answer. */
export function SourceTest({ source, preset, hasUnsaved }: SourceTestProps) {
  const [body, setBody] = useState(preset.sample.body);
  const [contentType, setContentType] = useState(preset.sample.contentType);
  const [headerLines, setHeaderLines] = useState('');
  const [sign, setSign] = useState(true);
  const [answer, setAnswer] = useState<Output<'sources.sendTest'> | null>(null);
  const send = useAction(async () => {
    const headers = readHeaderLines(headerLines);
    setAnswer(await call('sources.sendTest', { slug: source.slug, body, contentType, headers, sign }));
  });
  useShortcuts(
    'Test delivery',
    [
      {
        keys: 'mod+enter',
        label: 'Send',
        needs: 'define',
        inInputs: true,
        enabled: !send.busy,
        run: () => void send.run(),
      },
    ],
    'form',
  );
  const locals = useLocalCatalog((state) => state.types);
  const groups = useMemo(() => typeOptions(preset.id, [], locals), [preset.id, locals]);
  const [type, setType] = useState<string | null>(null);
  const choose = (next: string | null): void => {
    setType(next);
    const sample: SampleDelivery = next === null ? preset.sample : testDelivery(preset, next, Date.now());
    setBody(sample.body);
    setContentType(sample.contentType);
    setHeaderLines(
      Object.entries(sample.headers ?? {})
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
    );
  };
  const label = type === null ? null : labelOf(preset.id, type, locals);
  const isJson = contentType.includes('json') || contentType.includes('jwt');
  const tone = answer === null ? 'grey' : answer.status < 300 ? 'green' : answer.status < 500 ? 'amber' : 'red';

  return (
    <PaneBody>
      {groups.length > 0 && (
        <FormRow
          label="Event type"
          htmlFor="test-type"
          hint={label === null || label === 'unknown' ? 'Fills in a sample of this type.' : label.description}
        >
          <Select
            id="test-type"
            classNames={monoInput}
            maw={340}
            data={groups.map(({ group, items }) => ({ group, items: items.map((item) => item.type) }))}
            value={type}
            placeholder="Choose an event"
            searchable
            clearable
            maxDropdownHeight={320}
            nothingFoundMessage="No matching types"
            onChange={choose}
          />
        </FormRow>
      )}
      <FormRow
        label="Body"
        hint="Matching listeners run their jobs for real. Change the ID to send another event: a repeated ID starts no runs."
      >
        <CodeEditor label="Body" language={isJson ? 'json' : 'text'} value={body} height="220px" onChange={setBody} />
      </FormRow>
      <FormRow label="Content type" htmlFor="test-content-type">
        <TextInput
          id="test-content-type"
          classNames={monoInput}
          maw={340}
          value={contentType}
          onChange={(event) => setContentType(event.currentTarget.value)}
        />
      </FormRow>
      <FormRow label="Headers" htmlFor="test-headers" hint="One per line, as name: value. Overrides signed headers.">
        <Textarea
          id="test-headers"
          classNames={monoInput}
          autosize
          minRows={1}
          maxRows={8}
          value={headerLines}
          onChange={(event) => setHeaderLines(event.currentTarget.value)}
        />
      </FormRow>
      <FormRow
        label="Sign"
        hint={
          keyIsSenders.has(preset.id) && verificationOf(source, preset).isChecked
            ? 'Only the sender has the signing key, so test deliveries are not signed and are refused.'
            : 'Signs with this source’s secret. When off, the delivery is not signed and is refused.'
        }
      >
        <Switch aria-label="Sign" mt={6} checked={sign} onChange={(event) => setSign(event.currentTarget.checked)} />
      </FormRow>
      <FormRow label="">
        <div className={classes.send}>
          <PermittedButton needs="define" loading={send.busy} onClick={() => void send.run()}>
            Send to {source.slug}
          </PermittedButton>
          {hasUnsaved && <span className={classes.quiet}>Uses the saved settings, without your unsaved changes.</span>}
        </div>
        <InlineError error={send.error} />
      </FormRow>
      {answer !== null && (
        <FormRow label="Answer">
          <div aria-live="polite">
            <p className={classes.answerLine}>
              <ToneBadge tone={tone}>{answer.status}</ToneBadge>
              {answer.eventIds.map((id) => (
                <a key={id} href={hrefOf(paths.event(id))}>
                  Show the event
                </a>
              ))}
            </p>
            {answer.body !== '' && <CodeBlock text={pretty(answer.body)} />}
          </div>
        </FormRow>
      )}
    </PaneBody>
  );
}
