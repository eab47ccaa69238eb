import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { deliveryResults } from '../../../shared/contract/deliveries.ts';
import { runStates } from '../../../shared/contract/runs.ts';
import type { ServerClient } from '../connection/server-client.ts';
import { answerTool } from './answer-tool.ts';

const annotations = { readOnlyHint: true, openWorldHint: false };
const query = z.string().max(2000).optional().describe('a query, such as: type:order.* is:failed after:2h');
const limit = z.number().int().min(1).max(200).default(20).describe('maximum number of rows');
const cursor = z.string().max(200).optional().describe('nextCursor of the previous page');
const id = (of: string) => z.string().max(200).describe(`id of the ${of}`);

/** Tools that change nothing. */
export function addReadTools(server: McpServer, client: ServerClient): void {
  server.registerTool('status', { description: 'Server status: addresses, counts and alerts.', annotations }, () =>
    answerTool(client.call('app.status', {})),
  );
  server.registerTool(
    'list_events',
    { description: 'Stored events, newest first.', inputSchema: { query, limit, cursor }, annotations },
    (input) => answerTool(client.call('events.list', input)),
  );
  server.registerTool(
    'get_event',
    {
      description: 'An event with payload, verification, runs and what caused it.',
      inputSchema: { id: id('event') },
      annotations,
    },
    (input) => answerTool(client.call('events.get', input)),
  );
  server.registerTool(
    'explain_event',
    {
      description: 'Why each listener matches an event or not, clause by clause, with the actual values.',
      inputSchema: { id: id('event') },
      annotations,
    },
    (input) => answerTool(client.call('listeners.explain', { eventId: input.id })),
  );
  server.registerTool(
    'list_runs',
    {
      description: 'Runs of jobs, newest first.',
      inputSchema: {
        query,
        state: z.enum(runStates).optional(),
        job: z.string().max(63).optional().describe('slug of a job'),
        inbox: z.boolean().optional().describe('only runs that need an operator'),
        limit,
        cursor,
      },
      annotations,
    },
    (input) => answerTool(client.call('runs.list', input)),
  );
  server.registerTool(
    'get_run',
    {
      description: 'A run with its attempts, outcome, annotations and questions.',
      inputSchema: { id: id('run') },
      annotations,
    },
    (input) => answerTool(client.call('runs.get', input)),
  );
  server.registerTool(
    'get_run_output',
    {
      description: 'The output of a run, 500 lines at a time; continue with `after` set to `next`.',
      inputSchema: {
        id: id('run'),
        attempt: z.number().int().min(1).optional().describe('default: the latest'),
        after: z.number().int().min(0).optional(),
      },
      annotations,
    },
    (input) => answerTool(client.call('runs.output', { ...input, limit: 500 })),
  );
  server.registerTool(
    'list_deliveries',
    {
      description: 'HTTP requests from senders, newest first, with the reason of each refusal.',
      inputSchema: {
        source: z.string().max(63).optional().describe('slug of a source'),
        result: z.enum(deliveryResults).optional(),
        limit,
        cursor,
      },
      annotations,
    },
    (input) => answerTool(client.call('deliveries.list', input)),
  );
  server.registerTool(
    'list_definitions',
    { description: 'All sources, listeners and jobs, with their problems.', annotations },
    () =>
      answerTool(
        Promise.all([
          client.call('sources.list', {}),
          client.call('listeners.list', {}),
          client.call('jobs.list', {}),
        ]).then(([sources, listeners, jobs]) => ({
          sources: sources.items,
          listeners: listeners.items,
          jobs: jobs.items,
        })),
      ),
  );
}
