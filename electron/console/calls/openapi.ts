import { z } from 'zod';
import { callPermissions } from '../../../shared/contract/access/call-permissions.ts';
import { timeSchema } from '../../../shared/contract/common.ts';
import { deliverySchema } from '../../../shared/contract/deliveries.ts';
import { errorSchema } from '../../../shared/contract/errors.ts';
import { eventSchema } from '../../../shared/contract/events.ts';
import { contract, isCallName } from '../../../shared/contract/index.ts';
import { jobSchema } from '../../../shared/contract/jobs.ts';
import { listenerSchema } from '../../../shared/contract/listeners.ts';
import { pushEnvelopeSchema, pushes } from '../../../shared/contract/pushes.ts';
import { runSchema } from '../../../shared/contract/runs.ts';
import { sourceSchema } from '../../../shared/contract/sources.ts';

type JsonSchema = Record<string, unknown>;

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Shapes that many calls share, by the names scripts' authors should see. */
const named = z.registry<{ id: string }>();
named.add(timeSchema, { id: 'Time' });
named.add(sourceSchema, { id: 'Source' });
named.add(deliverySchema, { id: 'Delivery' });
named.add(eventSchema, { id: 'Event' });
named.add(listenerSchema, { id: 'Listener' });
named.add(jobSchema, { id: 'Job' });
named.add(runSchema, { id: 'Run' });

/** Each schema is converted on its own with `$defs` of its own; here they move into the document's components. */
function hoist(converted: unknown, prefix: string, components: JsonSchema): JsonSchema {
  if (!isObject(converted)) return {};
  const nameOf = (definition: string): string => (definition.startsWith('__') ? `${prefix}${definition}` : definition);
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (!isObject(value)) return value;
    const copy: JsonSchema = {};
    for (const [key, inner] of Object.entries(value)) {
      if (key === '$defs' || key === '$schema' || (key === 'id' && typeof inner === 'string')) continue;
      if (key === '$ref' && typeof inner === 'string') {
        const definition = /^#\/\$defs\/(.+)$/.exec(inner)?.[1];
        copy[key] = definition === undefined ? inner : `#/components/schemas/${nameOf(definition)}`;
      } else {
        copy[key] = rewrite(inner);
      }
    }
    return copy;
  };
  if (isObject(converted.$defs)) {
    for (const [definition, schema] of Object.entries(converted.$defs)) {
      components[nameOf(definition)] ??= rewrite(schema);
    }
  }
  const root = rewrite(converted);
  return isObject(root) ? root : {};
}

function convert(schema: z.ZodType, io: 'input' | 'output', prefix: string, components: JsonSchema): JsonSchema {
  // Without the names on the input side: there they would stand for another shape (before defaults and transforms).
  const metadata = io === 'output' ? named : z.registry<{ id: string }>();
  return hoist(z.toJSONSchema(schema, { io, metadata, unrepresentable: 'any' }), prefix, components);
}

const json = (schema: JsonSchema): JsonSchema => ({ 'application/json': { schema } });

/** The OpenAPI 3.1 document of the console's calls, made from the very schemas that check them. */
export function buildOpenApi(version: string): JsonSchema {
  const components: JsonSchema = {};
  components.Error = {
    type: 'object',
    required: ['ok', 'error'],
    properties: { ok: { const: false }, error: convert(errorSchema, 'output', 'Error', components) },
  };
  const paths: JsonSchema = {};
  for (const [name, { input, output }] of Object.entries(contract)) {
    const value = convert(output, 'output', `${name}.output`, components);
    paths[`/api/${name}`] = {
      post: {
        operationId: name,
        tags: [name.split('.')[0]],
        ...(isCallName(name) ? { 'x-permission': callPermissions[name] } : {}),
        requestBody: { required: true, content: json(convert(input, 'input', `${name}.input`, components)) },
        responses: {
          200: {
            description: 'Done.',
            content: json({ type: 'object', required: ['ok', 'value'], properties: { ok: { const: true }, value } }),
          },
          default: { description: 'Refused or failed.', content: json({ $ref: '#/components/schemas/Error' }) },
        },
      },
    };
  }
  const pushed: JsonSchema = {};
  for (const [name, schema] of Object.entries(pushes))
    pushed[name] = convert(schema, 'output', `${name}.push`, components);
  paths['/api/push'] = {
    get: {
      operationId: 'push',
      description:
        'Server-sent events. Each carries an envelope; `value` is as `x-values` says under the envelope’s name.',
      responses: {
        200: {
          description: 'A stream that stays open.',
          content: { 'text/event-stream': { schema: convert(pushEnvelopeSchema, 'output', 'push', components) } },
        },
      },
      'x-values': pushed,
    },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signalbox console',
      version,
      description: 'The calls that operators and scripts can make to a running Signalbox.',
    },
    security: [{ bearer: [] }, { session: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The console token, from <data-dir>/console-token.' },
        session: { type: 'apiKey', in: 'cookie', name: 'signalbox-<port>' },
      },
    },
  };
}
