import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { inlineCacheOf } from '../../results/layout.js';
import { armLanes } from '../../scenario/plan.js';
import { StepError } from '../step-error.js';
import { buildRequest } from './build-request.js';
import type { IterationState, StepAction } from './step.js';

/** What builders write with `--metadata-file`; keys as BuildKit's exporter names them. */
const metadataSchema = z.object({ 'containerimage.digest': z.string() });

/** Reads the images that lanes pushed and that were not read yet, by their digests: a tag may have moved on since. */
export const readImages: StepAction<'read-images'> = async (_, state) => {
  for (const lane of armLanes(state.arm)) {
    const record = state.lanes.find((one) => one.lane === lane.name);
    if (lane.build.push === null || record?.exitCode !== 0 || record.image !== null) continue;
    const { push, metadataFile } = buildRequest(lane, state);
    if (push === undefined || metadataFile === undefined) continue;
    const { read, inlineCache } = await readImage(state, push, metadataFile);
    record.image = read;
    if (inlineCache === null) continue;
    await writeFile(
      path.join(state.folder, inlineCacheOf(lane.name)),
      `${JSON.stringify(inlineCache, null, 2)}\n`,
    );
  }
};

async function readImage({ setting }: IterationState, image: string, metadataFile: string) {
  if (setting.readImage === undefined) throw new StepError('there is no registry to read images from');
  try {
    const metadata = metadataSchema.parse(JSON.parse(await readFile(metadataFile, 'utf8')));
    const { digest, configDigest, inlineCache } = await setting.readImage(
      image,
      metadata['containerimage.digest'],
    );
    return { read: { name: image, digest, configDigest }, inlineCache };
  } catch (error) {
    setting.abort.throwIfAborted();
    throw new StepError(`the image ${image} could not be read: ${(error as Error).message}`);
  }
}
