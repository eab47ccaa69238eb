import * as zlib from 'node:zlib';

const texts = [
  '{"event":"a","text":"größer"}',
  '',
  'x',
  'abc '.repeat(50_000),
  JSON.stringify(Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 10007)),
];

/** Texts and what Node's own compressor makes of them. */
export const zstdSamples: ReadonlyMap<string, Buffer> = new Map(
  texts.flatMap((text) => [[text, zlib.zstdCompressSync(Buffer.from(text))] as [string, Buffer]]),
);
