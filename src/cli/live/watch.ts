import type { ChosenBuilder } from '../../chosen-builder.js';
import { isLive } from '../output.js';
import { bannerFor } from './banner.js';
import { plainView } from './plain-view.js';
import type { Watch } from './view.js';

/** Shows a run while it happens, on stderr: a moving picture on a terminal, else plain lines. */
export async function watchRun(chosen: ChosenBuilder): Promise<Watch> {
  const watch = isLive(process.stderr)
    ? (await import('./screen-view.js')).screenView(process.stderr)
    : plainView(process.stderr);
  const { onPlan, ...hooks } = watch.hooks;
  return {
    ...watch,
    hooks: {
      ...hooks,
      onPlan: (plan, directory, finished) => {
        process.stderr.write(bannerFor(chosen));
        onPlan(plan, directory, finished);
      },
    },
  };
}
