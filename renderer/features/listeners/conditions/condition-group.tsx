import { ActionIcon, Button, Select } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconFold, IconX } from '@tabler/icons-react';
import {
  appendClause,
  type GroupKind,
  type GroupNode,
  newGroup,
  newLeaf,
  setGroupKind,
} from '../../../model/definitions/condition-tree.ts';
import classes from '../listeners.module.css';
import { ConditionLeaf } from './condition-leaf.tsx';
import { clauseKeys, useTree } from './tree-context.ts';
import { VerdictMark } from './verdict-mark.tsx';

const kinds: { value: GroupKind; label: string }[] = [
  { value: 'all', label: 'all of' },
  { value: 'any', label: 'any of' },
  { value: 'none', label: 'none of' },
];

const rest: Record<GroupKind, string> = {
  all: 'must be true',
  any: 'must be true',
  none: 'must be false',
};

const emptyMeans: Record<GroupKind, string> = {
  all: 'No clauses: every event passes.',
  any: 'No clauses: no event passes.',
  none: 'No clauses: every event passes.',
};

export function ConditionGroup({ group, isRoot = false }: { group: GroupNode; isRoot?: boolean }) {
  const { readOnly, errors, edits, domId } = useTree();
  const error = errors.get(group.id);
  const label = kinds.find((kind) => kind.value === group.kind)?.label ?? group.kind;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid row
    <div
      id={domId(group.id)}
      role="group"
      aria-label={`${label} these`}
      className={classes.group}
      data-root={isRoot}
      data-kind={group.kind}
      data-clause
      onKeyDownCapture={isRoot || readOnly ? undefined : clauseKeys(edits, group.id, true)}
    >
      <div className={classes.groupHead}>
        <VerdictMark id={group.id} />
        <Select
          data-first
          aria-label="How the clauses are joined"
          classNames={{ input: classes.kindInput }}
          w={86}
          data={kinds}
          value={group.kind}
          allowDeselect={false}
          disabled={readOnly}
          comboboxProps={{ width: 110, position: 'bottom-start' }}
          onChange={(value) => {
            const kind = kinds.find((one) => one.value === value)?.value;
            if (kind !== undefined) edits.change((root) => setGroupKind(root, group.id, kind));
          }}
        />
        <span className={classes.groupWord}>
          {group.children.length === 0 ? emptyMeans[group.kind] : rest[group.kind]}
        </span>
        {!isRoot && !readOnly && (
          <span className={classes.clauseActions}>
            <ActionIcon size={22} aria-label="Move the group up" onClick={() => edits.move(group.id, -1)}>
              <IconArrowUp size={13} stroke={1.7} />
            </ActionIcon>
            <ActionIcon size={22} aria-label="Move the group down" onClick={() => edits.move(group.id, 1)}>
              <IconArrowDown size={13} stroke={1.7} />
            </ActionIcon>
            <ActionIcon
              size={22}
              aria-label="Ungroup: keep its clauses"
              title="Ungroup: keep its clauses"
              onClick={() => edits.unwrap(group.id)}
            >
              <IconFold size={13} stroke={1.7} />
            </ActionIcon>
            <ActionIcon size={22} aria-label="Remove the group" onClick={() => edits.remove(group.id)}>
              <IconX size={13} stroke={1.7} />
            </ActionIcon>
          </span>
        )}
      </div>
      {error !== undefined && <p className={classes.clauseError}>{error}</p>}
      <div className={classes.children}>
        {group.children.map((child) =>
          child.kind === 'leaf' ? (
            <ConditionLeaf key={child.id} leaf={child} />
          ) : (
            <ConditionGroup key={child.id} group={child} />
          ),
        )}
        {!readOnly && (
          <div className={classes.add}>
            <Button
              variant="subtle"
              color="gray"
              size="compact-xs"
              onClick={() => edits.change((root) => appendClause(root, group.id, newLeaf()))}
            >
              + Clause
            </Button>
            <Button
              variant="subtle"
              color="gray"
              size="compact-xs"
              onClick={() =>
                edits.change((root) =>
                  appendClause(root, group.id, newGroup(group.kind === 'any' ? 'all' : 'any', [newLeaf()])),
                )
              }
            >
              + Group
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
