import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';
import type { NatsCluster } from './nats.ts';

export interface Nodes {
  dir: string;
  /** Starts the node with this name, or starts it again on the same data directory. */
  start(name: string, args?: readonly string[]): Promise<Signalbox>;
  remove(): void;
}

/** Signalbox nodes of one cluster as processes; the first to start publishes `config`. */
export function makeNodes(nats: NatsCluster, config: string, files: Record<string, string> = {}): Nodes {
  const place = makePlace();
  const places = new Map<string, ReturnType<typeof makePlace>>();
  return {
    dir: place.dir,
    start(name, args = []) {
      const isFirst = places.size === 0 || places.keys().next().value === name;
      const known = places.get(name);
      const own = known ?? makePlace();
      // Beside the config file, where the definitions say it is. Once: the other nodes load them while this one starts again.
      if (isFirst && known === undefined) {
        for (const [file, text] of Object.entries(files)) writeFileSync(join(own.dir, file), text);
      }
      places.set(name, own);
      const cluster = `version: 1\ncluster: { servers: [${nats.servers.map((server) => `"${server}"`).join(', ')}], name: test, lease: 3s }\n`;
      return startSignalbox({
        dataDir: join(own.dir, 'data'),
        config: isFirst ? `${cluster}${config}` : cluster,
        args,
      });
    },
    remove() {
      for (const one of places.values()) one.remove();
      place.remove();
    },
  };
}
