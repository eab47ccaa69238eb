import type { SourceSpec } from '../../../shared/contract/sources.ts';
import { ownSource } from '../../../shared/own-source.ts';
import { listenersNaming } from '../../store/definitions/listeners.ts';
import { deleteSource, hasSource, putSource, readSource, type StoredSource } from '../../store/definitions/sources.ts';
import { assertEditable, notFound, taken, usedByListeners } from '../checks/refusals.ts';
import { secretProblem, sourceSecrets } from '../checks/secret-refs.ts';
import type { SourceDefinitions } from '../definition-types.ts';
import { assertReadable, type DefinitionState, isDamaged, isSameJson } from './definition-state.ts';

export function createSourceDefinitions(state: DefinitionState): SourceDefinitions {
  const { writer, sourceRegistry, secretStore } = state.options;

  async function change(
    slug: string,
    version: number | undefined,
    edit: (spec: SourceSpec) => SourceSpec,
  ): Promise<StoredSource> {
    const stored = await writer.write(({ db }) => {
      const before = readSource(db, slug);
      if (before === null) throw notFound('source', slug);
      assertEditable('source', slug, before, state.configFile, version);
      const spec = edit(before.spec);
      if (isSameJson(before.spec, spec)) return before;
      const after: StoredSource = {
        ...before,
        spec,
        owner: 'user',
        version: before.version + 1,
        updatedAtMs: state.nowMs(),
      };
      putSource(db, after);
      return after;
    });
    state.reload(['sources']);
    return stored;
  }

  return {
    list: () => [...state.sources.values()],
    get(slug) {
      assertReadable(state, 'source', slug);
      const source = state.sources.get(slug);
      if (source === undefined) throw notFound('source', slug);
      return source;
    },
    async create(spec) {
      sourceRegistry.checkSpec(spec);
      const nowMs = state.nowMs();
      const stored: StoredSource = { spec, owner: 'user', version: 1, createdAtMs: nowMs, updatedAtMs: nowMs };
      await writer.write(({ db }) => {
        if (hasSource(db, spec.slug) && !isDamaged(state, 'source', spec.slug)) throw taken('source', spec.slug);
        putSource(db, stored);
      });
      state.reload(['sources', 'listeners']);
      return stored;
    },
    async update(spec, version) {
      assertReadable(state, 'source', spec.slug);
      sourceRegistry.checkSpec(spec);
      return await change(spec.slug, version, () => spec);
    },
    async setEnabled(slug, enabled) {
      assertReadable(state, 'source', slug);
      return await change(slug, undefined, (spec) => ({ ...spec, enabled }));
    },
    async remove(slug) {
      await writer.write(({ db }) => {
        // The row need not be readable to be removed, but then only the operator can own it.
        const before = state.sources.get(slug);
        if (before !== undefined) assertEditable('source', slug, before, state.configFile);
        const users = listenersNaming(db, 'source', slug);
        if (users.length > 0) throw usedByListeners(`Source "${slug}"`, users);
        if (!deleteSource(db, slug)) throw notFound('source', slug);
      });
      state.reload(['sources']);
    },
    problem(source) {
      if (source.spec.slug === ownSource) return null;
      const registered = sourceRegistry.get(source.spec.slug);
      return registered?.problem ?? secretProblem(sourceSecrets(source.spec), secretStore.read);
    },
  };
}
