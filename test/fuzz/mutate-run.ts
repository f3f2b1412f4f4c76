import { execFileSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { changedJson } from './mutate-json.js';
import { changed } from './mutate-log.js';
import type { Random } from './random.js';

const documents = ['plan.json', 'environment.json', 'journal.jsonl'];

/** Names that a stranger may give a file. */
const hostileNames = [
  '\x1b[2J.stderr',
  '<img src=x>.stdout',
  '..\\..\\x',
  ' ',
  '-rf',
  '\u202e.log',
  'a\nb',
  '`id`',
  '%s',
];

/**
 * Changes a run directory in one to four places: what is in its files, and what its files are. `files` are those that it
 * holds, relative to it. Says what was done.
 */
export function mutateRun(directory: string, files: readonly string[], random: Random): string[] {
  const done: string[] = [];
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    // The three documents decide what else is read.
    const file = random.chance(2) ? random.pick(documents) : random.pick(files);
    done.push(`${file}: ${change(directory, file, random)}`);
  }
  return done;
}

function change(directory: string, file: string, random: Random): string {
  const absolute = path.join(directory, file);
  const what = random.below(20);
  try {
    // An earlier change may have made a link to a device of it.
    if (what < 12 && lstatSync(absolute).isFile()) return changeContent(absolute, file, random);
    if (what < 19) return changeKind(directory, absolute, random);
    writeFileSync(path.join(path.dirname(absolute), random.pick(hostileNames)), 'x');
    return 'a neighbour of a hostile name';
  } catch (error) {
    // What one change took away, the next cannot change.
    return `not changed (${(error as NodeJS.ErrnoException).code})`;
  }
}

function changeContent(absolute: string, file: string, random: Random): string {
  const bytes = readFileSync(absolute);
  if (file.endsWith('.json') && !random.chance(4)) {
    writeFileSync(absolute, changedJson(bytes.toString('utf8'), random));
    return 'JSON changed';
  }
  if (file.endsWith('.jsonl') && !random.chance(4)) {
    const lines = bytes.toString('utf8').split('\n');
    const at = random.below(lines.length);
    const what = random.below(6);
    if (what === 0) lines.splice(at, 1);
    else if (what === 1) lines.splice(at, 0, lines[at] ?? '');
    else if (what === 2) lines.reverse();
    else lines[at] = changedJson(lines[at] ?? '', random);
    writeFileSync(absolute, lines.join('\n'));
    return `line ${at + 1} changed`;
  }
  writeFileSync(absolute, changed(bytes, random));
  return 'bytes changed';
}

/** The file becomes something else; a FIFO that nobody writes to holds who opens it for ever. */
function changeKind(directory: string, absolute: string, random: Random): string {
  const outside = path.join(directory, '..', 'outside');
  const kinds: Readonly<Record<string, () => void>> = {
    missing: () => undefined,
    'a folder': () => mkdirSync(absolute),
    'a FIFO': () => execFileSync('mkfifo', [absolute]),
    'a link out': () => symlinkSync(outside, absolute),
    'a link to itself': () => symlinkSync(path.basename(absolute), absolute),
    'a link to a device': () => symlinkSync('/dev/zero', absolute),
    'a link to nothing': () => symlinkSync('nowhere', absolute),
    'a link inside': () => symlinkSync(path.join(directory, 'plan.json'), absolute),
    'a hard link': () => linkSync(path.join(directory, 'journal.jsonl'), absolute),
    empty: () => writeFileSync(absolute, ''),
    'long and sparse': () => {
      writeFileSync(absolute, '');
      truncateSync(absolute, 40_000_000);
    },
    'a folder with a folder': () => mkdirSync(path.join(absolute, 'deep', 'deeper'), { recursive: true }),
  };
  const kind = random.pick(Object.keys(kinds));
  if (random.chance(6)) {
    // The folder that holds it goes, not the file alone.
    const folder = path.dirname(absolute);
    if (folder !== directory) {
      renameSync(folder, `${folder}-moved`);
      symlinkSync(random.chance(2) ? `${path.basename(folder)}-moved` : path.dirname(outside), folder);
      return 'its folder became a link';
    }
  }
  rmSync(absolute, { recursive: true, force: true });
  kinds[kind]?.();
  return kind;
}
