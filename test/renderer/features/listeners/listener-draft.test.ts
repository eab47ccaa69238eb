import { describe, expect, it } from 'vitest';
import { describeConditions } from '../../../../renderer/features/listeners/model/describe-conditions.ts';
import { offsetOf, readConditionsText } from '../../../../renderer/features/listeners/model/read-conditions.ts';
import { guessFilterKind, readVendorText } from '../../../../renderer/features/listeners/model/read-vendor-filter.ts';
import { inputOf, newGroup, newLeaf } from '../../../../renderer/model/definitions/condition-tree.ts';
import { listItemText, listItemValue } from '../../../../renderer/model/definitions/condition-values.ts';
import {
  answeringProblems,
  checkWhere,
  emptyListener,
  filterOf,
  listenerInputOf,
  listenerLike,
  renameListener,
  setListenerSlug,
} from '../../../../renderer/model/definitions/listener-draft.ts';
import { exactNumber } from '../../../../shared/exact-json/exact-number.ts';

describe('a listener being written', () => {
  it('derives the slug from the name until it is written by hand', () => {
    let draft = renameListener(emptyListener(), 'Große Dateien 2');
    expect(draft.slug).toBe('grosse-dateien-2');
    draft = renameListener(setListenerSlug(draft, 'Big'), 'Something else');
    expect(draft.slug).toBe('big');
    expect(renameListener(setListenerSlug(draft, ''), 'Again').slug).toBe('again');
  });

  it('takes source, type and plain context from an event', () => {
    const draft = listenerLike({
      type: 'file:added',
      source: 'crm',
      context: { spaceId: 'a', 'odd key': 1, big: exactNumber('9007199254740993'), deep: {} },
    });
    expect(listenerInputOf(draft)).toEqual({
      slug: 'file-added-from-crm',
      name: 'file:added from crm',
      source: 'crm',
      type: ['file:added'],
      where: {
        all: [
          { field: 'context.spaceId', op: 'eq', value: 'a' },
          { field: 'context."odd key"', op: 'eq', value: 1 },
          { field: 'context.big', op: 'eq', value: exactNumber('9007199254740993') },
        ],
      },
      job: '',
    });
    expect(checkWhere(draft.where).errors.size).toBe(0);
    const bare = listenerLike({ type: 't', source: 's', context: exactNumber('9007199254740993') });
    expect(bare.where.children).toEqual([]);
  });

  it('says at the clause what is wrong with it', () => {
    const bad = newLeaf('nowhere.x');
    const { errors } = checkWhere(newGroup('all', [newLeaf('payload.a'), bad]));
    expect([...errors.keys()]).toEqual([bad.id]);
  });

  it('reads the short form, and points at the line of a mistake', () => {
    const short = readConditionsText('{"payload.status": ["a", "b"]}');
    expect(short.ok && short.where.children.length).toBe(1);
    const wrong = readConditionsText(
      '{\n  "all": [\n    {"field": "payload.a", "op": "eq", "value": 1},\n    {"field": "payload.a", "op": "gtt"}\n  ]\n}',
    );
    expect(wrong.ok).toBe(false);
    if (!wrong.ok) expect(wrong.problems[0]).toMatchObject({ line: 4, clause: 'all.1.op' });
    const broken = readConditionsText('{"all": [}');
    expect(broken.ok).toBe(false);
  });

  it('finds the place of a value in JSON, past strings with brackets and quotes', () => {
    const text = '{"a": "}]\\"", "b": [1, {"c": [true]}]}';
    expect(text.slice(offsetOf(text, ['b', 1, 'c', 0]) ?? 0, (offsetOf(text, ['b', 1, 'c', 0]) ?? 0) + 4)).toBe('true');
    expect(offsetOf(text, ['missing'])).toBeNull();
  });

  it('keeps text that looks like a number apart from the number in lists', () => {
    for (const value of [10, '10', 'true', true, null, 'null', 'a b', '"quoted"', '[x', '-1.5e3', '']) {
      expect(listItemValue(listItemText(value))).toEqual(value);
    }
  });

  it('reads as one line', () => {
    expect(
      describeConditions({
        all: [
          { field: 'payload.size', op: 'gt', value: 10 },
          { any: [{ field: 'type', op: 'eq', value: 'a' }, { not: { field: 'payload.x', op: 'exists' } }] },
        ],
      }),
    ).toBe('payload.size is more than 10 and (type is "a" or not (payload.x exists))');
    expect(describeConditions({ all: [] })).toBe('always');
    expect(describeConditions({ any: [] })).toBe('never');
  });
});

describe('how a listener answers', () => {
  const enrich = { mode: 'enrich' as const, deadline: '2s', fallback: '{"action":"block"}', priority: '5' };

  it('is sent only when it answers at all', () => {
    expect(listenerInputOf(emptyListener())).not.toHaveProperty('mode');
    expect(listenerInputOf({ ...emptyListener(), answering: enrich })).toMatchObject({
      mode: 'enrich',
      deadline: '2s',
      fallback: { action: 'block' },
      priority: 5,
    });
  });

  it('names what is wrong at its field, and nothing while it only notifies', () => {
    const wrong = { ...enrich, deadline: '2h', fallback: '{', priority: '1.5' };
    expect(Object.keys(answeringProblems(wrong)).sort()).toEqual(['deadline', 'fallback', 'priority']);
    expect(answeringProblems({ ...wrong, mode: 'notify' })).toEqual({});
    expect(answeringProblems({ mode: 'enrich', deadline: '', fallback: 'null', priority: '' })).toEqual({});
  });
});

describe('a filter in a vendor’s own syntax', () => {
  it('is told by what it is made of', () => {
    expect(guessFilterKind('{"and": []}')).toBe('revoengine');
    expect(guessFilterKind('{"field": "type", "op": "eq", "value": "A"}')).toBe('revoengine');
    expect(guessFilterKind('{"job": "space:configure"}')).toBe('flatfile');
    expect(guessFilterKind('{"job": ')).toBeNull();
  });

  it('becomes conditions that save as they are', () => {
    for (const read of [
      readVendorText('revoengine', '{"not": {"field": "message.total", "op": "gt", "value": 3}}', []),
      readVendorText('flatfile', '{"job": "space:*", "payload.status": ["a", "b"]}', ['job:ready']),
      readVendorText('flatfile', '', ['job:**']),
    ]) {
      expect(read.ok).toBe(true);
      if (!read.ok) continue;
      expect(checkWhere(read.where).errors.size).toBe(0);
      expect(inputOf(read.where).problems).toEqual([]);
    }
  });

  it('is saved as it was written until its conditions are changed', () => {
    const read = readVendorText('revoengine', '{"field": "message.total", "op": "gt", "value": 3}', []);
    expect(read.ok).toBe(true);
    if (!read.ok) return;
    const draft = { ...emptyListener(), where: read.where, filter: filterOf(read.written, read.where) };
    expect(listenerInputOf(draft)).toMatchObject({ filter: { revoengine: { field: 'message.total' } } });
    expect(listenerInputOf(draft)).not.toHaveProperty('where');
    const changed = { ...draft, where: newGroup('all', [...read.where.children, newLeaf('payload.a')]) };
    expect(listenerInputOf(changed)).not.toHaveProperty('filter');
    expect(listenerInputOf(changed)).toHaveProperty('where');
  });

  it('says at its line what cannot be read', () => {
    const read = readVendorText(
      'revoengine',
      '{\n  "and": [\n    {"field": "message.a", "op": "near", "value": 1}\n  ]\n}',
      [],
    );
    expect(read).toMatchObject({ ok: false, problems: [{ line: 3 }] });
    expect(readVendorText('flatfile', '{', []).ok).toBe(false);
  });
});
