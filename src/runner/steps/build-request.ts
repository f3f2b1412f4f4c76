import path from 'node:path';
import type { BuildRequest } from '../../builders/builder.js';
import { fillIn } from '../../scenario/placeholders.js';
import type { PlannedLane } from '../../scenario/plan.js';
import { requestedCaches } from '../caches.js';
import { folderOf } from './folder-of.js';
import type { IterationState } from './step.js';

/** What a lane asks of the builder in this iteration: paths absolute, placeholders filled in. */
export function buildRequest({ name, build }: PlannedLane, state: IterationState): BuildRequest {
  const { setting } = state;
  const values = {
    // Image names know no capitals, and a run's name has some.
    run: setting.plan.run.toLowerCase(),
    arm: state.arm.name,
    lane: name,
    iteration: state.iteration,
    registry: setting.plan.registry,
  };
  const made = build.context === null ? undefined : state.contexts.get(build.context);
  return {
    dockerfile: path.join(setting.dockerfiles, build.dockerfile),
    context: made?.forLane(name).folder ?? setting.dockerfiles,
    tags: build.tags.map((tag) => fillIn(tag, values)),
    platforms: build.platforms,
    buildArgs: Object.fromEntries(
      Object.entries(build.buildArgs).map(([key, value]) => [key, fillIn(value, values)]),
    ),
    target: build.target,
    noCache: build.noCache,
    progress: build.progress,
    ...requestedCaches(build, {
      image: (template) => fillIn(template, values),
      folder: (template) => folderOf(state, template, name),
      tag: (template) => fillIn(template, values),
    }),
    ...(build.push === null
      ? {}
      : {
          push: fillIn(build.push, values),
          metadataFile: path.join(state.scratch, `metadata-${name}.json`),
        }),
  };
}
