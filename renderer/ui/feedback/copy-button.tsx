import { ActionIcon, Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { copyText } from '../../browser/copy-text.ts';
import { showFailure } from './toasts.tsx';

interface CopyButtonProps {
  text: string | (() => string | Promise<string>);
  /** With it a button with a word, without it an icon. */
  label?: string;
  /** What is copied, for screen readers and on hover. */
  title?: string;
}

export function CopyButton({ text, label, title = 'Copy' }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    try {
      await copyText(typeof text === 'string' ? text : await text());
      setCopied(true);
    } catch (error) {
      showFailure(error, 'Copy failed');
    }
  };
  const icon = copied ? <IconCheck size={14} stroke={1.8} /> : <IconCopy size={14} stroke={1.6} />;
  if (label === undefined) {
    return (
      <ActionIcon size={20} aria-label={copied ? 'Copied' : title} title={title} onClick={() => void copy()}>
        {icon}
      </ActionIcon>
    );
  }
  return (
    <Button variant="default" leftSection={icon} title={title} onClick={() => void copy()}>
      {label}
    </Button>
  );
}
