import type { Command } from '../../../model/app/commands.ts';

const fold = (text: string): string => text.toLowerCase();

/** Every word must stand somewhere; a command that has them at the beginnings of its words comes first. */
export function findCommands(commands: readonly Command[], query: string): Command[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...commands];
  const scored = commands.flatMap((command, index) => {
    const label = fold(command.label);
    const others = fold([command.group, ...(command.keywords ?? [])].join(' '));
    let score = 0;
    for (const word of words) {
      if (label.startsWith(word)) score += 4;
      else if (label.split(/[\s:./-]+/).some((part) => part.startsWith(word))) score += 3;
      else if (label.includes(word)) score += 2;
      else if (others.includes(word)) score += 1;
      else return [];
    }
    return [{ command, score, index }];
  });
  return scored.sort((a, b) => b.score - a.score || a.index - b.index).map(({ command }) => command);
}
