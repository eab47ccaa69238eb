import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler } from 'express';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';

/** Reads a JSON body as text into `request.body`; `inputOf` makes it a value, since Express's own parser rounds numbers. */
export const readInput = (maxBytes: number): RequestHandler =>
  express.text({ limit: maxBytes, inflate: false, type: 'application/json' });

/** Undefined without a body. Throws an error with the status 400 for what is not JSON. */
export function inputOf(request: IncomingMessage & { body?: unknown }): unknown {
  const { body } = request;
  if (typeof body !== 'string' || body === '') return undefined;
  try {
    return parseExact(body);
  } catch (error) {
    throw Object.assign(new SyntaxError('the body is not JSON', { cause: error }), { status: 400 });
  }
}
