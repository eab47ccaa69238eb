import { ActionIcon, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { clearFound, findText, markFound } from '../../browser/find-text.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { isDesktop, onMenuCommand } from '../../model/app/desktop.ts';
import classes from './find-bar.module.css';

/** A page's own field that narrows what it lists; `/` goes there too. */
function focusFilter(): boolean {
  const field = document.querySelector<HTMLInputElement>('main [data-page-filter] input, main input[data-page-filter]');
  if (field === null || field === document.activeElement) return false;
  field.focus();
  field.select();
  return true;
}

const pageRoot = (): Element =>
  document.querySelector('[aria-modal=true]') ?? document.querySelector('main') ?? document.body;

interface Found {
  ranges: readonly Range[];
  at: number;
}

const nothing: Found = { ranges: [], at: 0 };

/**
 * Find in page, which a browser has itself. Ctrl+F goes to the filter of a page that has one, since only a filter finds what
 * a long list has not drawn; pressed there again, and on every other page, it opens this bar. Ctrl+Shift+F always does.
 */
export function FindBar() {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [found, setFound] = useState(nothing);
  const input = useRef<HTMLInputElement>(null);

  const show = (): void => {
    setOpen(true);
    requestAnimationFrame(() => input.current?.select());
  };
  const close = (): void => {
    clearFound();
    setFound(nothing);
    setOpen(false);
  };
  useShortcuts('Everywhere', [
    {
      keys: 'mod+f',
      label: 'Filter, or find in page',
      run: () => focusFilter() || show(),
      inInputs: true,
      inDialogs: true,
      enabled: isDesktop,
      hidden: !isDesktop,
    },
    {
      keys: 'mod+shift+f',
      label: 'Find in page',
      run: show,
      inInputs: true,
      inDialogs: true,
      enabled: isDesktop,
      hidden: !isDesktop,
    },
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `show` only sets state
  useEffect(() => onMenuCommand('find', show), []);
  useEffect(() => clearFound, []);
  if (!isOpen) return null;

  const search = (wanted: string, step: number): void => {
    // Searched again at each step: the page goes on changing.
    const ranges = findText(pageRoot(), wanted);
    const at = ranges.length === 0 ? 0 : (found.at + step + ranges.length) % ranges.length;
    markFound(ranges, ranges[at]);
    setFound({ ranges, at });
  };
  return (
    <search className={classes.bar} aria-label="Find in page" data-find-skip>
      <TextInput
        ref={input}
        aria-label="Find in page"
        placeholder="Find in page"
        w={220}
        autoFocus
        value={text}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setText(next);
          search(next, -found.at);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search(text, event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') close();
          event.stopPropagation();
        }}
      />
      <span className={classes.count} role="status">
        {text === '' ? '' : found.ranges.length === 0 ? 'No results' : `${found.at + 1} of ${found.ranges.length}`}
      </span>
      <ActionIcon aria-label="Previous result" onClick={() => search(text, -1)}>
        <IconChevronUp size={15} stroke={1.6} />
      </ActionIcon>
      <ActionIcon aria-label="Next result" onClick={() => search(text, 1)}>
        <IconChevronDown size={15} stroke={1.6} />
      </ActionIcon>
      <ActionIcon aria-label="Close" onClick={close}>
        <IconX size={15} stroke={1.6} />
      </ActionIcon>
    </search>
  );
}
