import { textOf } from '../../processes/identity.js';
import { createRun } from '../run.js';

/** `umount` of the system, in its own words, whatever the user's PATH and language are. */
const run = createRun({ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' });

/** Unmounts all that is mounted at or below the folder, the deepest first; what is in use is detached at least. */
export async function unmountBelow(folder: string): Promise<void> {
  for (const point of mountsBelow(folder)) {
    const plain = await run({ file: 'umount', args: ['--', point] });
    if (plain.exitCode !== 0) await run({ file: 'umount', args: ['--lazy', '--', point] });
  }
}

/** Whether something is mounted at or below the folder, or nobody can tell now: to remove it could empty what is theirs. */
export function mayHoldMounts(folder: string, mounts: string = textOf('/proc/self/mounts')): boolean {
  // On Linux there is one at least, its root; elsewhere there is no such file, and no daemon that mounts.
  const isKnown = mounts !== '' || process.platform !== 'linux';
  return !isKnown || mountsBelow(folder, mounts).length > 0;
}

/** Mount points at or below the folder, in the order in which they can be unmounted. */
export function mountsBelow(folder: string, mounts: string = textOf('/proc/self/mounts')): string[] {
  const points = mounts
    .split('\n')
    .map((line) => unescapeOctal(line.split(' ')[1] ?? ''))
    .filter((point) => point === folder || point.startsWith(`${folder}/`));
  // A later line may be mounted over an earlier one.
  return points.reverse().sort((a, b) => b.split('/').length - a.split('/').length);
}

/** Blanks, tabs, newlines and backslashes stand there as three octal digits (proc(5)). */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
