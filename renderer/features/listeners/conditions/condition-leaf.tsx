import { ActionIcon, Autocomplete, Checkbox, Select, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconFolderPlus, IconX } from '@tabler/icons-react';
import { findOperator, OPERATORS, operatorInfo } from '../../../../shared/conditions/operators.ts';
import { parseFieldPath, readField } from '../../../../shared/conditions/values/paths.ts';
import { ClauseDifference } from '../../../domain/event/clause-difference.tsx';
import { editLeaf, type LeafNode, setOperator } from '../../../model/definitions/condition-tree.ts';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import { exampleText } from '../../../ui/forms/placeholder-text.ts';
import { briefJson } from '../../../ui/text/brief-json.ts';
import { TimeAgo } from '../../../ui/text/time-ago.tsx';
import { VisibleText } from '../../../ui/text/visible-text.tsx';
import classes from '../listeners.module.css';
import { clauseKeys, type TreeView, useTree } from './tree-context.ts';
import { ValueField } from './value-field.tsx';
import { VerdictMark } from './verdict-mark.tsx';

const operatorData = OPERATORS.map((operator) => ({ value: operator.name, label: operator.label }));

/** What the event on the bench has at a path, in a few characters. */
function seenAt(event: TreeView['event'], field: string): string | null {
  const parsed = parseFieldPath(field);
  if (event === undefined || !parsed.ok || parsed.path.root === 'headers') return null;
  const values = readField(parsed.path, { ...event, headers: {} }, 3);
  return values.length === 0 ? null : values.map((value) => briefJson(value, 28)).join(', ');
}

export function ConditionLeaf({ leaf }: { leaf: LeafNode }) {
  const { readOnly, errors, warnings, verdicts, event, paths, edits, domId } = useTree();
  const info = operatorInfo(leaf.op);
  const error = errors.get(leaf.id);
  // A clause that was only just begun is not yet wrong.
  const isFresh = leaf.field.trim() === '';
  const verdict = verdicts.get(leaf.id);
  const warning = warnings.get(leaf.id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid row
    <div
      id={domId(leaf.id)}
      role="group"
      aria-label={`Clause on ${leaf.field === '' ? 'no field' : leaf.field}`}
      className={classes.leaf}
      data-clause
      onKeyDownCapture={readOnly ? undefined : clauseKeys(edits, leaf.id, false)}
    >
      <div className={classes.leafRow}>
        <VerdictMark id={leaf.id} />
        <Autocomplete
          data-first
          size="xs"
          aria-label="Field"
          classNames={monoInput}
          placeholder={exampleText('payload.size')}
          value={leaf.field}
          disabled={readOnly}
          error={!isFresh && error !== undefined}
          limit={60}
          maxDropdownHeight={300}
          comboboxProps={{ width: 340, position: 'bottom-start' }}
          data={[
            ...(paths.seen.length === 0 ? [] : [{ group: 'In this event', items: [...paths.seen] }]),
            { group: paths.seen.length === 0 ? 'Fields' : 'Other fields', items: [...paths.known] },
          ]}
          renderOption={({ option }) => (
            <span className={classes.pathOption}>
              <span className={classes.path}>{option.value}</span>
              <span className={classes.pathSeen}>{seenAt(event, option.value) ?? ''}</span>
            </span>
          )}
          onChange={(field) => edits.change((root) => editLeaf(root, leaf.id, { field }))}
        />
        <Select
          aria-label="Operator"
          data={operatorData}
          value={leaf.op}
          allowDeselect={false}
          searchable
          disabled={readOnly}
          maxDropdownHeight={340}
          comboboxProps={{ width: 320, position: 'bottom-start' }}
          renderOption={({ option }) => (
            <span className={classes.operatorOption}>
              <span>{option.label}</span>
              <span className={classes.meaning}>{findOperator(option.value)?.meaning}</span>
            </span>
          )}
          onChange={(value) => {
            const op = OPERATORS.find((one) => one.name === value)?.name;
            if (op !== undefined) edits.change((root) => setOperator(root, leaf.id, op));
          }}
        />
        <ValueField
          leaf={leaf}
          readOnly={readOnly}
          onChange={(values) => edits.change((root) => editLeaf(root, leaf.id, { values }))}
        />
        {!readOnly && (
          <span className={classes.clauseActions}>
            <ActionIcon size={22} aria-label="Move the clause up" onClick={() => edits.move(leaf.id, -1)}>
              <IconArrowUp size={13} stroke={1.7} />
            </ActionIcon>
            <ActionIcon size={22} aria-label="Move the clause down" onClick={() => edits.move(leaf.id, 1)}>
              <IconArrowDown size={13} stroke={1.7} />
            </ActionIcon>
            <Tooltip label="Wrap in a group (Alt+G)">
              <ActionIcon size={22} aria-label="Wrap the clause in a group" onClick={() => edits.wrap(leaf.id)}>
                <IconFolderPlus size={13} stroke={1.7} />
              </ActionIcon>
            </Tooltip>
            <ActionIcon size={22} aria-label="Remove the clause" onClick={() => edits.remove(leaf.id)}>
              <IconX size={13} stroke={1.7} />
            </ActionIcon>
          </span>
        )}
      </div>
      <div className={classes.leafMore}>
        {error !== undefined && !isFresh ? (
          <span className={classes.clauseError} role="alert">
            {error}
          </span>
        ) : warning !== undefined ? (
          <span className={classes.clauseWarning}>
            <IconAlertTriangle size={12} stroke={1.8} aria-hidden />
            {warning.text}
            {warning.lastAt !== null && (
              <>
                ; last seen <TimeAgo at={warning.lastAt} />
              </>
            )}
          </span>
        ) : verdict?.seen !== undefined ? (
          <span className={classes.seen}>
            {verdict.difference !== undefined ? (
              <ClauseDifference difference={verdict.difference} />
            ) : verdict.seen.present ? (
              <>
                seen{' '}
                <code>
                  <VisibleText text={briefJson(verdict.seen.value, 60)} />
                </code>
              </>
            ) : (
              'not in the event'
            )}
          </span>
        ) : null}
        {info.ignoreCase && leaf.values.some((value) => value.type === 'text') && (
          <Checkbox
            label="Ignore case"
            checked={leaf.ignoreCase}
            disabled={readOnly}
            classNames={{ root: classes.ignoreCase, label: classes.ignoreLabel }}
            wrapperProps={{ 'data-checked': leaf.ignoreCase }}
            onChange={(change) => {
              const ignoreCase = change.currentTarget.checked;
              edits.change((root) => editLeaf(root, leaf.id, { ignoreCase }));
            }}
          />
        )}
      </div>
    </div>
  );
}
