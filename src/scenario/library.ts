import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';
import { packageFolder } from '../places.js';
import { loadScenario, type Scenario } from './load.js';

/** The scenarios that come with the program. */
export const scenariosFolder = path.join(packageFolder, 'scenarios');

/** Names of the bundled scenarios, sorted. */
export async function scenarioNames(): Promise<string[]> {
  const files = await readdir(scenariosFolder);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -5))
    .sort();
}

/**
 * A scenario by its bundled name or by a YAML file's path.
 * @throws {UserError} when there is neither, or the file is wrong.
 */
export async function findScenario(nameOrFile: string): Promise<Scenario> {
  const names = await scenarioNames();
  if (names.includes(nameOrFile)) return loadScenario(path.join(scenariosFolder, `${nameOrFile}.yaml`));
  const looksLikePath = /[/\\]|\.ya?ml$/i.test(nameOrFile);
  const isFile = (await stat(nameOrFile).catch(() => null))?.isFile() === true;
  if (isFile || looksLikePath) return loadScenario(nameOrFile);
  throw new UserError(
    `there is no scenario ${nameOrFile}; there are ${names.join(', ')}, or give the path of a YAML file`,
  );
}
