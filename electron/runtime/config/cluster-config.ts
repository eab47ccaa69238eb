import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type ClusterConfig, clusterConfigSchema } from '../../../shared/contract/cluster.ts';
import { describeIssue, issueDetails } from '../../../shared/contract/explain-issues.ts';
import { type ClusterOptions, fillInCluster } from '../../cluster/cluster-options.ts';
import { StartError } from '../../upkeep/start-error.ts';
import type { StartOptions } from '../runtime-types.ts';
import { readConfigText } from './read-config-text.ts';

/** What makes this start a node of a cluster: `cluster:` of the config file, and the options over it; null on a single machine. Throws StartError. */
export async function readClusterOptions({
  configFile,
  cluster: given,
}: Pick<StartOptions, 'configFile' | 'cluster'>): Promise<(ClusterOptions & { hasDefinitions: boolean }) | null> {
  const { config, place, baseDir, hasDefinitions } = await readSection(configFile);
  if (config === null && (given?.servers ?? null) === null) {
    if (given?.name === null && given.roles === null) return null;
    if (given !== undefined && given !== null) {
      throw new StartError(
        'options_invalid',
        '--cluster-name and --roles need --cluster, or cluster: in the config file',
      );
    }
    return null;
  }
  const merged = {
    ...config,
    ...(given?.servers ? { servers: given.servers } : {}),
    ...(given?.name ? { name: given.name } : {}),
    ...(given?.roles ? { roles: given.roles } : {}),
  };
  const parsed = clusterConfigSchema.safeParse(merged, { error: describeIssue });
  if (!parsed.success) {
    const [first] = issueDetails(parsed.error.issues);
    throw new StartError('options_invalid', `${place}: cluster.${first?.path.join('.') ?? ''} ${first?.message ?? ''}`);
  }
  return { ...fillInCluster(placeCredentials(parsed.data, baseDir)), hasDefinitions };
}

function placeCredentials(config: ClusterConfig, baseDir: string): ClusterConfig {
  const { credentials } = config;
  return credentials === undefined ? config : { ...config, credentials: { file: resolve(baseDir, credentials.file) } };
}

interface Section {
  config: object | null;
  place: string;
  baseDir: string;
  /** Other nodes have them from one node's file: a file that only says which cluster this is must not replace them by none. */
  hasDefinitions: boolean;
}

/** What else is in the file, or wrong with it, is told when it is applied. */
async function readSection(file: string | null): Promise<Section> {
  const none = { config: null, place: 'the options', baseDir: process.cwd(), hasDefinitions: true };
  // A pipe can be read once, and its definitions are read later.
  if (file === null || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return none;
  const text = await readConfigText(file, { pipes: false }).catch(() => '');
  if (!/^cluster\s*:/m.test(text)) return none;
  const document = parseDocument(text, { version: '1.2', prettyErrors: false });
  if (document.errors.length > 0) return none;
  const sections = z.record(z.string(), z.unknown()).safeParse(document.toJS({ maxAliasCount: 100 })).data ?? {};
  const config = sections.cluster;
  const hasDefinitions = Object.keys(sections).some((key) => key !== 'version' && key !== 'cluster');
  const isSection = typeof config === 'object' && config !== null;
  return isSection ? { config, place: basename(file), baseDir: dirname(resolve(file)), hasDefinitions } : none;
}
