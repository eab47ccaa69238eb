import type { NoticeRow } from '../../store/alarms/notices.ts';

/** One line of a message. */
export interface NoticeLine {
  kind: NoticeRow['kind'] | 'test';
  alarm: string;
  text: string;
  /** Page of what it is about. */
  path: string;
  /** The same as an address that opens outside the window; null where there is none. */
  link: string | null;
}

export interface NoticeMessage {
  title: string;
  lines: readonly NoticeLine[];
}

/** Lines of a message; the others are counted. */
export const maxLines = 20;

const verbs: Readonly<Record<NoticeLine['kind'], string>> = {
  raised: 'Raised',
  repeated: 'Still raised',
  recovered: 'Recovered',
  test: 'Test',
};

export const headOf = ({ kind, alarm }: NoticeLine): string => `${verbs[kind]}: ${alarm}`;

export function titleOf(lines: readonly NoticeLine[]): string {
  const [line] = lines;
  if (line !== undefined && lines.length === 1) return headOf(line);
  const counts = (['raised', 'repeated', 'recovered'] as const).flatMap((kind) => {
    const count = lines.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${count} ${verbs[kind].toLowerCase()}`];
  });
  return `Alarms: ${counts.join(', ')}`;
}

const moreOf = (lines: readonly unknown[]): string | null =>
  lines.length > maxLines ? `and ${lines.length - maxLines} more` : null;

/** Slack's three characters with a meaning. Links are written by us alone. */
const escapeSlack = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** The body of Slack's incoming webhooks. Only `text`, which others that take the format know too. */
export function slackBody({ lines }: NoticeMessage): { text: string } {
  const shown = lines.slice(0, maxLines).map((line) => {
    const link = line.link === null ? '' : ` <${escapeSlack(line.link)}|Open>`;
    return `*${escapeSlack(headOf(line))}*\n${escapeSlack(line.text)}${link}`;
  });
  const more = moreOf(lines);
  return { text: [...shown, ...(more === null ? [] : [more])].join('\n\n') };
}

export function plainBody({ lines }: NoticeMessage): string {
  const shown = lines
    .slice(0, maxLines)
    .map((line) => `${headOf(line)}\n${line.text}${line.link === null ? '' : `\n${line.link}`}`);
  const more = moreOf(lines);
  return `${[...shown, ...(more === null ? [] : [more])].join('\n\n')}\n`;
}
