import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { dirSync } from 'tmp';
import { test as base, expect, vi } from 'vitest';
import { type Reproduction, reproductionOf } from '../../../src/reports/reproduction/reproduction.js';
import type { RunDetail } from '../../../src/results/detail.js';

/** A script run with stand-ins for all builders: what they were called with, and what the script said. */
export interface ScriptRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Program and arguments of each call, in order; questions whether the builder answers are left out. */
  readonly calls: readonly (readonly string[])[];
}

export interface Bench {
  /** Current folder of the scripts; nothing else is in it but their logs. */
  readonly folder: string;
  /** Where a script makes its temporary folder. */
  readonly temporary: string;
  /** `LANE.json` in it is a build's metadata file, `export` the cache that it exports. */
  readonly answersFolder: string;
  /** Files that the stand-in prints and exit codes that it ends with, by the value of `LANE` in its arguments. */
  answers(
    byLane: Readonly<
      Record<string, { readonly log?: string; readonly exitCode?: number; readonly hangs?: boolean }>
    >,
  ): Promise<void>;
  run(
    script: string,
    options?: {
      readonly args?: readonly string[];
      readonly shell?: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
      /** Sent to the script once a builder was called. */
      readonly signal?: NodeJS.Signals;
    },
  ): Promise<ScriptRun>;
}

/** In one write, so that calls of one instant stay apart; and with no program that the shell can do without. */
const standIn = `#!/bin/sh
program=\${0##*/}
case $program in buildkitd) exec sleep 600 ;; esac
case "$1 $2" in 'debug workers' | 'buildx inspect' | 'builder start' | 'version ' | 'info ') exit 0 ;; esac
printf '%s\\0' \${DOCKER_BUILDKIT:+"DOCKER_BUILDKIT=$DOCKER_BUILDKIT"} "$program" "$@" '<end>' >> "$CALLS"
lane='' folder='' metadata='' before=''
for word; do
  case $word in
    type=local,dest=*) folder=\${word#type=local,dest=} folder=\${folder%%,*} ;;
    *LANE=*) [ -n "$lane" ] || lane=\${word##*LANE=} ;;
  esac
  [ "$before" != --metadata-file ] || metadata=$word
  before=$word
done
[ -z "$folder" ] || [ ! -d "$ANSWERS/export" ] || { mkdir -p "$folder"; cp -R "$ANSWERS/export/." "$folder"; }
[ ! -f "$ANSWERS/$lane.json" ] || cp "$ANSWERS/$lane.json" "$metadata"
[ ! -f "$ANSWERS/$lane.log" ] || cat "$ANSWERS/$lane.log"
[ ! -f "$ANSWERS/$lane.hangs" ] || exec sleep 600
[ ! -f "$ANSWERS/$lane.exit" ] || { read -r code < "$ANSWERS/$lane.exit"; exit "$code"; }
`;

export const test = base.extend<{ bench: Bench }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  bench: async ({}, use) => {
    const { name: place, removeCallback } = dirSync({ prefix: 'reproduction-', unsafeCleanup: true });
    const at = (name: string): string => path.join(place, name);
    for (const name of ['bin', 'answers', 'tmp', 'cwd', 'script']) await mkdir(at(name));
    for (const name of ['buildctl', 'buildkitd', 'docker', 'container', 'buildah', 'podman']) {
      await writeFile(at(`bin/${name}`), standIn);
      await chmod(at(`bin/${name}`), 0o755);
    }
    // A script with a daemon of its own asks who it is.
    await writeFile(at('bin/id'), `#!/bin/sh\necho "\${USER_ID:-0}"\n`);
    await chmod(at('bin/id'), 0o755);
    let runs = 0;
    await use({
      folder: at('cwd'),
      temporary: at('tmp'),
      answersFolder: at('answers'),
      async answers(byLane) {
        for (const [lane, { log, exitCode, hangs }] of Object.entries(byLane)) {
          if (log !== undefined) await writeFile(at(`answers/${lane}.log`), log);
          if (hangs === true) await writeFile(at(`answers/${lane}.hangs`), '');
          if (exitCode !== undefined) await writeFile(at(`answers/${lane}.exit`), `${exitCode}\n`);
        }
      },
      async run(script, { args = [], shell = ['dash'], env = {}, signal } = {}) {
        const calls = at(`calls-${++runs}`);
        await writeFile(calls, '');
        await writeFile(at('script/reproduce.sh'), script);
        const [file = 'dash', ...flags] = shell;
        const running = execa(file, [...flags, at('script/reproduce.sh'), ...args], {
          cwd: at('cwd'),
          env: {
            PATH: `${at('bin')}:/usr/bin:/bin`,
            ...{ TMPDIR: at('tmp'), CALLS: calls, ANSWERS: at('answers'), ITERATIONS: '1', ...env },
          },
          extendEnv: false,
          reject: false,
          stdin: 'ignore',
        });
        if (signal !== undefined) {
          await vi.waitFor(async () => expect(await readFile(calls, 'utf8')).toContain('<end>'), 10_000);
          running.kill(signal);
        }
        const ended = await running;
        const { exitCode = -1, stdout, stderr } = ended;
        return { exitCode, stdout, stderr, calls: callsIn(await readFile(calls, 'utf8')) };
      },
    });
    removeCallback();
  },
});

function callsIn(text: string): string[][] {
  return text
    .split('<end>\0')
    .slice(0, -1)
    .map((call) => call.split('\0').slice(0, -1));
}

/** The reproduction of a run that has one. */
export function reproduction(detail: RunDetail): Reproduction {
  const made = reproductionOf(detail);
  if ('none' in made) throw new Error(`there is none: ${made.none}`);
  return made;
}
