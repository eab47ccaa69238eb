import { describe, expect, it } from 'vitest';
import {
  createDefinitionEditors,
  isDirty,
  keepMine,
  receiveCurrent,
  startEditing,
  takeNewer,
} from '../../../../renderer/model/definitions/definition-editor.ts';

const rules = { fingerprint: (draft: { text: string }) => draft.text };
const edited = { ...startEditing({ text: 'one' }, 1), draft: { text: 'mine' } };

describe('editing a definition that others may change', () => {
  it('follows the app while nothing was changed here', () => {
    const after = receiveCurrent(rules, startEditing({ text: 'one' }, 1), { text: 'two' }, 2);
    expect(after).toEqual(startEditing({ text: 'two' }, 2));
  });

  it('keeps unsaved changes and holds the newer definition beside them', () => {
    const after = receiveCurrent(rules, edited, { text: 'theirs' }, 2);
    expect(after.draft).toEqual({ text: 'mine' });
    expect(after.newer).toEqual({ draft: { text: 'theirs' }, version: 2 });
    expect(takeNewer(after)).toEqual(startEditing({ text: 'theirs' }, 2));
    const kept = keepMine(after);
    expect(kept).toMatchObject({ draft: { text: 'mine' }, version: 2, newer: null });
    expect(isDirty(rules, kept)).toBe(true);
  });

  it('takes a version that changed nothing edited here without a word', () => {
    expect(receiveCurrent(rules, edited, { text: 'one' }, 5)).toMatchObject({
      draft: { text: 'mine' },
      version: 5,
      newer: null,
    });
  });

  it('is done when somebody else saved the very same', () => {
    expect(receiveCurrent(rules, edited, { text: 'mine' }, 2)).toEqual(startEditing({ text: 'mine' }, 2));
  });

  it('ignores an answer older than what is known', () => {
    const newer = startEditing({ text: 'three' }, 3);
    expect(receiveCurrent(rules, newer, { text: 'two' }, 2)).toBe(newer);
  });

  it('keeps drafts by key until they are closed', () => {
    const editors = createDefinitionEditors(rules);
    editors.receive('a', { text: 'one' }, 1);
    editors.change('a', () => ({ text: 'mine' }));
    editors.receive('a', { text: 'one' }, 1);
    expect(editors.get('a')?.draft).toEqual({ text: 'mine' });
    editors.revert('a');
    expect(editors.get('a')?.draft).toEqual({ text: 'one' });
    editors.close('a');
    expect(editors.get('a')).toBeUndefined();
  });
});
