import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { deliveryResults } from '../../../shared/contract/deliveries.ts';
import { runStates } from '../../../shared/contract/runs.ts';
import type { ServerClient } from '../connection/server-client.ts';
import { answerTool } from './answer-tool.ts';

const annotations = { readOnlyHint: true, openWorldHint: false };
const query = z.string().max(2000).optional().describe('a query, such as: type:order.* is:failed after:2h');
const limit = z.number().int().min(1).max(200).default(20).describe('rows at most');
const cursor = z.string().max(200).optional().describe('nextCursor of the page before');
const id = (of: string) => z.string().max(200).describe(`id of the ${of}`);

/** Tools that change nothing. */
export function addReadTools(server: McpServer, client: ServerClient): void {
  server.registerTool(
    'status',
    { description: 'What the server does, where it listens, its counts and alerts.', annotations },
    () => answerTool(client.call('app.status', {})),
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
      description: 'Why each listener takes an event or not, clause by clause, with the values that were seen.',
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
        inbox: z.boolean().optional().describe('only what needs an operator'),
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
      description: 'What a run wrote, 500 lines at a time; go on with `after` set to `next`.',
      inputSchema: {
        id: id('run'),
        attempt: z.number().int().min(1).optional().describe('the latest when absent'),
        after: z.number().int().min(0).optional(),
      },
      annotations,
    },
    (input) => answerTool(client.call('runs.output', { ...input, limit: 500 })),
  );
  server.registerTool(
    'list_deliveries',
    {
      description: 'HTTP requests that senders made, newest first, with the reason of each refusal.',
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
    { description: 'All sources, listeners and jobs, with the problem of each that does not work.', annotations },
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
