import type { Probe, Run } from '../builders/builder.js';
import { findBuilder, missingLines, probeAll as probeEveryKind } from '../builders/find.js';
import { createRun } from '../builders/run.js';
import { systemSurroundings } from '../builders/surroundings.js';
import type { ChosenBuilder } from '../chosen-builder.js';
import { UserError } from '../errors.js';
import { programOnPath, type RegistryProgram } from '../registry/program.js';
import { refuseWithoutScratch } from '../runner/scratch.js';
import { tell } from './output.js';

export interface Chosen {
  readonly chosen: readonly ChosenBuilder[];
  /** Runs commands beside the lanes, in the same environment. */
  readonly aside: Run;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/**
 * One builder for each `--builder`, that answers.
 * @throws {UserError} exit code 2 for an unknown kind, or where no run has a place for its temporary files; 3 where none
 *   answers.
 */
export async function chooseBuilders(preferences: readonly string[]): Promise<Chosen> {
  refuseWithoutScratch();
  const surroundings = systemSurroundings();
  const chosen: ChosenBuilder[] = [];
  for (const preference of preferences) {
    const found = await findBuilder(preference, surroundings);
    // Nobody who gets the simulated builder may wonder why, or how to get a real one.
    if (found.builder.simulated && found.passedOver.length > 0) {
      tell(
        ['No real builder answers here. What was looked for:', ...missingLines(found.passedOver)].join('\n'),
      );
    }
    chosen.push(found);
  }
  return { chosen, aside: createRun(surroundings.env), env: surroundings.env };
}

/** What there is: of every kind, or of those named. */
export async function probeAll(named: readonly string[] | undefined): Promise<Probe[]> {
  const surroundings = systemSurroundings();
  if (named === undefined) return probeEveryKind(surroundings);
  return Promise.all(named.map((one) => probeNamed(one, surroundings)));
}

/** The registry program that a run could start. */
export function probeRegistry(): Promise<RegistryProgram> {
  return programOnPath(systemSurroundings());
}

async function probeNamed(
  named: string,
  surroundings: ReturnType<typeof systemSurroundings>,
): Promise<Probe> {
  const { builderFactories } = await import('../builders/index.js');
  const { parseBuilders } = await import('../builders/find.js');
  const [choice] = parseBuilders(named);
  const factory = builderFactories.find(({ kind }) => kind === choice?.kind);
  if (choice === undefined || factory === undefined) throw new UserError(`--builder ${named}: name one kind`);
  return factory.create(choice.instance, surroundings).probe();
}
