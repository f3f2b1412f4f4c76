// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's
import { readdir } from 'node:fs/promises';
import { describe, expect, test as plain } from 'vitest';
import { reproductionOf } from '../../../src/reports/reproduction/reproduction.js';
import type { RunDetail } from '../../../src/results/detail.js';
import type { PlannedArm, PlannedBuild, PlannedLane } from '../../../src/scenario/plan.js';
import { plannedArm, plannedBuild, plannedLane } from '../../results/sample-run.js';
import { detailOf } from './planned-detail.js';
import { reproduction, test } from './script-run.js';

/** Texts that would do something, or would not stay what they are, where a shell read them as its own. */
const hostile = [
  '$(touch owned)',
  '`touch owned`',
  "'; touch owned; '",
  '"; touch owned; "',
  'a\ntouch owned\n',
  '\\',
  "\\'",
  '${HOME}',
  '$run',
  '*',
  '~',
  '-x',
  '--help',
  '#',
  '!!',
  '',
  ' ',
  'END_OF_FILE',
  '%s%n',
  'ä€😀',
  '\u202eevil\u202c',
  '\u0007\u001b]0;x\u0007',
  'a,b="c"',
  '{iteration}$(touch owned){lane}',
];

const file = (path: string, content: string | Buffer) => ({
  path,
  sha256: '',
  content: typeof content === 'string' ? content : content.toString('base64'),
  encoding: typeof content === 'string' ? ('utf8' as const) : ('base64' as const),
});

const lane = (build: Partial<PlannedBuild>, name = 'a'): PlannedLane =>
  plannedLane(name, { build: { ...plannedBuild, ...build } });

function detailWith(build: Partial<PlannedBuild>, more: Partial<PlannedArm> = {}): RunDetail {
  const steps = [{ step: 'build' as const, together: true, lanes: [lane(build)] }];
  const { dockerfile = 'Dockerfile' } = build;
  return detailOf([plannedArm({ expects: ['build-failed'], steps, ...more })], 'buildx', [
    file(dockerfile, 'FROM scratch\n'),
  ]);
}

test('hands all of them on at once under bash, too', async ({ bench }) => {
  const buildArgs = Object.fromEntries(hostile.map((text, i) => [`K${i}${text}`, `V${text}`]));
  const { script } = reproduction(detailWith({ buildArgs, tags: hostile.filter(Boolean) }));
  const { calls, exitCode, stderr } = await bench.run(script, { shell: ['bash', '--posix'] });
  expect([exitCode, stderr]).toEqual([1, '']);
  const filled = (text: string) => text.replace('{iteration}', '1').replace('{lane}', 'a');
  for (const [i, text] of hostile.entries()) expect(calls[2]).toContain(`K${i}${text}=V${filled(text)}`);
  expect(calls[3]).toEqual(['docker', 'image', 'rm', '--force', ...hostile.filter(Boolean).map(filled)]);
  expect(await readdir(bench.folder)).toEqual(['logs']);
});

describe('a hostile text', () => {
  test.for(hostile)(
    'hands %j on to the builder as it is, and runs nothing of it',
    async (text, { bench }) => {
      const detail = detailWith({
        buildArgs: { [`K${text}`]: `V${text}`, LANE: 'a' },
        target: `t${text}`,
        platforms: [`p${text}`],
        tags: [text],
      });
      const { script } = reproduction({
        ...detail,
        plan: {
          ...detail.plan,
          arms: detail.plan.arms.map((arm) => ({ ...arm, title: text })),
          scenario: { ...detail.plan.scenario, title: text, reports: [text] },
          builder: { ...detail.plan.builder, version: text },
        },
      });
      const { calls, exitCode, stderr } = await bench.run(script);
      const filled = text.replace('{iteration}', '1').replace('{lane}', 'a');
      const [build = [], removal] = calls.slice(2);
      expect(build.slice(0, 4)).toEqual(['docker', 'buildx', 'build', '--progress']);
      expect(build).toContain(`K${text}=V${filled}`);
      expect(build).toContain(`t${text}`);
      expect(build[build.indexOf('-t') + 1]).toBe(filled);
      expect(build).toContain(`p${text}`);
      expect(removal).toEqual(['docker', 'image', 'rm', '--force', filled]);
      expect([exitCode, stderr]).toEqual([1, '']);
      expect(await readdir(bench.folder)).toEqual(['logs']);
    },
  );
});

test.for(hostile.filter((text) => text.trim() !== ''))(
  'looks for the step %j, and runs nothing of it',
  async (text, { bench }) => {
    const steps = [
      {
        step: 'build' as const,
        together: true,
        lanes: [lane({ buildArgs: { LANE: 'a' }, mustBeCached: [text] })],
      },
    ];
    const detail = detailWith({}, { expects: ['cache-miss'], steps });
    await bench.answers({ a: { log: '#5 [1/1] RUN x\n#5 DONE 0.1s\n' } });
    const { exitCode, stderr } = await bench.run(reproduction(detail).script);
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(await readdir(bench.folder)).toEqual(['logs']);
  },
);

test('a private daemon’s flags are words, too', async ({ bench }) => {
  const daemon = { snapshotter: null, flags: ['--x=$(touch owned)', "'"], keepMegabytes: null, cpus: null };
  const detail = detailOf([plannedArm({ daemon, expects: ['build-failed'] })], 'buildkitd', [
    file('Dockerfile', 'FROM scratch\n'),
  ]);
  const { exitCode } = await bench.run(reproduction(detail).script);
  expect(exitCode).toBe(1);
  expect(await readdir(bench.folder)).toEqual(['logs']);
});

describe('the files that are built', () => {
  const contents: Readonly<Record<string, string | Buffer>> = {
    Dockerfile: "FROM scratch\nEND_OF_FILE\n$(touch owned)\n`touch owned`\n\\\n'\n",
    'no newline at the end': 'x',
    empty: '',
    'deep/er/$(touch owned)': 'END_OF_FILE\nEND_OF_FILE_2\n',
    "it's": '\n\n',
    '-n': '-n\n',
    'line\nbreak': 'a\r\nb\n',
    bytes: Buffer.from([0, 255, 10, 128, 13]),
    bidi: '\u202ex\n',
    tab: '\tindented\n\n',
  };

  test('are written byte for byte', async ({ bench }) => {
    const detail = {
      ...detailOf(
        [plannedArm({ expects: ['build-failed'] })],
        'buildctl',
        Object.entries(contents).map(([name, content]) => file(name, content)),
      ),
    };
    const { script, files } = reproduction(detail);
    expect(files.map(({ path }) => path)).toEqual(
      Object.keys(contents).map((name) => `reproduce-files/${name}`),
    );
    // The stand-in shows what is there when the first build runs.
    const copy = script.replace('reproduce() {', 'reproduce() {\n  cp -R "$files" "$LOGS/kept"');
    const { stderr } = await bench.run(copy);
    expect(stderr).toBe('');
    const { readFile } = await import('node:fs/promises');
    for (const [name, content] of Object.entries(contents)) {
      expect(await readFile(`${bench.folder}/logs/kept/${name}`), name).toEqual(
        Buffer.from(content as string),
      );
    }
    expect(await readdir(bench.folder)).toEqual(['logs']);
  });

  plain.for(['../out', '/etc/x', 'a/../../b', 'a//b', '.', 'a\0b'])('%j is not written', (name) => {
    const files = [file('Dockerfile', 'FROM scratch\n'), file(name, 'x')];
    const made = reproduction(detailOf([plannedArm()], 'buildctl', files));
    expect(made.files.map(({ path }) => path)).toEqual(['reproduce-files/Dockerfile']);
    expect(made.leavesOut.join()).toContain('lead out of their folder');
  });

  plain('a Dockerfile that lies outside is no reproduction', () => {
    const made = reproductionOf(detailWith({ dockerfile: '../Dockerfile' }));
    expect(made).toEqual({ none: 'the run kept no copy of a Dockerfile that it built' });
  });

  test('large ones lie beside the script, which says so where they do not', async ({ bench }) => {
    const files = [file('Dockerfile', 'FROM scratch\n'), file('large', 'x'.repeat(50_000))];
    const made = reproduction(detailOf([plannedArm()], 'buildctl', files));
    expect(made.script.length).toBeLessThan(10_000);
    expect(made.usage.join()).toContain('reproduce-files');
    const { exitCode, stderr } = await bench.run(made.script);
    expect([exitCode, stderr]).toEqual([
      2,
      'reproduce.sh: the folder reproduce-files is not beside this script',
    ]);
  });
});
