import { toolVersion } from '../../version.js';
import { stateArguments } from '../arguments.js';
import { profileNames } from '../profile.js';
import { ownState } from '../state.js';

/** RUN steps are not executed, so any of these will do; they are the ones that the scenarios ask for. */
const platforms = ['linux/arm64', 'linux/amd64', 'linux/arm/v7', 'linux/386'];

/** `info --state FOLDER`: one JSON document. */
export async function info(args: readonly string[]): Promise<number> {
  const { state } = stateArguments(args);
  ownState(state);
  const answer = { simulated: true, version: toolVersion, platforms, profiles: profileNames, state };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  return 0;
}

/** `--version`: one line that says what this is. */
export async function printVersion(): Promise<number> {
  process.stdout.write(`buildrace simulated builder ${toolVersion} (simulated: no real builder)\n`);
  return 0;
}
