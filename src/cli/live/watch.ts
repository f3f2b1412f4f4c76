import type { ChosenBuilder } from '../../chosen-builder.js';
import { leftText } from '../../remains/images.js';
import type { ImageRecord } from '../../runner/image-record.js';
import { isLive, tell } from '../output.js';
import { bannerFor } from './banner.js';
import { plainView } from './plain-view.js';
import type { Watch } from './view.js';

/** Shows a run while it happens, on stderr: a moving picture on a terminal, else plain lines. */
export async function watchRun(chosen: ChosenBuilder): Promise<Watch> {
  const watch = isLive(process.stderr)
    ? (await import('./screen-view.js')).screenView(process.stderr)
    : plainView(process.stderr);
  const { onPlan, observer, ...hooks } = watch.hooks;
  const left: ImageRecord[] = [];
  return {
    end: () => {
      watch.end();
      // Below the picture, not in it.
      for (const images of left.splice(0)) tell(leftText(images));
    },
    hooks: {
      ...hooks,
      observer: { ...observer, imagesLeft: (images) => void left.push(images) },
      onPlan: (plan, directory, finished) => {
        process.stderr.write(bannerFor(chosen));
        onPlan(plan, directory, finished);
      },
    },
  };
}
