import { expect, it } from 'vitest';
import { z } from 'zod';
import { buildOpenApi } from '../../electron/console/calls/openapi.ts';
import { contract } from '../../shared/contract/index.ts';

const documentSchema = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({}))),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});
const text = JSON.stringify(buildOpenApi('1.2.3'));
const document = documentSchema.parse(JSON.parse(text));

it('describes every call there is', () => {
  expect(document.info.version).toBe('1.2.3');
  for (const name of Object.keys(contract)) expect(Object.keys(document.paths)).toContain(`/api/${name}`);
});

it('holds every definition that it refers to, and refers to nothing outside', () => {
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(references.length).toBeGreaterThan(20);
  for (const reference of new Set(references)) {
    const name = /^#\/components\/schemas\/(.+)$/.exec(reference)?.[1];
    expect(Object.keys(document.components.schemas), reference).toContain(name);
  }
  expect(text).not.toContain('$defs');
});

it('gives component names that OpenAPI allows', () => {
  for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
});

it('tells what callers must write, not what handlers get', () => {
  const acknowledge = JSON.stringify(document.paths['/api/runs.acknowledge']);
  expect(acknowledge).toContain('"required":["ids"]');
  expect(acknowledge).toContain('"maxLength":2000');
  // A duration may be written as a number or as text with a unit.
  expect(JSON.stringify(document.paths['/api/jobs.create'])).toMatch(
    /"timeout":\{"anyOf":\[\{"type":"string"\},\{"type":"integer"/,
  );
});

it('names the shapes that many calls share', () => {
  expect(JSON.stringify(document.paths['/api/events.list'])).toContain('#/components/schemas/Event"');
  expect(JSON.stringify(document.components.schemas.Event)).toContain('"occurredAt"');
});
