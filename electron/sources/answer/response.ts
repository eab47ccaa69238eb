import type { Json } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { ResponseSpec } from '../../../shared/contract/source-answers.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { bodyPayload } from '../events/event-fields.ts';
import { compilePathSetting, startPathReading } from '../json-path/path-setting.ts';
import type { AnsweredDelivery, IncomingRequest, ReadBody, WrittenResponse } from '../source-types.ts';
import { parseTemplate } from '../template/parse-template.ts';

/** What a sender wrote is repeated no further than this. */
const maxValueLength = 4096;

const placeholders = {
  delivery: 'alone',
  event: 'alone',
  header: 'argument',
  query: 'argument',
  body: 'argument',
} as const;

const escapesXml: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** How text of the sender's is written into an answer of this type, or null where it must not be. */
function escapeFor(contentType: string): ((text: string) => string) | null {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/plain') return (text) => text;
  if (type === 'application/json' || type.endsWith('+json')) return (text) => JSON.stringify(text).slice(1, -1);
  if (type === 'text/xml' || type === 'application/xml') {
    return (text) => text.replace(/[&<>"']/g, (character) => escapesXml[character] ?? '');
  }
  return null;
}

export type Respond = (request: IncomingRequest, body: ReadBody, delivery: AnsweredDelivery) => WrittenResponse;

function refuse(slug: string, name: string, message: string): never {
  throw new AppError('invalid_input', `source "${slug}": response.${name} ${message}`, [
    { path: ['response', name], message },
  ]);
}

const asText = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : stringifyExact(value);

/** The answer to an accepted delivery. Throws AppError `invalid_input` for a template that says nothing sensible. */
export function compileResponse(slug: string, response: ResponseSpec): Respond {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers ?? {})) headers[name.toLowerCase()] = value;
  const { template } = response;
  if (template === undefined) {
    const written: WrittenResponse = { headers, body: response.body ?? null };
    return () => written;
  }
  const escapeText = escapeFor(headers['content-type'] ?? 'text/plain');
  if (escapeText === null) {
    refuse(
      slug,
      'template',
      'repeats what a sender wrote, so its content type must be text/plain, application/json or text/xml: change ' +
        'response.headers, or use "body"',
    );
  }
  const parsed = parseTemplate(template, placeholders);
  if (!parsed.ok) refuse(slug, 'template', parsed.problem);
  type Write = (request: IncomingRequest, document: () => Json, delivery: AnsweredDelivery) => string;
  const writers = parsed.parts.map((part): Write => {
    if ('text' in part) return () => part.text;
    const argument = part.argument ?? '';
    switch (part.name) {
      case 'delivery':
        return (_request, _document, { deliveryId }) => deliveryId;
      case 'event':
        return (_request, _document, { eventIds }) => eventIds[0] ?? '';
      case 'header':
        return ({ headers: sent }) => sent[argument.toLowerCase()] ?? '';
      case 'query':
        return ({ query }) => query.get(argument) ?? '';
      default: {
        const find = compilePathSetting(slug, 'template', argument, 'response');
        return (_request, document) => asText(find(document(), startPathReading()));
      }
    }
  });
  return (request, body, delivery) => {
    const document = (): Json => (body.kind === 'problem' ? null : bodyPayload(body));
    const texts = writers.map((write, i) => {
      const text = write(request, document, delivery);
      const part = parsed.parts[i];
      return part !== undefined && 'text' in part ? text : escapeText(text.slice(0, maxValueLength));
    });
    return { headers, body: texts.join('') };
  };
}
