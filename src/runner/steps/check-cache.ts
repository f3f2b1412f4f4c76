import { armLanes } from '../../scenario/plan.js';
import { checkCacheExport } from '../cache-export.js';
import { foldersOf } from './folder-of.js';
import type { StepAction } from './step.js';

/** Looks whether cache exports are whole; what is wrong with them is data. */
export const checkCache: StepAction<'check-cache'> = async ({ folder }, state) => {
  const exporting = new Set(
    armLanes(state.arm)
      .filter(({ build }) => build.cacheTo.some((to) => to.type === 'local' && to.folder === folder))
      .map(({ name }) => name),
  );
  for (const [name, { path, lanes }] of foldersOf(state, folder)) {
    const exporters = lanes.filter((lane) => exporting.has(lane));
    if (exporters.length === 0) continue;
    const { manifests, missing, problem } = await checkCacheExport(path, null);
    state.cacheChecks.push({ folder: name, lanes: exporters, manifests, missing: [...missing], problem });
  }
};
