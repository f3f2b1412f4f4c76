import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa, execaSync } from 'execa';
import { parseJournal } from '../../src/results/journal.js';
import { mainFile } from '../e2e/paths.js';

/**
 * A stand-in for buildctl that knows what it printed: it writes the SHA-256 of every log to a ledger that lies on another
 * disk. $SCARCE is its folder. At build number `fill-at` it fills $SCARCE_DISK up but for `leave` kB.
 */
const buildctl = `#!/bin/sh
case "$*" in
  *--version*) echo 'buildctl github.com/moby/buildkit v0.32.2 0123456'; exit 0 ;;
  *'debug info'*) echo 'BuildKit: github.com/moby/buildkit v0.32.2 0123456'; exit 0 ;;
  *'debug workers'*) printf 'ID:\\t\\tx\\nPlatforms:\\tlinux/amd64,linux/arm64\\n'; exit 0 ;;
esac
exec 3>&1
log=$(mktemp "$SCARCE/log-XXXXXX")
{
  echo '#1 [internal] load build definition from Dockerfile'
  echo '#1 DONE 0.0s'
  echo
  echo '#2 [1/1] RUN true'
  head -c "\${SCARCE_BYTES:-12000}" /dev/urandom | od -An -v -tx1 | sed 's/^/#2 0.1/'
  echo '#2 DONE 0.1s'
} >"$log"
sleep "\${SCARCE_SLEEP:-0.05}"
n=$(ls "$SCARCE/builds" | wc -l); : >"$SCARCE/builds/$$"
if [ -n "$SCARCE_FILL_AT" ] && [ "$n" -ge "$SCARCE_FILL_AT" ] && mkdir "$SCARCE/filled" 2>/dev/null; then
  free=$(($(stat -f -c '%a * %S / 1024' "$SCARCE_DISK")))
  dd if=/dev/zero of="$SCARCE_DISK/filler" bs=1024 count=$((free - SCARCE_LEAVE)) 2>/dev/null
fi
sha256sum <"$log" | cut -c1-64 >>"$SCARCE/ledger"
cat "$log" >&2
rm "$log"
`;

export interface Ended {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A small disk of its own, a builder that tells what it printed, and a folder for temporary files. */
export class Scarce {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-scarce-'));
  readonly #mounts: string[] = [];

  constructor() {
    chmodSync(this.folder, 0o755);
    for (const name of ['bin', 'tmp', 'state', 'stand-in/builds'])
      mkdirSync(this.at(name), { recursive: true });
    for (const name of ['tmp', 'state', 'stand-in', 'stand-in/builds']) chmodSync(this.at(name), 0o777);
    writeFileSync(this.at('bin/buildctl'), buildctl, { mode: 0o755 });
    writeFileSync(this.at('stand-in/ledger'), '', { mode: 0o666 });
    chmodSync(this.at('stand-in/ledger'), 0o666);
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  /** Mounts a tmpfs of that size (`200k`) and gives its folder. */
  disk(size: string, name = 'disk', options = ''): string {
    const folder = this.at(name);
    mkdirSync(folder, { recursive: true });
    execaSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=777${options}`, 'none', folder]);
    this.#mounts.push(folder);
    return folder;
  }

  /** Mounts a folder over itself so that nobody can write below it. */
  readOnly(folder: string): void {
    execaSync('mount', ['--bind', folder, folder]);
    this.#mounts.push(folder);
    execaSync('mount', ['-o', 'remount,bind,ro', folder]);
  }

  unmount(folder: string): void {
    this.#mounts.splice(this.#mounts.indexOf(folder), 1);
    execaSync('umount', [folder]);
  }

  remove(): void {
    for (const folder of this.#mounts.splice(0).reverse())
      execaSync('umount', ['-l', folder], { reject: false });
    rmSync(this.folder, { recursive: true, force: true });
  }

  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: `${this.at('bin')}:${process.env.PATH}`,
      BUILDKIT_HOST: 'unix:///nowhere.sock',
      BUILDRACE_REGISTRY: '',
      BUILDRACE_SIMULATOR_STATE: this.at('state'),
      TMPDIR: this.at('tmp'),
      SCARCE: this.at('stand-in'),
      SCARCE_DISK: this.at('disk'),
      ...more,
    };
  }

  /** Starts the built program by a shell that first does what `before` says (`ulimit -n 64`). */
  start(
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
    before = ':',
    node: readonly string[] = [],
  ) {
    const command = ['-c', `${before}; exec "$@"`, 'sh', process.execPath, ...node, mainFile, ...args];
    return execa('sh', command, {
      env: this.environment(more),
      cwd: this.folder,
      stdin: 'ignore',
      reject: false,
      timeout: 120_000,
    });
  }

  async call(...asked: Parameters<Scarce['start']>): Promise<Ended> {
    const { exitCode, signal, stdout, stderr } = await this.start(...asked);
    return { exitCode, signal, stdout: stdout as string, stderr: stderr as string };
  }

  /** Logs of valid iterations that are not, byte for byte, what the stand-in printed; and how many are. */
  logs(run: string): {
    readonly whole: number;
    readonly broken: readonly string[];
    readonly unreadable: number;
  } {
    const printed = new Set(readFileSync(this.at('stand-in/ledger'), 'utf8').split('\n'));
    const journal = parseJournal(readFileSync(path.join(run, 'journal.jsonl'), 'utf8'));
    const broken: string[] = [];
    let whole = 0;
    for (const event of journal.events) {
      if (event.event !== 'iteration-finished' || event.spoilt !== null) continue;
      for (const { lane, exitCode } of event.lanes) {
        // A builder that got no process has told nobody what it printed.
        if (exitCode !== 0) continue;
        const number = String(event.iteration).padStart(4, '0');
        const file = path.join(run, 'iterations', event.arm, number, `${lane}.stderr`);
        const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
        if (printed.has(sum)) whole++;
        else broken.push(file);
      }
    }
    return { whole, broken, unreadable: journal.unreadable.length };
  }

  /** What runs still that has this place in its command line or environment. */
  processes(): string[] {
    return readdirSync('/proc').filter((pid) => {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`SCARCE=${this.at('stand-in')}`);
      } catch {
        return false;
      }
    });
  }

  leftovers(): string[] {
    return existsSync(this.at('tmp')) ? readdirSync(this.at('tmp')) : [];
  }
}

/** Lines that are no progress of lanes; the program may say one sentence beside those. */
export function sentences({ stderr }: Pick<Ended, 'stderr'>): string[] {
  return stderr
    .split('\n')
    .filter((line) => !/^\S+ \d+\/\d+: /.test(line))
    .filter((line) =>
      / cannot (?:be|go on|start)\b|\bcan be made\b|\bfault of buildrace\b|^\s+at .*:\d+/.test(line),
    );
}
