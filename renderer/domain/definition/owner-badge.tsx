import type { Owner } from '../../../shared/contract/common.ts';
import { ToneBadge } from '../../ui/feedback/tone-badge.tsx';

const words: Record<Exclude<Owner, 'user'>, { text: string; title: string }> = {
  config: { text: 'config file', title: 'Declared in the config file: change it there.' },
  builtin: { text: 'built in', title: 'Part of Signalbox.' },
};

/** Who owns a definition; nothing for the operators' own. */
export function OwnerBadge({ owner }: { owner: Owner }) {
  if (owner === 'user') return null;
  const { text, title } = words[owner];
  return (
    <span title={title}>
      <ToneBadge tone="grey">{text}</ToneBadge>
    </span>
  );
}
