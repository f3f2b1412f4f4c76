import path from 'node:path';
import type { Environment } from '../../results/environment.js';
import type { PlannedLane } from '../../scenario/plan.js';
import type { ReproductionFile } from './reproduction.js';
import { word } from './shell-word.js';

type Kept = Environment['scenario']['files'][number];

/** The folder beside the script that is taken where it is there. */
export const filesFolder = 'reproduce-files';
/** More than that is not written into the script. */
const mostInlined = 40_000;

export interface BuiltFiles {
  readonly files: readonly ReproductionFile[];
  /** Whether the script writes them itself. */
  readonly isInlined: boolean;
  readonly leavesOut: readonly string[];
}

/** The files that the builds read, or a clause that says why there are not all. */
export function builtFiles(
  kept: readonly Kept[],
  lanes: readonly PlannedLane[],
): BuiltFiles | { readonly none: string } {
  const used = new Set(lanes.map(({ build }) => build.dockerfile));
  const inside = kept.filter((file) => isInside(file.path));
  const missing = [...used].find((name) => !inside.some((file) => file.path === name));
  if (missing !== undefined) return { none: 'the run kept no copy of a Dockerfile that it built' };
  const texts = inside.filter((file) => used.has(file.path)).map(({ content }) => content);
  const files = inside.filter((file) => !isOtherDockerfile(file.path, used, texts)).map(asFile);
  const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return {
    files,
    isInlined: bytes <= mostInlined,
    leavesOut: [
      ...(inside.length < kept.length ? ['files whose names lead out of their folder are not written'] : []),
      ...(copiesFolder(files, lanes)
        ? ['symbolic links and file modes of the folder are not in it, as a run does not keep them']
        : []),
    ],
  };
}

/** Whether some build reads files of the folder: by COPY, ADD or a bind mount that names no other source. */
function copiesFolder(files: readonly ReproductionFile[], lanes: readonly PlannedLane[]): boolean {
  const read = new Set(
    lanes.filter(({ build }) => build.context === null).map(({ build }) => build.dockerfile),
  );
  return files.some(
    (file) =>
      read.has(relative(file)) &&
      /^[ \t]*(?:ONBUILD[ \t]+)?(?:(?:COPY|ADD)[ \t](?!.*--from=)|RUN[ \t].*type=bind(?!.*from=))/im.test(
        Buffer.from(file.content as string).toString(),
      ),
  );
}

/** A run directory may be somebody else's: nothing is written outside of the folder. */
function isInside(name: string): boolean {
  const parts = name.split('/');
  return name !== '' && !name.includes('\0') && !parts.some((part) => ['', '.', '..'].includes(part));
}

/** A Dockerfile of other arms: neither built here nor named by one that is. */
function isOtherDockerfile(name: string, used: ReadonlySet<string>, texts: readonly string[]): boolean {
  const base = path.posix.basename(name);
  const owner = name.replace(/\.dockerignore$/, '');
  if (!/^Dockerfile(?:\.|$)/.test(base) || used.has(owner)) return false;
  return !texts.some((text) => text.includes(base));
}

function asFile({ path: name, content, encoding }: Kept): ReproductionFile {
  return {
    path: `${filesFolder}/${name}`,
    content: encoding === 'utf8' ? content : Buffer.from(content, 'base64'),
    // The run keeps no file modes.
    executable: content.startsWith('#!'),
  };
}

/** The commands that write the files below `$files`. */
export function writeFiles(files: readonly ReproductionFile[]): string[] {
  const folders = new Set(
    files.map((file) => path.posix.dirname(relative(file))).filter((one) => one !== '.'),
  );
  return [
    ...[...folders].map((folder) => `mkdir -p ${at(folder)}`),
    ...files.flatMap((file) => [
      ...writeFile(at(relative(file)), file.content),
      ...(file.executable ? [`chmod +x ${at(relative(file))}`] : []),
    ]),
  ];
}

const relative = ({ path: name }: ReproductionFile): string => name.slice(filesFolder.length + 1);
const at = (name: string): string => word({ variable: 'files' }, `/${name}`);

function writeFile(target: string, content: string | Uint8Array): string[] {
  if (content.length === 0) return [`: > ${target}`];
  const lines = typeof content === 'string' && isText(content) ? content.slice(0, -1).split('\n') : null;
  if (lines !== null) {
    const end = delimiter(lines);
    return [`cat > ${target} << '${end}'`, ...lines, end];
  }
  const encoded =
    Buffer.from(content as string)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return [`from_base64 > ${target} << 'END'`, ...encoded, 'END'];
}

/** Whether a file of these is written by `from_base64`. */
export function needsBase64(files: readonly ReproductionFile[]): boolean {
  return files.some(({ content }) => content.length > 0 && !(typeof content === 'string' && isText(content)));
}

/** Whole lines, and nothing that cannot be seen or that is lost when the script is pasted somewhere. */
function isText(content: string): boolean {
  return content.endsWith('\n') && !/(?![\n\t])[\p{C}\u2028\u2029]/u.test(content);
}

function delimiter(lines: readonly string[]): string {
  for (let n = 1; ; n++) {
    const end = n === 1 ? 'END_OF_FILE' : `END_OF_FILE_${n}`;
    if (!lines.includes(end)) return end;
  }
}
