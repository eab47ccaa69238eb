import { Button, SegmentedControl, TagsInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { VENDOR_FILTERS, type VendorFilterKind } from '../../../../shared/conditions/vendor-filters/vendor-filter.ts';
import { appendClause, countLeaves, type GroupNode } from '../../../model/definitions/condition-tree.ts';
import { filterOf, type ListenerDraft } from '../../../model/definitions/listener-draft.ts';
import { CodeEditor } from '../../../ui/code/code-editor.tsx';
import { monoTags } from '../../../ui/forms/mono-input.ts';
import { Hint } from '../../../ui/text/hint.tsx';
import classes from '../listeners.module.css';
import { guessFilterKind, readVendorText, vendorNames } from '../model/read-vendor-filter.ts';
import { JsonProblems } from './json-problems.tsx';

interface VendorFilterProps {
  where: GroupNode;
  /** Of the preset of the listener's source, where it has filters of its own. */
  usualKind: VendorFilterKind | null;
  /** Called with the conditions as they are with the pasted ones in, and with the filter when they are nothing but it. */
  onTake: (where: GroupNode, filter: ListenerDraft['filter']) => void;
  /** Whether something stands here that is not among the conditions yet. */
  onPending: (isPending: boolean) => void;
}

/** A filter in a vendor's own syntax, made into conditions that can then be read and changed. */
export function VendorFilter({ where, usualKind, onTake, onPending }: VendorFilterProps) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<VendorFilterKind | null>(usualKind);
  const [topics, setTopics] = useState<string[]>([]);
  const kind = chosen ?? guessFilterKind(text) ?? 'flatfile';
  const isEmpty = text.trim() === '' && topics.length === 0;
  useEffect(() => {
    onPending(!isEmpty);
    return () => onPending(false);
  }, [isEmpty, onPending]);
  const read = readVendorText(kind, text, topics);
  const count = read.ok ? countLeaves(read.where) : 0;
  const hasOwn = countLeaves(where) > 0;
  return (
    <div className={classes.json}>
      <div className={classes.vendorHead}>
        <SegmentedControl
          aria-label="Vendor"
          data={VENDOR_FILTERS.map((one) => ({ value: one, label: vendorNames[one] }))}
          value={kind}
          onChange={(next) => setChosen(VENDOR_FILTERS.find((one) => one === next) ?? null)}
        />
        {kind === 'flatfile' && (
          <TagsInput
            aria-label="Topics"
            classNames={monoTags}
            className={classes.vendorTopics}
            placeholder={topics.length === 0 ? 'Topic, e.g. job:ready or commit:**' : ''}
            value={topics}
            splitChars={[',', ' ']}
            acceptValueOnBlur
            onChange={setTopics}
          />
        )}
      </div>
      <CodeEditor
        label={`${vendorNames[kind]} filter`}
        language="json"
        value={text}
        height="180px"
        invalid={!isEmpty && !read.ok}
        onChange={setText}
      />
      {isEmpty ? (
        <Hint>
          {kind === 'flatfile' ? (
            <>
              The vendor’s listener filter: <code>{'{"job": "space:configure", "payload.status": ["a", "b*"]}'}</code>.
              A key without a dot matches at any depth.
            </>
          ) : (
            <>
              Nested <code>and</code>, <code>or</code>, <code>not</code> over <code>message.…</code>,{' '}
              <code>metadata.…</code> and <code>type</code>:{' '}
              <code>{'{"and": [{"field": "message.total", "op": "gt", "value": 100}]}'}</code>.
            </>
          )}
        </Hint>
      ) : read.ok ? (
        <div className={classes.vendorTake}>
          <Button variant="default" onClick={() => onTake(read.where, filterOf(read.written, read.where))}>
            {hasOwn ? 'Replace the conditions' : 'Convert to conditions'}
          </Button>
          {hasOwn && (
            <Button
              variant="subtle"
              color="gray"
              onClick={() => onTake(appendClause(where, where.id, read.where), null)}
            >
              Add to conditions
            </Button>
          )}
          <span className={classes.quietInline}>
            {count === 0 ? 'Matches every event.' : count === 1 ? 'One clause.' : `${count} clauses.`}
          </span>
        </div>
      ) : (
        <JsonProblems problems={read.problems} />
      )}
    </div>
  );
}
