import { Menu } from '@mantine/core';
import {
  IconBroadcast,
  IconColumnInsertRight,
  IconCopy,
  IconFilter,
  IconFilterOff,
  IconRoute,
} from '@tabler/icons-react';
import type { EventItem } from '../../../../shared/contract/events.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { copyText } from '../../../browser/copy-text.ts';
import { PermittedMenuItem } from '../../../domain/access/permitted-menu-item.tsx';
import { navigate, useRoute } from '../../../model/app/navigation.ts';
import { paths } from '../../../model/app/paths.ts';
import type { PickedValue } from '../../../ui/code/pick-value.ts';
import { showDone, showFailure } from '../../../ui/feedback/toasts.tsx';
import { added } from '../columns/column-layout.ts';
import classes from '../live.module.css';
import { useLook } from '../model/use-look.ts';
import { exactPath, fieldPath, isScalar, maxTermLength, valueAt, withTerm } from '../model/value-terms.ts';

interface ValueMenuProps {
  event: Pick<EventItem, 'id' | 'payload'>;
  picked: PickedValue;
  onClose: () => void;
}

/** What can be done with a value of a payload. */
export function ValueMenu({ event, picked, onClose }: ValueMenuProps) {
  const { search } = useRoute();
  const query = search.get('q') ?? '';
  const { look, search: shown, setLook } = useLook(event.id);
  const value = valueAt(event.payload, picked.path);
  if (value === undefined) return null;
  const field = fieldPath('payload', picked.path);
  const path = exactPath('payload', picked.path);
  const text = typeof value === 'string' ? value : stringifyExact(value);
  const canFilter = picked.path.length > 0 && isScalar(value) && text.length <= maxTermLength;
  const close = (): void => {
    onClose();
    picked.refocus();
  };
  const filter = (isExcluded: boolean): void =>
    navigate(paths.event(event.id, withTerm(query, field, value, isExcluded), shown));
  const copy = (what: string, copied: string): void => {
    copyText(copied).then(
      () => showDone(`${what} copied`),
      (error: unknown) => showFailure(error, 'Copy failed'),
    );
  };
  return (
    <Menu opened onClose={close} position="bottom-start" width={260} offset={4} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label={`Value of ${path}`}
          className={classes.valuePlace}
          style={{ left: picked.x, top: picked.y }}
        />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Value of ${path}`}>
        <Menu.Label className={classes.valuePath} title={path}>
          {path}
        </Menu.Label>
        <Menu.Item
          leftSection={<IconFilter size={14} stroke={1.6} />}
          disabled={!canFilter}
          onClick={() => filter(false)}
        >
          Filter by value
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFilterOff size={14} stroke={1.6} />}
          disabled={!canFilter}
          onClick={() => filter(true)}
        >
          Exclude value
        </Menu.Item>
        <Menu.Item
          leftSection={<IconColumnInsertRight size={14} stroke={1.6} />}
          disabled={picked.path.length === 0 || look.columns.some((column) => column.field === field)}
          onClick={() => setLook({ ...look, columns: added(look.columns, field) })}
        >
          Show as column
        </Menu.Item>
        <Menu.Item leftSection={<IconRoute size={14} stroke={1.6} />} onClick={() => copy('Path', path)}>
          Copy path
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={14} stroke={1.6} />} onClick={() => copy('Value', text)}>
          Copy value
        </Menu.Item>
        <PermittedMenuItem
          needs="define"
          leftSection={<IconBroadcast size={14} stroke={1.6} />}
          disabled={!canFilter}
          onClick={() => navigate(paths.newListener({ event: event.id, field, value: stringifyExact(value) }))}
        >
          Create listener for value
        </PermittedMenuItem>
      </Menu.Dropdown>
    </Menu>
  );
}
