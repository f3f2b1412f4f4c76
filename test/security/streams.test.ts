import { mkdir, rename, writeFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { scenarioNames } from '../../src/scenario/library.js';
import { test as base } from '../scenario/folder.js';
import { hostile, terminalOrders, writeHostileRun } from './hostile-run.js';
import { program, type Said, type Setting } from './program.js';

/** What may stand in lines to read: line breaks, and what our own pages are painted with. */
const paint = /\u001b\[(?:[0-4]|7|9|2[1-479]|[349]\d|10[0-7])m/g;
const acting =
  /(?![\n\t])[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** What of both streams a terminal would obey, or that would deceive its reader, as code points. */
function orders({ stdout, stderr }: Said, mayPaint: boolean): string[] {
  const shown = [stdout, stderr].map((text) => (mayPaint ? text.replaceAll(paint, '') : text)).join('');
  return [...new Set(shown.match(acting) ?? [])].map((c) => `U+${c.codePointAt(0)?.toString(16)}`);
}

/** What a file's name can hold of them. */
const oddName = terminalOrders.replaceAll(/[\0/]/g, '');

const runName = '2026-01-02T03-04-05-678Z-sample-buildctl-x';

const test = base.extend<{ run: string }>({
  run: async ({ folder }, use) => {
    await mkdir(folder.at('results'));
    await use(await writeHostileRun(folder.at('results', runName), { kind: 'buildctl' }));
  },
});

type Words = (run: string, out: string) => readonly string[];
const formats = ['md', 'json', 'junit', 'html', 'issue'];
const commands: readonly [string, Words][] = [
  ['analyze', (run) => ['analyze', run]],
  ['analyze --json', (run) => ['analyze', run, '--json']],
  ['show', (run) => ['show', run, '--arm', 'main', '--iteration', '1']],
  ['show --json', (run) => ['show', run, '--json']],
  ['show --lane', (run) => ['show', run, '--lane', 'a']],
  ['show --lane --json', (run) => ['show', run, '--lane', 'a', '--json']],
  ['show --lane daemon', (run) => ['show', run, '--lane', 'daemon']],
  ['show of an arm that is not there', (run) => ['show', run, '--arm', terminalOrders]],
  ['compare', (run) => ['compare', run, run]],
  ['compare --json', (run) => ['compare', run, run, '--json']],
  ['history', (_, out) => ['history', '--out', out]],
  ['history --json', (_, out) => ['history', '--out', out, '--json']],
  ['merge', (run, out) => ['merge', run, '--out', out]],
  ['baseline save', (run, out) => ['baseline', 'save', run, '--out', out]],
  ['bundle', (run, out) => ['bundle', run, '--output', `${out}/b.zip`]],
  ['bundle --json', (run, out) => ['bundle', run, '--output', `${out}/b.zip`, '--json']],
  ['results prune', (_, out) => ['results', 'prune', '--keep', '0', '--dry-run', '--out', out]],
  ...formats.map((format): [string, Words] => [
    `report ${format}`,
    (run) => ['report', run, '--format', format],
  ]),
];

const settings: readonly [string, Setting][] = [
  ['in a pipe', {}],
  ['on a terminal', { terminal: true }],
];

describe.for(settings)('%s', ([, setting]) => {
  test.for(commands)('%s of a hostile run gives a terminal no orders', async ([, words], { folder, run }) => {
    // The result of the run goes where history finds it.
    await program(['analyze', run]);
    const said = await program(words(run, folder.at('results')), setting);
    expect([0, 2, 4]).toContain(said.exitCode);
    expect(said.stdout.length + said.stderr.length).toBeGreaterThan(0);
    expect(orders(said, setting.terminal === true)).toEqual([]);
  });

  test('nor do a scenario of a stranger, its mistakes, and names of files', async ({ folder }) => {
    const text = JSON.stringify(hostile);
    await folder.write('d/Dockerfile', 'FROM scratch\n');
    const name = `a\u001b]0;hacked\u0007\u009b\u202eb.yaml`;
    const whole = `title: ${text}\ndescription: ${text}\nreports: ["https://a.example/${'x'.repeat(9)}"]\ndockerfiles: d\nsweep: {arg.A: [${text}, b]}\nbuild: {buildArgs: {A: ${text}}, target: ${text}}\narms: [{name: a, role: reproduce, title: ${text}}]\n`;
    const good = await folder.write(name, whole);
    const bad = await folder.write(
      `bad-${name}`,
      `title: 1\n${text}: 1\ndockerfiles: ${text}\nsignals: [${text}]\narms: [{name: ${text}, role: ${text}, build: {tags: [${text}]}}]\n`,
    );
    const broken = await folder.write(`broken-${name}`, `title: [${terminalOrders}\n`);
    for (const words of [
      ...[good, bad, broken].map((file) => ['list', file]),
      ['list', good, '--json'],
      ['list', `no such ${terminalOrders}`],
      ['run', bad, '--builder', 'simulated'],
      ['run', good, '--builder', terminalOrders],
      ['scan', folder.at(`none${oddName}`)],
      ['report', folder.path, '--format', terminalOrders],
      [terminalOrders, `--${terminalOrders}`],
    ]) {
      const said = await program(words, setting);
      expect(said.stdout.length + said.stderr.length).toBeGreaterThan(0);
      expect(orders(said, setting.terminal === true), words.join(' ').slice(0, 40)).toEqual([]);
    }
  });

  test('nor do the names of run directories, baselines and damaged files', async ({ folder, run }) => {
    await program(['analyze', run]);
    const odd = folder.at('results', `2026-x${oddName}`);
    await rename(run, odd);
    await mkdir(folder.at('results', 'baselines'));
    await writeFile(
      folder.at('results', 'baselines', `x\u001b]0;hacked\u0007\u202e.json`),
      `{"schemaVersion":1,"\u009b":2}`,
    );
    await mkdir(folder.at('results', `damaged\u001b[2J\u202e`));
    await writeFile(
      folder.at('results', `damaged\u001b[2J\u202e`, 'plan.json'),
      `{"schemaVersion":1,"\u009b":2}`,
    );
    const out = ['--out', folder.at('results')];
    for (const words of [
      ['analyze', odd],
      ['history', ...out],
      ['history', '--json', ...out],
      ['baseline', 'list', ...out],
      ['baseline', 'save', odd, ...out],
      ['compare', `x\u001b]0;hacked\u0007\u202e`, odd, ...out],
      ['analyze', folder.at('results', `damaged\u001b[2J\u202e`)],
      ['results', 'prune', '--keep', '0', '--dry-run', ...out],
      ['report', odd],
      ['bundle', odd, '--output', folder.at('b.zip')],
    ]) {
      const said = await program(words, setting);
      expect(said.stdout.length + said.stderr.length, words.join(' ')).toBeGreaterThan(0);
      expect(orders(said, setting.terminal === true), words.join(' ').slice(0, 40)).toEqual([]);
    }
  });

  test('nor does a log that is scanned', async ({ folder }) => {
    const step = hostile.replaceAll(/[\r\n]/g, ' ');
    const log = await folder.write(
      `l${oddName}`,
      `#1 [linux/arm64 ${step} 1/1] RUN ${step}\n#1 0.1 ${hostile}\n#1 ERROR: ${step}\n#2 [linux/arm64/v8 ${step} 1/1] RUN a\n#2 DONE 0.1s\nERROR: ${step}\n`,
    );
    for (const words of [
      ['scan', log],
      ['scan', '--json', log],
    ]) {
      const said = await program(words, setting);
      expect(said.exitCode).toBe(0);
      expect(orders(said, setting.terminal === true)).toEqual([]);
    }
  });
});

describe('in a job of GitHub Actions', () => {
  test.for(commands)('%s says no command of the runner but its own', async ([, words], { folder, run }) => {
    const summary = await folder.write('summary.md', '');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const said = await program(words(run, folder.at('results')), { env });
    for (const line of `${said.stdout}${said.stderr}`.split(/[\r\n]/)) {
      // The runner obeys `::` at the start of a line, blanks aside, and `##[` anywhere.
      if (/^\s*::/.test(line))
        expect(line).toMatch(/^::(?:error|warning|notice) title=[^:,\r\n]*::[^\r\n]*$/);
      expect(line).not.toContain('##[');
    }
  });
});

test('the scenarios that come with it are there to be listed', async () => {
  expect((await scenarioNames()).length).toBeGreaterThan(5);
  const said = await program(['list']);
  expect(said.exitCode).toBe(0);
  expect(orders(said, false)).toEqual([]);
});
