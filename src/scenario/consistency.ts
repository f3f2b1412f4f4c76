import type { BuildSource, LanesSource } from './build.js';
import type { ArmSource, ScenarioSource } from './schema.js';
import type { StepSource } from './steps.js';
import { sweepMistakes } from './sweep.js';

/** A rule between keys that is broken; `path` leads to the key. */
export interface Inconsistency {
  readonly path: Path;
  readonly message: string;
}

type Path = readonly (string | number)[];

/** The rules that a schema cannot say: who may name whom, and what an arm of each role may have. */
export function inconsistencies(source: ScenarioSource): Inconsistency[] {
  return [
    ...laneRules(source.lanes, ['lanes']),
    ...source.steps.flatMap((step, i) => stepRules(step, ['steps', i])),
    ...duplicates(source.arms).map(([i, name]) => broken(['arms', i, 'name'], `arm ${name} stands twice`)),
    ...source.arms.flatMap((arm, i) => armRules(source, arm, ['arms', i])),
    ...registryRules(source),
    ...(source.sweep === undefined ? [] : sweepMistakes(source.sweep)).map(({ path, message }) =>
      broken(['sweep', ...path], message),
    ),
  ];
}

/** A scenario that needs a registry says so, as somebody has to have one. */
function registryRules(source: ScenarioSource): Inconsistency[] {
  if (source.registry || !JSON.stringify(source).includes('{registry}')) return [];
  return [broken(['registry'], 'a scenario with `{registry}` in it needs `registry: true`')];
}

const broken = (path: Path, message: string): Inconsistency => ({ path, message });

/** Index and name of what has the name of an earlier one. */
function duplicates(named: readonly { readonly name?: string | undefined }[]): [number, string][] {
  const names = named.map(({ name }) => name);
  return names.flatMap((name, i) => (name === undefined || names.indexOf(name) === i ? [] : [[i, name]]));
}

function laneRules(lanes: LanesSource | undefined, path: Path): Inconsistency[] {
  if (!Array.isArray(lanes)) return [];
  return duplicates(lanes).map(([i, name]) => broken([...path, i, 'name'], `lane ${name} stands twice`));
}

function stepRules(step: StepSource, path: Path): Inconsistency[] {
  if (step.step === 'build') return laneRules(step.lanes, [...path, 'lanes']);
  if (step.step !== 'make-context') return [];
  const { min, max } = step.bytes;
  return min <= max
    ? []
    : [broken([...path, 'bytes'], `bytes: expected min to be at most max, got ${min} and ${max}`)];
}

function armRules(source: ScenarioSource, arm: ArmSource, path: Path): Inconsistency[] {
  return [
    ...(arm.role === 'reproduce' ? reproduceRules(source, arm, path) : belongingRules(source, arm, path)),
    ...(arm.role === 'alone' ? [] : [...buildRules(source, arm, path), ...lookRules(source, arm, path)]),
    ...laneRules(arm.lanes, [...path, 'lanes']),
    ...(arm.steps ?? []).flatMap((step, i) => stepRules(step, [...path, 'steps', i])),
  ];
}

function reproduceRules(source: ScenarioSource, arm: ArmSource, path: Path): Inconsistency[] {
  const found: Inconsistency[] = [];
  if (arm.of !== undefined) found.push(broken([...path, 'of'], 'a reproduce arm belongs to no other arm'));
  if (arm.expects === undefined || arm.expects.length === 0) {
    found.push(broken(path, 'a reproduce arm needs `expects` with at least one signal'));
  }
  const unseen = arm.expects?.findIndex((signal) => source.signals?.includes(signal) === false) ?? -1;
  if (unseen >= 0) found.push(broken([...path, 'expects', unseen], 'the signal is missing from `signals`'));
  return found;
}

const withArticle = { reproduce: 'a reproduce', control: 'a control', alone: 'an alone' } as const;

function belongingRules(source: ScenarioSource, arm: ArmSource, path: Path): Inconsistency[] {
  const found: Inconsistency[] = [];
  const owner = source.arms.find((other) => other.name === arm.of);
  if (arm.of === undefined) {
    found.push(broken(path, `${withArticle[arm.role]} arm needs \`of\`, the reproduce arm it belongs to`));
  } else if (owner?.role !== 'reproduce') {
    found.push(broken([...path, 'of'], `\`of\` names ${arm.of}, which is no reproduce arm`));
  }
  if (arm.expects !== undefined && arm.expects.length > 0) {
    found.push(broken([...path, 'expects'], `${withArticle[arm.role]} arm expects no signal`));
  }
  if (arm.role !== 'alone') return found;
  const own = (['lanes', 'build', 'steps', 'daemon'] as const).filter((key) => arm[key] !== undefined);
  return [
    ...found,
    ...own.map((key) => broken([...path, key], `an alone arm takes its \`${key}\` from \`of\``)),
  ];
}

/** An arm builds something, and only from contexts that it made before. */
function buildRules(source: ScenarioSource, arm: ArmSource, path: Path): Inconsistency[] {
  const steps = arm.steps ?? source.steps;
  if (!steps.some(({ step }) => step === 'build')) {
    return [broken(arm.steps === undefined ? path : [...path, 'steps'], `arm ${arm.name} has no build step`)];
  }
  const made = new Set<string>();
  const missing = new Set<string>();
  const unlike: string[] = [];
  for (const step of steps) {
    if (step.step === 'make-context') {
      if (step.like !== undefined && !made.has(step.like)) unlike.push(step.like);
      made.add(step.name);
    } else if (step.step === 'build')
      for (const name of contextsOf(source, arm, step.lanes)) if (!made.has(name)) missing.add(name);
  }
  return [
    ...unlike.map((name) =>
      broken(path, `no step of arm ${arm.name} makes ${name} before a context is like it`),
    ),
    ...[...missing].map((name) =>
      broken(path, `no step of arm ${arm.name} makes the context ${name} before its builds`),
    ),
  ];
}

/** What a step looks at was made by a build before it: where it never is, nothing could ever be seen. */
function lookRules(source: ScenarioSource, arm: ArmSource, path: Path): Inconsistency[] {
  const found: Inconsistency[] = [];
  const exported = new Set<string>();
  let isPushed = false;
  for (const [i, step] of (arm.steps ?? source.steps).entries()) {
    const at = arm.steps === undefined ? ['steps', i] : [...path, 'steps', i];
    if (step.step === 'build') {
      for (const { push, cacheTo = [] } of buildsOf(source, arm, step.lanes)) {
        isPushed ||= push !== undefined;
        for (const to of cacheTo) if (to.type === 'local') exported.add(to.folder);
      }
    } else if (step.step === 'remove-folder') exported.delete(step.folder);
    else if (step.step === 'read-images' && !isPushed)
      found.push(broken(at, `no build of arm ${arm.name} before this step pushes an image`));
    else if (step.step === 'check-cache' && !exported.has(step.folder))
      found.push(
        broken(
          [...at, 'folder'],
          `no build of arm ${arm.name} before this step exports a cache to ${step.folder}`,
        ),
      );
  }
  return found;
}

/** Names of the contexts that the lanes of a build step read. */
function contextsOf(source: ScenarioSource, arm: ArmSource, ofStep: LanesSource | undefined): string[] {
  return buildsOf(source, arm, ofStep).flatMap(({ context }) => context ?? []);
}

/** How the lanes of a build step build; where all do alike, that once. */
function buildsOf(source: ScenarioSource, arm: ArmSource, ofStep: LanesSource | undefined): BuildSource[] {
  const lanes = ofStep ?? arm.lanes ?? source.lanes;
  const inherited = { ...source.build, ...arm.build };
  return Array.isArray(lanes) ? lanes.map(({ build }) => ({ ...inherited, ...build })) : [inherited];
}
