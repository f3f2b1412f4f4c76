import { stateArguments } from '../arguments.js';
import { UsageError } from '../errors.js';
import { ImageStore } from '../images.js';
import { ownState } from '../state.js';

/** `images list` and `images remove [--force] NAME…`. Gives the exit code. Throws `UsageError`. */
export async function images([command, ...args]: readonly string[]): Promise<number> {
  const { state, force, names } = stateArguments(args);
  ownState(state);
  const store = new ImageStore(state);
  if (command === 'list') {
    process.stdout.write((await store.list()).map((name) => `${name}\n`).join(''));
    return 0;
  }
  if (command !== 'remove' || names.length === 0) {
    throw new UsageError('images takes list, or remove and the names to remove');
  }
  return removeAll(store, names, force);
}

/** With `force` a name that is not there is no error. */
async function removeAll(store: ImageStore, names: readonly string[], force: boolean): Promise<number> {
  let exitCode = 0;
  for (const name of names) {
    if (await store.remove(name)) {
      process.stdout.write(`${name}\n`);
    } else if (!force) {
      process.stderr.write(`Error: there is no image ${name}\n`);
      exitCode = 1;
    }
  }
  return exitCode;
}
