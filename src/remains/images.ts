import type { Builder } from '../builders/builder.js';
import { builderFactories } from '../builders/index.js';
import { systemSurroundings } from '../builders/surroundings.js';
import { shellWord, terminalText } from '../reports/escape.js';
import { environmentOf, type ImageRecord } from '../runner/image-record.js';

/**
 * Removes images that a killed run had noted, by the driver of the builder that was meant; false where that does not
 * answer. Of the note come the kind, the instance, names of images and the values of a few variables: never a command.
 */
export async function removeImages(images: ImageRecord): Promise<boolean> {
  const surroundings = systemSurroundings(environmentOf(images));
  const builder = builderOf(images, surroundings);
  if (builder === null) return true;
  // Asked first: how it removes may hang on its version, and a name that is not there fails with some.
  if (!(await builder.probe()).answers) return false;
  const command = builder.removeImages(images.tags);
  if (command === null) return true;
  const { timedOut, notFound } = await surroundings.run(command);
  return !timedOut && !notFound;
}

/** The command line that removes them, quoted for a shell. */
export function removalText(images: ImageRecord): string {
  const surroundings = systemSurroundings(environmentOf(images));
  const command = builderOf(images, surroundings)?.removeImages(images.tags);
  if (command == null) return 'its own program';
  const other = Object.entries(images.env).filter(([name, value]) => process.env[name] !== value);
  const set = other.map(([name, value]) => `${name}=${shellWord(value ?? '')}`);
  return terminalText([...set, ...[command.file, ...command.args].map(shellWord)].join(' '));
}

/** One sentence of images that a run noted and could not remove by its end. */
export function leftText(images: ImageRecord): string {
  return `This run may have left ${imagesText(images)}, as the builder did not remove ${images.tags.length === 1 ? 'it' : 'them'}: remove what is left with ${removalText(images)}, or leave that to the next buildrace run, resume or doctor --fix.`;
}

/** `the images a, b of docker:INSTANCE`. */
export function imagesText({ kind, instance, tags }: ImageRecord): string {
  const builder = instance === null ? kind : `${kind}:${terminalText(instance)}`;
  return `${tags.length === 1 ? 'the image' : 'the images'} ${tags.join(', ')} of ${builder}`;
}

/** Null where an instance makes no sense to this version. */
function builderOf(
  { kind, instance }: ImageRecord,
  surroundings: ReturnType<typeof systemSurroundings>,
): Builder | null {
  const factory = builderFactories.find((one) => one.kind === kind);
  try {
    return factory?.create(instance, surroundings) ?? null;
  } catch {
    return null;
  }
}
