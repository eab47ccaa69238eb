import { Menu } from '@mantine/core';
import { IconSortAscending, IconSortDescending, IconStack2 } from '@tabler/icons-react';
import { columnTitle } from '../../../../shared/columns/columns.ts';
import { keyFieldSchema } from '../../../../shared/contract/views.ts';
import type { Look } from '../model/live-look.ts';

interface OrderItemsProps {
  field: string;
  look: Look;
  onLook: (look: Look) => void;
}

const icon = { size: 14, stroke: 1.6 };

/** Sorts and groups the list by a column; none for columns that have no order. */
export function OrderItems({ field, look, onLook }: OrderItemsProps) {
  const by = keyFieldSchema.safeParse(field).data;
  if (by === undefined) return null;
  const sortedBy = look.sort?.by === by ? look.sort : null;
  const sort = (descending: boolean): void =>
    onLook({ ...look, sort: sortedBy?.descending === descending ? null : { by, descending }, group: null });
  return (
    <>
      <Menu.Item leftSection={<IconSortAscending {...icon} />} onClick={() => sort(false)}>
        {sortedBy?.descending === false ? 'Sort by time' : 'Sort ascending'}
      </Menu.Item>
      <Menu.Item leftSection={<IconSortDescending {...icon} />} onClick={() => sort(true)}>
        {sortedBy?.descending === true ? 'Sort by time' : 'Sort descending'}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconStack2 {...icon} />}
        onClick={() => onLook({ ...look, sort: null, group: look.group === by ? null : by })}
      >
        Group by {columnTitle(by)}
      </Menu.Item>
      <Menu.Divider />
    </>
  );
}
