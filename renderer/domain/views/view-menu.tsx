import { ActionIcon, Menu } from '@mantine/core';
import { IconBookmark, IconBookmarkFilled, IconDeviceFloppy, IconPencil, IconTrash } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { View, ViewPage } from '../../../shared/contract/views.ts';
import type { CallInput } from '../../client/index.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { useCommands } from '../../model/app/commands.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { asDraft, removeView, saveView, useViews, viewsOf } from '../../model/views/views.ts';
import { showFailure, showUndo } from '../../ui/feedback/toasts.tsx';
import { PermittedMenuItem } from '../access/permitted-menu-item.tsx';
import { ViewForm } from './view-form.tsx';
import classes from './views.module.css';

interface ViewMenuProps {
  page: ViewPage;
  /** Id of the view in the address. */
  openId: string | null;
  /** The list as it is shown. */
  shown: Omit<CallInput<'views.save'>, 'id' | 'name' | 'page'>;
  /** The list without its view, once that is deleted. */
  leavePath: string;
}

const icon = { size: 14, stroke: 1.6 };

const isChanged = (view: View, shown: ViewMenuProps['shown']): boolean =>
  JSON.stringify([view.query, view.columns, view.sort, view.group]) !==
  JSON.stringify([shown.query, shown.columns, shown.sort, shown.group]);

/** Opens, saves, changes and deletes the views of a list. */
export const ViewMenu = memo(Views);

function Views({ page, openId, shown, leavePath }: ViewMenuProps) {
  const views = useViews((state) => state.items);
  const own = viewsOf(views, page);
  const open = own.find(({ id }) => id === openId);
  const [form, setForm] = useState<'new' | 'rename' | null>(null);
  const hasChanges = open !== undefined && isChanged(open, shown);

  const saveChanges = async (): Promise<void> => {
    if (open === undefined) return;
    try {
      const saved = await saveView({ ...shown, id: open.id, page, name: open.name });
      navigate(paths.view(saved), { replace: true });
      showUndo({ message: `View “${open.name}” saved`, undo: () => saveView(asDraft(open)) });
    } catch (error) {
      showFailure(error, 'The view could not be saved');
    }
  };
  const remove = async (): Promise<void> => {
    if (open === undefined) return;
    try {
      await removeView(open.id);
      navigate(leavePath, { replace: true });
      showUndo({
        message: `View “${open.name}” deleted`,
        undo: async () => navigate(paths.view(await saveView(asDraft(open)))),
      });
    } catch (error) {
      showFailure(error, 'The view could not be deleted');
    }
  };

  useShortcuts('View', [
    { keys: 'v', label: 'Save as view', needs: 'operate', run: () => setForm('new') },
    {
      keys: 'shift+v',
      label: 'Save changes to the view',
      needs: 'operate',
      run: () => void saveChanges(),
      enabled: hasChanges,
    },
  ]);
  useCommands([
    { id: 'view.save', label: 'Save as view', group: 'View', keys: 'v', needs: 'operate', run: () => setForm('new') },
    ...(hasChanges
      ? [
          {
            id: 'view.change',
            label: `Save changes to “${open.name}”`,
            group: 'View',
            keys: 'shift+v',
            needs: 'operate' as const,
            run: () => void saveChanges(),
          },
        ]
      : []),
    ...(open === undefined
      ? []
      : [
          {
            id: 'view.rename',
            label: 'Rename view',
            group: 'View',
            needs: 'operate' as const,
            run: () => setForm('rename'),
          },
          {
            id: 'view.delete',
            label: 'Delete view',
            group: 'View',
            needs: 'operate' as const,
            run: () => void remove(),
          },
        ]),
  ]);

  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon
            variant="default"
            size={28}
            aria-label="Views"
            title={open === undefined ? 'Saved views' : `View: ${open.name}${hasChanges ? ' (changed)' : ''}`}
          >
            {open === undefined ? <IconBookmark size={15} stroke={1.6} /> : <IconBookmarkFilled size={15} />}
            {hasChanges && <span className={classes.changed} />}
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {own.length > 0 && (
            <div className={classes.list}>
              {own.map((view) => (
                <Menu.Item
                  key={view.id}
                  component="a"
                  href={hrefOf(paths.view(view))}
                  aria-current={view.id === openId ? 'page' : undefined}
                  className={classes.view}
                >
                  {view.name}
                </Menu.Item>
              ))}
            </div>
          )}
          {own.length > 0 && <Menu.Divider />}
          {open !== undefined && (
            <>
              <PermittedMenuItem
                needs="operate"
                leftSection={<IconDeviceFloppy {...icon} />}
                disabled={!hasChanges}
                onClick={() => void saveChanges()}
              >
                Save changes
              </PermittedMenuItem>
              <PermittedMenuItem
                needs="operate"
                leftSection={<IconPencil {...icon} />}
                onClick={() => setForm('rename')}
              >
                Rename…
              </PermittedMenuItem>
              <PermittedMenuItem needs="operate" leftSection={<IconTrash {...icon} />} onClick={() => void remove()}>
                Delete view
              </PermittedMenuItem>
            </>
          )}
          <PermittedMenuItem needs="operate" leftSection={<IconBookmark {...icon} />} onClick={() => setForm('new')}>
            Save as view…
          </PermittedMenuItem>
        </Menu.Dropdown>
      </Menu>
      <ViewForm
        key={form}
        opened={form !== null}
        title={form === 'rename' ? 'Rename view' : 'Save as view'}
        name={form === 'rename' ? (open?.name ?? '') : ''}
        onClose={() => setForm(null)}
        onSave={async (name) => {
          const saved =
            form === 'rename' && open !== undefined
              ? await saveView({ ...asDraft(open), name })
              : await saveView({ ...shown, page, name });
          if (form !== 'rename') navigate(paths.view(saved), { replace: true });
        }}
      />
    </>
  );
}
