import { terminalText } from '../reports/escape.js';

/** Names that Windows keeps for devices, whatever follows their first dot. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** Longest part and longest path that every system unpacks. */
const most = { part: 128, path: 200, depth: 16 };

/**
 * A part of an entry's name made of a name (of an arm, a lane, a run, a daemon): letters, digits and hyphens. Those of a plan
 * are such already; what redaction left of one need not be.
 */
export function safePart(name: string): string {
  const plain = name
    .replaceAll(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, most.part);
  if (plain === '') return 'unnamed';
  return devices.test(plain) ? `${plain}_` : plain;
}

/** Whether a path, relative and with `/`, names the same file wherever it is unpacked, and none outside. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/');
  return path.length <= most.path && parts.length <= most.depth && parts.every(isSafeFileName);
}

function isSafeFileName(name: string): boolean {
  if (name === '' || /^\.+$/.test(name) || /[\\:*?"<>|]/.test(name) || /[. ]$|^ /.test(name)) return false;
  return terminalText(name) === name && !devices.test(name.split('.')[0] ?? '');
}

/** Gives each name out once: a second file of one name, or a file where a folder is, gets another. */
export class UniqueNames {
  readonly #taken = new Set<string>();

  /** @param extension with its dot; a number is put in front of it where the name is taken */
  take(stem: string, extension: string): string {
    for (let n = 1; ; n++) {
      const name = `${stem}${n === 1 ? '' : `-${n}`}${extension}`;
      if (this.#isFree(name)) {
        this.#taken.add(name.toLowerCase());
        return name;
      }
    }
  }

  /** Takes exactly that name, if it is free. */
  takes(name: string): boolean {
    const isFree = this.#isFree(name);
    if (isFree) this.#taken.add(name.toLowerCase());
    return isFree;
  }

  /** Some systems do not tell `A` from `a`. */
  #isFree(name: string): boolean {
    const lower = name.toLowerCase();
    if (this.#taken.has(lower)) return false;
    const parents = lower.split('/').map((_, i, parts) => parts.slice(0, i).join('/'));
    return (
      !parents.some((parent) => this.#taken.has(parent)) &&
      ![...this.#taken].some((taken) => taken.startsWith(`${lower}/`))
    );
  }
}
