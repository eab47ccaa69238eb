import { ActionIcon, Button, Select, Switch, TextInput, Tooltip } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { type GroupRole, groupRoleSchema } from '../../../../shared/contract/access/access-settings.ts';
import { roles } from '../../../../shared/contract/access/roles.ts';
import { PermittedButton } from '../../../domain/access/permitted-button.tsx';
import { useLack } from '../../../model/app/account.ts';
import { InlineError } from '../../../ui/feedback/inline-error.tsx';
import { monoInput } from '../../../ui/forms/mono-input.ts';
import { exampleText } from '../../../ui/forms/placeholder-text.ts';
import classes from '../settings.module.css';

interface Row {
  id: number;
  value: GroupRole;
}

interface GroupRolesFormProps {
  saved: readonly GroupRole[];
  /** Null when it was saved, else the reason why not. */
  onSave: (groupRoles: GroupRole[]) => Promise<string | null>;
}

const rowsOf = (saved: readonly GroupRole[]): Row[] => saved.map((value, id) => ({ id, value }));

/** Which role the groups of single sign-on get; without a matching one, sign-in is refused. */
export function GroupRolesForm({ saved, onSave }: GroupRolesFormProps) {
  const titleId = useId();
  const lack = useLack('administer');
  const [rows, setRows] = useState<readonly Row[]>(rowsOf(saved));
  const [problem, setProblem] = useState<string | null>(null);

  const groupRoles = rows.map(({ value }) => value);
  const change = (id: number, part: Partial<GroupRole>): void =>
    setRows(rows.map((row) => (row.id === id ? { id, value: { ...row.value, ...part } } : row)));
  const add = (): void => {
    const id = Math.max(-1, ...rows.map((row) => row.id)) + 1;
    setRows([...rows, { id, value: { group: '', role: 'viewer' } }]);
  };
  const commit = async (): Promise<void> => {
    const wrong = groupRoles.findIndex((value) => !groupRoleSchema.safeParse(value).success);
    setProblem(wrong >= 0 ? `Row ${wrong + 1} needs the name of a group.` : await onSave(groupRoles));
  };

  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId} className={classes.subhead}>
        Roles of groups
      </h3>
      <p className={classes.quiet}>
        The highest role of all matching groups applies; * matches everyone. Without a matching group, sign-in is
        refused.
      </p>
      {rows.length > 0 && (
        <ul className={classes.secrets} aria-labelledby={titleId}>
          {rows.map(({ id, value }, index) => (
            <li key={id} className={classes.groupLine}>
              <TextInput
                aria-label={`Group ${index + 1}`}
                classNames={monoInput}
                value={value.group}
                disabled={lack !== null}
                placeholder={exampleText('on-call')}
                onChange={(event) => change(id, { group: event.currentTarget.value })}
              />
              <Select
                aria-label={`Role of group ${index + 1}`}
                data={[...roles]}
                value={value.role}
                allowDeselect={false}
                disabled={lack !== null}
                onChange={(next) => {
                  const role = roles.find((one) => one === next) ?? 'viewer';
                  change(id, role === 'viewer' ? { role, mayApprove: false } : { role });
                }}
              />
              <Switch
                label="May approve"
                disabled={lack !== null || value.role === 'viewer'}
                checked={value.mayApprove === true}
                onChange={(event) => change(id, { mayApprove: event.currentTarget.checked })}
              />
              <Tooltip label="Remove">
                <ActionIcon
                  aria-label={`Remove group ${index + 1}`}
                  disabled={lack !== null}
                  onClick={() => setRows(rows.filter((row) => row.id !== id))}
                >
                  <IconX size={15} stroke={1.6} />
                </ActionIcon>
              </Tooltip>
            </li>
          ))}
        </ul>
      )}
      <div className={`${classes.buttons} ${classes.under}`}>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} stroke={1.8} />}
          disabled={lack !== null}
          onClick={add}
        >
          Add group
        </Button>
        <PermittedButton
          needs="administer"
          disabled={JSON.stringify(groupRoles) === JSON.stringify(saved)}
          onClick={() => void commit()}
        >
          Save
        </PermittedButton>
      </div>
      <InlineError message={problem} />
    </section>
  );
}
