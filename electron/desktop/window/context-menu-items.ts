import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron';

type Clicked = Pick<ContextMenuParams, 'isEditable' | 'editFlags' | 'selectionText' | 'linkURL'>;

/** What a right click offers: the usual entries in a field, Copy on a selection, nothing elsewhere. */
export function contextMenuItems(
  { isEditable, editFlags, selectionText, linkURL }: Clicked,
  copyText: (text: string) => void,
): MenuItemConstructorOptions[] {
  if (isEditable) {
    return [
      { role: 'undo', enabled: editFlags.canUndo },
      { role: 'redo', enabled: editFlags.canRedo },
      { type: 'separator' },
      { role: 'cut', enabled: editFlags.canCut },
      { role: 'copy', enabled: editFlags.canCopy },
      { role: 'paste', enabled: editFlags.canPaste },
      { type: 'separator' },
      { role: 'selectAll', enabled: editFlags.canSelectAll },
    ];
  }
  const items: MenuItemConstructorOptions[] = [];
  if (selectionText.trim() !== '') items.push({ role: 'copy' });
  // Links within the app lead nowhere outside of it.
  if (/^https?:/.test(linkURL)) items.push({ label: 'Copy Link Address', click: () => copyText(linkURL) });
  if (items.length > 0) items.push({ type: 'separator' }, { role: 'selectAll' });
  return items;
}
