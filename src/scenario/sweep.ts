import * as z from 'zod';
import { UserError } from '../errors.js';
import { argumentNameSchema, argumentSchema, maxLanes } from './build.js';
import { durationSchema, durationText, parseDuration } from './duration.js';
import { maxFileBytes, maxFiles } from './steps.js';

/**
 * The levels of each factor that is varied: by name (`lanes`, `delay`, `files`, `bytes`, `cpus`, `arg.NAME`), in order,
 * each once, as texts of one form (`50ms`, `4`). Made by `parseSweep` and `scenarioSweep`, which check it.
 */
export type Sweep = ReadonlyMap<string, readonly string[]>;

/** No machine has more processors than that. */
export const maxCpus = 4_096;
/** A lane that begins later than that has nobody left to race with. */
const maxDelayMs = 3_600_000;
/** A level stands in names and tables. */
const maxLevelLength = 200;

const levels = <T extends z.ZodType>(level: T) => z.array(level).min(1, 'expected at least one level');
const delaySchema = durationSchema.refine((value) => (parseDuration(String(value)) ?? 0) <= maxDelayMs, {
  error: 'expected a delay of at most 1h',
});

const levelSchema = argumentSchema.refine((value) => isArgument(String(value)), {
  error: `expected text of 1 to ${maxLevelLength} characters`,
});

export const sweepSchema = z
  .strictObject({
    lanes: levels(z.int().min(1).max(maxLanes)).meta({
      description: 'Number of lanes of the steps that let several go together.',
    }),
    delay: levels(delaySchema).meta({ description: 'Delay of each lane after the one before it.' }),
    files: levels(z.int().min(1).max(maxFiles)).meta({
      description: 'Number of files of every context that a step makes.',
    }),
    bytes: levels(z.int().min(1).max(maxFileBytes)).meta({
      description: 'Size of each file of every context that a step makes.',
    }),
    cpus: levels(z.int().min(1).max(maxCpus)).meta({
      description: 'Processors that a private daemon and its builds may use (builder buildkitd).',
    }),
    buildArgs: z.record(argumentNameSchema, levels(levelSchema)).meta({
      description: 'Levels of build arguments, in every build that has them.',
    }),
  })
  .partial()
  .meta({
    description:
      'What is varied: arms are run at every combination of these levels; alone arms are left out. --sweep replaces the levels of a factor.',
  });
export type SweepSource = z.infer<typeof sweepSchema>;

/** The same form for the same level, or null where the text is no level of that factor. */
type Read = (text: string) => string | null;

const count =
  (most: number): Read =>
  (text) =>
    /^\d{1,15}$/.test(text) && Number(text) >= 1 && Number(text) <= most ? String(Number(text)) : null;

const delay: Read = (text) => {
  const ms = parseDuration(text);
  return ms === null || ms > maxDelayMs ? null : durationText(ms);
};

const factors: Readonly<Record<string, { readonly read: Read; readonly expected: string }>> = {
  lanes: { read: count(maxLanes), expected: `a whole number from 1 to ${maxLanes}` },
  delay: { read: delay, expected: 'a duration such as 0ms, 50ms or 1s, at most 1h' },
  files: { read: count(maxFiles), expected: `a whole number from 1 to ${maxFiles}` },
  bytes: { read: count(maxFileBytes), expected: `a whole number from 1 to ${maxFileBytes}` },
  cpus: { read: count(maxCpus), expected: `a whole number from 1 to ${maxCpus}` },
};
const argument = {
  read: (text: string) => (isArgument(text) ? text : null),
  expected: `text of 1 to ${maxLevelLength} characters`,
};

function isArgument(text: string): boolean {
  return text.trim() !== '' && text.length <= maxLevelLength;
}

/** The build argument that a factor stands for, or null. */
export function argumentOf(factor: string): string | null {
  const name = /^arg\.(.*)$/s.exec(factor)?.[1];
  return name !== undefined && argumentNameSchema.safeParse(name).success ? name : null;
}

/**
 * Reads `FACTOR=LEVEL,LEVEL` of a command line, one text for each factor.
 * @throws {UserError} for a factor that there is none of, a level that is none, and what stands there twice.
 */
export function parseSweep(texts: readonly string[]): Sweep {
  const sweep = new Map<string, readonly string[]>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals < 0)
      throw new UserError(
        `--sweep ${text}: expected FACTOR=LEVEL,LEVEL, such as lanes=2,4 or delay=0ms,50ms`,
      );
    const name = text.slice(0, equals).trim();
    if (sweep.has(name))
      throw new UserError(`--sweep names the factor ${name} twice: give all its levels at once`);
    const given = text
      .slice(equals + 1)
      .split(',')
      .map((level) => level.trim());
    sweep.set(name, readLevels(name, given, `--sweep ${name}`));
  }
  return sweep;
}

/** The sweep of a scenario file; null where it has none. @throws {UserError} for what `sweepMistakes` finds. */
export function scenarioSweep(source: SweepSource | undefined): Sweep | null {
  if (source === undefined) return null;
  const read = given(source).map(({ name, of }) => [name, readLevels(name, of, `sweep: ${name}`)] as const);
  return new Map(read);
}

/** What the schema cannot say of a scenario's sweep; `path` leads to the key. */
export function sweepMistakes(source: SweepSource): { path: (string | number)[]; message: string }[] {
  const all = given(source);
  if (all.length === 0)
    return [
      { path: [], message: `sweep: expected at least one of ${Object.keys(sweepSchema.shape).join(', ')}` },
    ];
  return all.flatMap(({ name, path, of }) => {
    const twice = repeated(of.map((text) => read(name, text) ?? text));
    return twice === null
      ? []
      : [{ path: [...path, twice], message: `sweep: the level ${of[twice]} stands there twice` }];
  });
}

/** The factors of a scenario's sweep, in the order of the schema, with their levels as they are written. */
function given({ buildArgs = {}, ...others }: SweepSource) {
  const named = Object.keys(factors).map((name) => ({
    name,
    path: [name],
    of: others[name as keyof typeof others],
  }));
  const args = Object.entries(buildArgs).map(([name, of]) => ({
    name: `arg.${name}`,
    path: ['buildArgs', name],
    of,
  }));
  return [...named, ...args].flatMap(({ of, ...one }) =>
    of === undefined ? [] : [{ ...one, of: of.map(String) }],
  );
}

function factorOf(name: string): (typeof factors)[string] | null {
  if (Object.hasOwn(factors, name)) return factors[name] ?? null;
  return argumentOf(name) === null ? null : argument;
}

const read = (name: string, text: string): string | null => factorOf(name)?.read(text) ?? null;

/** Index of the first text that stood there before, or null. */
function repeated(texts: readonly string[]): number | null {
  const at = texts.findIndex((text, i) => texts.indexOf(text) !== i);
  return at < 0 ? null : at;
}

function readLevels(name: string, given: readonly string[], where: string): string[] {
  const factor = factorOf(name);
  if (factor === null) {
    const known = [...Object.keys(factors), 'arg.NAME'].join(', ');
    throw new UserError(`${where}: there is no such factor; expected one of ${known}`);
  }
  const found = given.map((text) => {
    const level = factor.read(text);
    if (level === null) throw new UserError(`${where}=${text}: expected ${factor.expected}`);
    return level;
  });
  const twice = repeated(found);
  if (twice !== null) throw new UserError(`${where}: the level ${found[twice]} stands there twice`);
  return found;
}
