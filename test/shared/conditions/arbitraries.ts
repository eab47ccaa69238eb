import fc from 'fast-check';
import type { ConditionInput, Conditions, JsonValue, Leaf } from '../../../shared/conditions/tree.ts';

/** Few keys and few values, so that conditions and events meet often. */
const KEYS = ['a', 'b', '0', 'x.y'];
const text = fc.constantFrom(
  '',
  'a',
  'A',
  'ab',
  'aB',
  'b',
  '2024-05-01',
  '2024-05-01T12:00:00Z',
  '1',
  'job:ready',
  '😀',
);
const scalar = fc.oneof(text, fc.constantFrom(-1, 0, 1, 1.5, 2), fc.boolean(), fc.constant(null));

export const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 3 }),
  ),
})).value;

export const anyEvent: fc.Arbitrary<ConditionInput> = fc.record({
  type: fc.constantFrom('job:ready', 'job.ready', 'a', 'user/created', ''),
  source: fc.constantFrom('crm', 'a', ''),
  system: fc.constantFrom('generic', 'a'),
  context: jsonValue,
  payload: jsonValue,
  headers: fc.dictionary(fc.constantFrom('x-a', 'X-B'), text, { maxKeys: 2 }),
});

const field = fc.oneof(
  fc.constantFrom('type', 'source', 'system', 'headers.x-a', 'headers.X-b', 'payload', 'context.a'),
  fc
    .array(fc.constantFrom('a', 'b', '0', '1', '"x.y"'), { minLength: 1, maxLength: 3 })
    .map((segments) => ['payload', ...segments].join('.')),
);
const orderable = fc.constantFrom<JsonValue>(
  -1,
  0,
  1,
  1.5,
  '2024-05-01',
  '2024-05-01T12:00:00Z',
  '2023-01-01T00:00:00+02:00',
);
const range = fc.constantFrom<JsonValue>([-1, 1], [0, 0], ['2024-01-01', '2024-05-01T12:00:00Z']);
const pattern = fc
  .array(fc.constantFrom('a', 'b', 'A', '*', '?', '2', '😀'), { maxLength: 4 })
  .map((parts) => parts.join(''));

const likePattern = fc
  .array(fc.constantFrom('a', 'b', 'A', '%', '_', '\\', '2', '😀'), { maxLength: 4 })
  .map((parts) => parts.join(''));

const plainLeaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({ field, op: fc.constantFrom('eq', 'ne', 'contains', 'notContains'), value: jsonValue }),
  fc.record({ field, op: fc.constantFrom('in', 'notIn'), value: fc.array(jsonValue, { maxLength: 3 }) }),
  fc.record({ field, op: fc.constantFrom('gt', 'gte', 'lt', 'lte'), value: orderable }),
  fc.record({ field, op: fc.constant('between' as const), value: range }),
  fc.record({ field, op: fc.constantFrom('startsWith', 'endsWith'), value: text }),
  fc.record({ field, op: fc.constant('glob' as const), value: pattern }),
  fc.record({
    field,
    op: fc.constant('matches' as const),
    value: fc.constantFrom('a', '^a', 'b$', 'a|b', '^$', '[0-9]+'),
  }),
  fc.record({ field, op: fc.constantFrom('exists', 'missing', 'isNull', 'isNotNull') }),
  fc.record({
    field,
    op: fc.constant('typePattern' as const),
    value: fc.constantFrom('job:*', '**', 'a', '**:created'),
  }),
  fc.record({
    field,
    op: fc.constant('segmentGlob' as const),
    value: fc.constantFrom<JsonValue>('job:*', ['a', '**:ready'], '**', 'a?', ['job:**', 'A']),
  }),
  fc.record({ field, op: fc.constantFrom('like', 'notLike'), value: likePattern }),
  fc.record({
    field: fc.constant('event'),
    op: fc.constant('flatfile' as const),
    value: fc
      .tuple(
        fc.constantFrom('a', 'b', '0', 'payload.a', 'payload.**', '*.b', 'topic', 'x.y', '**', 'context.**.a'),
        fc.oneof(fc.constantFrom<JsonValue>('a', '*', 'job:*', 1, null, true, '1'), fc.constant<JsonValue>(['a', 0])),
      )
      .map(([key, value]): JsonValue => ({ [key]: value })),
  }),
);

const FOLDING = [
  'eq',
  'ne',
  'in',
  'notIn',
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
  'glob',
  'matches',
  'like',
  'notLike',
];

export const leaf: fc.Arbitrary<Leaf> = fc
  .tuple(plainLeaf, fc.boolean())
  .map(([plain, fold]): Leaf => (fold && FOLDING.includes(plain.op) ? { ...plain, ignoreCase: true } : plain));

export const anyConditions: fc.Arbitrary<Conditions> = fc.letrec<{ node: Conditions }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }).map((all): Conditions => ({ all })),
    fc.array(tie('node'), { maxLength: 3 }).map((any): Conditions => ({ any })),
    tie('node').map((not): Conditions => ({ not })),
  ),
})).node;
