import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { Overrides } from '../../src/scenario/expand.js';
import { expandArms } from '../../src/scenario/expand.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { PlannedArm } from '../../src/scenario/plan.js';
import type { Folder } from './folder.js';

/** The smallest scenario that is right, in YAML; what a test adds comes after its four lines. */
export const smallest = `title: T
dockerfiles: .
arms:
  - {name: main, role: reproduce, expects: [platform-drift]}
`;

/** What `loadScenario` says of a text, with the file's folder taken off; null where it finds nothing wrong. */
export async function complaint(folder: Folder, text: string | Uint8Array): Promise<string | null> {
  const file = await folder.write('s.yaml', text);
  return loadScenario(file).then(
    () => null,
    (error: Error) => `${error.name}: ${error.message.replaceAll(`${folder.path}/`, '')}`,
  );
}

export const noOverrides: Overrides = {
  arms: null,
  lanes: null,
  iterations: null,
  delaysMs: null,
  offsetMs: null,
  sweep: null,
};

/** The arms of a scenario that is given as a plain value, by name. */
export async function expanded(
  folder: Folder,
  source: Readonly<Record<string, unknown>>,
  overrides: Partial<Overrides> = {},
): Promise<Record<string, PlannedArm>> {
  const file = folder.at('sample.yaml');
  await writeFile(file, stringify({ title: 'T', dockerfiles: '.', ...source }));
  const arms = expandArms(await loadScenario(file), { ...noOverrides, ...overrides });
  return Object.fromEntries(arms.map((arm) => [arm.name, arm]));
}
