import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import type { ServerClient } from '../connection/server-client.ts';
import { answerTool } from './answer-tool.ts';

const ids = (of: string) => z.array(z.string().max(200)).min(1).max(500).describe(`ids of ${of}`);
const once = { readOnlyHint: false, destructiveHint: false, openWorldHint: true };

/** Tools that start or change something, for `--allow-actions`. Approvals are not among them: those need an operator. */
export function addActionTools(server: McpServer, client: ServerClient): void {
  server.registerTool(
    'replay_events',
    {
      description: 'Sends stored events through the listeners again, which starts jobs.',
      inputSchema: {
        ids: ids('events'),
        listeners: z.array(z.string().max(63)).min(1).optional().describe('only these; absent: those that match'),
        onlyFailed: z.boolean().optional().describe('only listeners whose last run for the event failed'),
      },
      annotations: once,
    },
    (input) => answerTool(client.call('events.replay', input)),
  );
  server.registerTool(
    'retry_run',
    {
      description: 'Retries an ended run, as a new run for the same event.',
      inputSchema: { id: z.string().max(200) },
      annotations: once,
    },
    (input) => answerTool(client.call('runs.retry', input)),
  );
  server.registerTool(
    'cancel_run',
    {
      description: 'Cancels a waiting or running run and ends its processes.',
      inputSchema: { id: z.string().max(200) },
      annotations: { ...once, destructiveHint: true },
    },
    (input) => answerTool(client.call('runs.cancel', input)),
  );
  server.registerTool(
    'acknowledge_runs',
    {
      description: 'Takes ended runs out of the inbox.',
      inputSchema: { ids: ids('runs'), note: z.string().max(2000).optional() },
      annotations: { ...once, openWorldHint: false },
    },
    (input) => answerTool(client.call('runs.acknowledge', input)),
  );
  server.registerTool(
    'send_test_delivery',
    {
      description: 'Posts a signed test delivery to a source of this server, as its sender would.',
      inputSchema: {
        source: z.string().max(63),
        body: z.string().max(1024 * 1024),
        contentType: z.string().max(200).optional(),
      },
      annotations: once,
    },
    ({ source, ...input }) => answerTool(client.call('sources.sendTest', { slug: source, ...input })),
  );
}
