import { expect, it } from 'vitest';
import { deleteLocalType, putLocalType, readLocalTypes } from '../../electron/store/definitions/local-types.ts';
import { tempStore } from '../support/temp-store.ts';

it('keeps one row for a system and type, and the time of the first', () => {
  const { db, reading } = tempStore();
  const first = { system: 'flatfile', type: 'job:dances', description: 'A job dances', addedAtMs: 1000 };
  expect(putLocalType(db, first)).toEqual(first);
  const again = { ...first, description: 'A job dances again' };
  expect(putLocalType(db, { ...again, addedAtMs: 2000 })).toEqual(again);
  const other = { ...first, system: 'deck', addedAtMs: 3000 };
  putLocalType(db, other);
  expect(readLocalTypes(reading)).toEqual([other, again]);
});

it('says whether there was something to delete', () => {
  const { db } = tempStore();
  putLocalType(db, { system: 'deck', type: 'a', description: 'x', addedAtMs: 1 });
  putLocalType(db, { system: 'deck', type: 'b', description: 'x', addedAtMs: 1 });
  expect(deleteLocalType(db, 'flatfile', 'a')).toBe(false);
  expect(deleteLocalType(db, 'deck', 'a')).toBe(true);
  expect(deleteLocalType(db, 'deck', 'a')).toBe(false);
  expect(readLocalTypes(db).map(({ type }) => type)).toEqual(['b']);
});
