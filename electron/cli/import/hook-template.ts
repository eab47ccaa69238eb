import type { AddNote } from './import-notes.ts';

/** An action of a Go template that stands in a hooks file. */
export type TemplateAction =
  | { kind: 'getenv' | 'cat' | 'credential'; name: string; text: string }
  | { kind: 'other'; text: string };

const action = /\{\{-?\s*([\s\S]*?)\s*-?\}\}/g;
const call = /^(getenv|cat|credential)\s+(?:"([^"]*)"|`([^`]*)`)(?:\s*\|\s*js)?$/;
const marker = /SIGNALBOX-TEMPLATE-(\d+)-/g;

/** Puts a mark in place of each action, so that what is left is YAML; comments go. */
export function markTemplate(text: string): { text: string; actions: TemplateAction[] } {
  const actions: TemplateAction[] = [];
  const marked = text.replace(action, (whole, inner: string) => {
    if (/^\/\*[\s\S]*\*\/$/.test(inner)) return '';
    const [, kind, quoted, raw] = call.exec(inner) ?? [];
    const name = quoted ?? raw ?? '';
    if (kind === 'getenv' || kind === 'cat' || kind === 'credential') actions.push({ kind, name, text: whole });
    else actions.push({ kind: 'other', text: whole });
    return `SIGNALBOX-TEMPLATE-${actions.length - 1}-`;
  });
  return { text: marked, actions };
}

/** The action that is the whole of a text, or null. */
export function wholeAction(text: string, actions: readonly TemplateAction[]): TemplateAction | null {
  const [, index] = /^SIGNALBOX-TEMPLATE-(\d+)-$/.exec(text) ?? [];
  return index === undefined ? null : (actions[Number(index)] ?? null);
}

/** Actions within a hook's value that only the program itself could carry out. */
export function otherActions(value: unknown, actions: readonly TemplateAction[]): string[] {
  return [...JSON.stringify(value).matchAll(marker)].flatMap(([, index]) => {
    const found = actions[Number(index)];
    return found?.kind === 'other' ? [found.text] : [];
  });
}

/** Text with variables as they are now; what is read from files is left out. */
export function fillTemplate(
  text: string,
  actions: readonly TemplateAction[],
  what: string,
  env: NodeJS.ProcessEnv,
  note: AddNote,
): string {
  return text.replace(marker, (_mark, index: string) => {
    const found = actions[Number(index)];
    if (found === undefined) return '';
    const value = found.kind === 'getenv' ? env[found.name] : undefined;
    if (value === undefined) {
      note(
        what,
        `${found.text} has no value here.`,
        'Set it where you run this command, or write the value into the file.',
      );
      return '';
    }
    note(what, `${found.text} is read once, at the import.`, 'Change the definition when the variable changes.');
    return value;
  });
}
