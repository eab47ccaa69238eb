/** A piece of a template: text as it is, or a placeholder such as `{header:x-ts}`. */
export type TemplatePart = { text: string } | { name: string; argument: string | null };

/** Placeholders of a template: whether each takes an argument after a colon. */
export type Placeholders = Readonly<Record<string, 'alone' | 'argument' | 'either'>>;

export type ParsedTemplate = { ok: true; parts: readonly TemplatePart[] } | { ok: false; problem: string };

/** A brace before a letter begins a placeholder; any other brace is text, and `{{` is text everywhere. */
const piece = /\{\{|\{([a-z][a-z0-9]*)(?::([^{}]*))?(\}?)/gi;

const shown = (names: Placeholders): string =>
  Object.entries(names)
    .map(([name, takes]) => (takes === 'argument' ? `{${name}:…}` : `{${name}}`))
    .join(', ');

/** `problem` fits after the name of the setting: what is wrong, where, and what to write. */
export function parseTemplate(template: string, placeholders: Placeholders): ParsedTemplate {
  const parts: TemplatePart[] = [];
  let text = '';
  let end = 0;
  for (const match of template.matchAll(piece)) {
    text += template.slice(end, match.index);
    end = match.index + match[0].length;
    const [whole, name, argument, close] = match;
    if (name === undefined) {
      text += '{';
      continue;
    }
    const at = `at character ${match.index + 1}`;
    if (close !== '}') {
      return { ok: false, problem: `has "${whole}" without its closing brace ${at}: add }, or write {{ for a brace` };
    }
    const takes = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
    if (takes === undefined) {
      return {
        ok: false,
        problem: `has ${whole} ${at}, which is no placeholder: use ${shown(placeholders)}, or write {{ for a brace`,
      };
    }
    if (takes === 'argument' && (argument === undefined || argument === '')) {
      return { ok: false, problem: `has ${whole} ${at}, which needs a name after a colon: {${name}:…}` };
    }
    if (takes === 'alone' && argument !== undefined) {
      return { ok: false, problem: `has ${whole} ${at}, where nothing may follow the name: write {${name}}` };
    }
    if (text !== '') parts.push({ text });
    text = '';
    parts.push({ name, argument: argument === undefined || argument === '' ? null : argument });
  }
  text += template.slice(end);
  if (text !== '') parts.push({ text });
  return { ok: true, parts };
}
