import { removeScratch } from '../builders/buildkitd/remains.js';
import { signalGroup } from '../processes/group.js';
import { isRunning, isThisWorld } from '../processes/identity.js';
import { marksIn } from '../processes/mark.js';
import { findMarked, killMarked } from '../processes/terminate.js';
import { counted } from '../reports/numbers.js';
import { forgetImages, holdsNotesOfImages, imagesIn, noteFiles } from '../runner/image-record.js';
import { type Abandoned, abandonedIn, emptyIn, removeEmpty } from '../runner/scratch-owner.js';
import { imagesText, removalText, removeImages } from './images.js';

/** What clearing is done with; tests have their own. */
export interface Means {
  /** Removes the folder, but for files of it of those names; false when something else of it stays. */
  readonly remove: (folder: string, keep: readonly string[]) => Promise<boolean>;
  readonly removeImages: typeof removeImages;
  /** Time that processes get to vanish after SIGKILL, in ms; missing: the usual time. */
  readonly killedWithinMs?: number;
}
const usual: Means = { remove: removeScratch, removeImages };
const usuallyKilledWithinMs = 5_000;

/** What runs of this user that were killed left in the folder for temporary files (`parent`); one sentence each. */
export async function findScratch(parent?: string): Promise<string[]> {
  const told: string[] = [];
  for (const { folder, companion } of abandonedIn(parent)) {
    const running = (await findMarked(marksIn(folder)))?.length ?? 0;
    const images = imagesIn(folder);
    const left = [
      folder,
      ...(runs(companion) ? ['a registry that runs'] : []),
      ...(running === 0 ? [] : [`${counted(running, 'process', 'processes')} of its builds`]),
      ...(images === null ? [] : [`perhaps ${imagesText(images)}`]),
    ];
    told.push(`${whose(folder)} left ${left.join(', ')}.`);
  }
  return [...told, ...emptyIn(parent).map((folder) => `A killed run left ${folder}.`)];
}

/**
 * Ends what came of this user's runs that were killed, removes the images that they named, and their scratch folders;
 * one sentence each. A folder whose images cannot be removed keeps its notes for the next time.
 */
export async function clearScratch(parent?: string, means: Means = usual): Promise<string[]> {
  const told: string[] = [];
  for (const one of abandonedIn(parent)) told.push(...(await clear(one, means)));
  const emptied = emptyIn(parent).filter(removeEmpty);
  return [...told, ...emptied.map((folder) => `Removed what a killed run left: ${folder}.`)];
}

/** A run that came to its end leaves its notes, and only where it could not remove images. */
function whose(folder: string): 'A killed run' | 'An earlier run' {
  return holdsNotesOfImages(folder) ? 'An earlier run' : 'A killed run';
}

/** After another boot, somebody else may have both its number and the same ticks since then. */
const runs = (companion: Abandoned['companion']): companion is NonNullable<Abandoned['companion']> =>
  companion !== null && isThisWorld(companion) && isRunning(companion);

async function clear({ folder, companion }: Abandoned, means: Means): Promise<string[]> {
  const who = whose(folder);
  const one = who.toLowerCase();
  if (runs(companion)) signalGroup(companion.pid, 'SIGKILL');
  // Before the images: a build that goes on would make them anew.
  const killed = await killMarked(marksIn(folder), means.killedWithinMs ?? usuallyKilledWithinMs);
  if (killed === null)
    return [
      `What ${one} left in ${folder} stays for now: the system does not tell which processes its builds left.`,
    ];
  const told =
    killed === 0 ? [] : [`Ended ${counted(killed, 'process', 'processes')} of a killed run's builds.`];
  const images = imagesIn(folder);
  if (images !== null && !(await means.removeImages(images))) {
    await means.remove(folder, noteFiles);
    return [
      ...told,
      `${who} may have left ${imagesText(images)}, which does not answer now: remove what is left with ${removalText(images)}, or make it answer and call buildrace doctor --fix; once ${folder} is removed, nobody asks again.`,
    ];
  }
  forgetImages(folder);
  const isGone = await means.remove(folder, []);
  return [
    ...told,
    ...(images === null ? [] : [`Removed what ${one} may have left of ${imagesText(images)}.`]),
    isGone
      ? `Removed what ${one} left: ${folder}.`
      : `What ${one} left in ${folder} cannot be removed: unmount what is mounted there, and remove it.`,
  ];
}
