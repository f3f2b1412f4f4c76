import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../e2e/paths.js';
import { test as inFolder } from '../scenario/folder.js';
import { writeHostileRun } from './hostile-run.js';
import { program } from './program.js';

const read = (file: string): Promise<string> => readFile(path.join(projectRoot, file), 'utf8');

inFolder('reading a run connects nowhere and starts nothing, whatever its plan names', async ({ folder }) => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const run = await writeHostileRun(folder.at('run'), { kind: 'buildctl', text: '' });
  const plan = JSON.parse(await readFile(path.join(run, 'plan.json'), 'utf8'));
  const here = `127.0.0.1:${port}`;
  const touched = folder.at('touched');
  await folder.write(
    'run/plan.json',
    JSON.stringify({
      ...plan,
      registry: here,
      again: `touch ${touched}`,
      builder: { ...plan.builder, instance: `tcp://${here}` },
    }),
  );
  const journal = await readFile(path.join(run, 'journal.jsonl'), 'utf8');
  await folder.write(
    'run/journal.jsonl',
    journal.replaceAll('["--x","build"]', JSON.stringify(['touch', touched])),
  );
  expect(await readFile(path.join(run, 'journal.jsonl'), 'utf8')).toContain('"touch"');
  for (const words of [
    ['analyze', run],
    ['show', run],
    ['report', run, '--format', 'html'],
    ['report', run, '--format', 'issue'],
    ['bundle', run, '--output', folder.at('b.zip')],
    ['compare', run, run],
  ])
    expect([0, 4]).toContain((await program(words)).exitCode);
  expect(connections).toBe(0);
  expect(await readdir(folder.path)).not.toContain('touched');
  await new Promise((resolve) => server.close(resolve));
});

test('only what talks to a registry or to a daemon of the run’s own can talk to a network', async () => {
  const files = (await readdir(path.join(projectRoot, 'src'), { recursive: true })).filter((name) =>
    /\.tsx?$/.test(name),
  );
  expect(files.length).toBeGreaterThan(300);
  const talking: string[] = [];
  for (const file of files) {
    const text = await read(path.join('src', file));
    const imports = /from '(?:node:)?(?:https?|http2|tls|dgram|dns(?:\/promises)?|inspector)'/.test(text);
    const connects = /(?:\bfetch\(|\bWebSocket\b|\bEventSource\b|createConnection|net\.connect)/.test(text);
    if (imports || connects) talking.push(file);
  }
  expect(talking.sort()).toEqual([
    'builders/buildkitd/debug-address.ts',
    'registry/find.ts',
    'registry/http.ts',
  ]);
});

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
}

describe('what is installed', () => {
  test('is fixed by its content, comes from one registry, and runs nothing as it is installed', async () => {
    const lock: { packages: Record<string, Locked> } = JSON.parse(await read('package-lock.json'));
    const packages = Object.entries(lock.packages).filter(([name]) => name !== '');
    expect(packages.length).toBeGreaterThan(100);
    for (const [name, { integrity, resolved = 'https://registry.npmjs.org/' }] of packages) {
      expect(integrity, name).toMatch(/^sha512-/);
      expect(resolved, name).toMatch(/^https:\/\/registry\.npmjs\.org\//);
    }
    const scripts = packages.filter(([, one]) => one.hasInstallScript && !one.dev).map(([name]) => name);
    expect(scripts).toEqual([]);
  });
});

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Record<
    string,
    { permissions?: unknown; steps: { uses?: string; run?: string; with?: Record<string, unknown> }[] }
  >;
}

describe('the workflows', async () => {
  const names = await readdir(path.join(projectRoot, '.github/workflows'));
  test.for(names)(
    '%s: actions by their commits, no rights but to read, no text of others in a shell',
    async (name) => {
      const { permissions, jobs }: Workflow = parse(await read(path.join('.github/workflows', name)));
      expect(permissions).toEqual({ contents: 'read' });
      const steps = Object.values(jobs).flatMap((job) => {
        expect(job.permissions).toBeUndefined();
        return job.steps;
      });
      expect(steps.length).toBeGreaterThan(3);
      for (const { uses, run, with: given } of steps) {
        if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w/-]+@[0-9a-f]{40}$/);
        if (uses?.startsWith('actions/checkout@'))
          expect(given).toMatchObject({ 'persist-credentials': false });
        expect(run ?? '').not.toContain('${{');
      }
    },
  );
});
