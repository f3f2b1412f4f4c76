import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { UserError } from '../../src/errors.js';
import { programOnPath } from '../../src/registry/program.js';
import { startRegistry } from '../../src/registry/start.js';
import { type Place, test } from '../builders/place.js';

const printed = 'docker-registry github.com/docker/distribution 2.8.2+ds1';

/** A program that answers as distribution's registry does: it is asked for its version, and told to serve a file. */
async function standIn(place: Place, serve: string, version = printed, name = 'docker-registry') {
  const file = path.join(place.bin, name);
  const source = `#!${process.execPath}
const { createServer } = require('node:http');
const { writeFileSync } = require('node:fs');
if (process.argv[2] === '--version') { console.log(${JSON.stringify(version)}); process.exit(0); }
writeFileSync(${JSON.stringify(path.join(place.folder, 'called.json'))}, JSON.stringify({ args: process.argv.slice(2), env: process.env }));
const listen = () => {
  const server = createServer((request, response) => response.end('{}')).listen(0, '127.0.0.1', () =>
    console.error('level=info msg="listening on 127.0.0.1:' + server.address().port + '"'));
};
${serve}
`;
  await writeFile(file, source);
  await chmod(file, 0o755);
  return file;
}

function start(place: Place, env: NodeJS.ProcessEnv = {}) {
  const full = { PATH: place.bin, ...env };
  return startRegistry({
    scratch: path.join(place.folder, 'scratch'),
    log: path.join(place.folder, 'registry.log'),
    env: full,
  });
}

async function failure(place: Place) {
  const error = await start(place).catch((caught) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(error.exitCode).toBe(3);
  return error.message as string;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('startRegistry', () => {
  test('gives the address that the registry chose, and ends it', async ({ place }) => {
    await standIn(place, 'listen();');
    const registry = await start(place, {
      REGISTRY_HTTP_ADDR: ':80',
      OTEL_TRACES_EXPORTER: 'otlp',
      KEPT: '1',
    });
    expect((await fetch(`http://${registry.address}/v2/`)).ok).toBe(true);
    expect(await readFile(registry.log, 'utf8')).toContain(registry.address);
    const { args, env } = JSON.parse(await readFile(path.join(place.folder, 'called.json'), 'utf8'));
    expect(args[0]).toBe('serve');
    expect(await readFile(args[1], 'utf8')).toContain(path.join(place.folder, 'scratch/registry'));
    expect(env).toMatchObject({ KEPT: '1', OTEL_TRACES_EXPORTER: 'none' });
    expect(env).not.toHaveProperty('REGISTRY_HTTP_ADDR');
    expect(isAlive(registry.pid)).toBe(true);
    await registry.stop();
    expect(isAlive(registry.pid)).toBe(false);
    await registry.stop();
  });

  test('shows the end of the log of one that dies', async ({ place }) => {
    await standIn(place, 'for (let n = 1; n < 9; n++) console.error("line " + n); process.exitCode = 1;');
    const message = await failure(place);
    expect(message).toMatch(
      /^The registry that buildrace started ended at once; name one .*--registry HOST:PORT/,
    );
    expect(message).toContain('line 4\nline 5\nline 6\nline 7\nline 8');
    expect(message).not.toContain('line 3');
  });

  test('kills what does not end by itself', async ({ place }) => {
    await standIn(place, 'process.on("SIGTERM", () => {}); listen();');
    const { pid, stop } = await start(place);
    await stop();
    expect(isAlive(pid)).toBe(false);
  });

  test('says how a registry is had', async ({ place }) => {
    expect(await failure(place)).toMatch(
      /^No registry can be started here: no registry program .* is on PATH; mend: .*--registry HOST:PORT\.$/,
    );
  });

  test('leaves nothing behind when this process ends in between', async ({ place }) => {
    await standIn(place, 'listen();');
    const script = `
      import { startRegistry } from ${JSON.stringify(path.resolve('src/registry/start.ts'))};
      const place = { scratch: ${JSON.stringify(path.join(place.folder, 's'))}, log: ${JSON.stringify(path.join(place.folder, 'l'))} };
      const { pid } = await startRegistry({ ...place, env: { PATH: ${JSON.stringify(place.bin)} } });
      process.stdout.write(String(pid), () => process.exit(70));`;
    const file = path.join(place.folder, 'ends.mts');
    await writeFile(file, script);
    const ended = await promisify(execFile)(process.execPath, [
      '--import',
      import.meta.resolve('tsx'),
      file,
    ]).catch((error) => error);
    expect(ended.code, ended.stderr).toBe(70);
    const pid = Number(ended.stdout);
    for (let tries = 0; isAlive(pid) && tries < 100; tries++) await sleep(20);
    expect(isAlive(pid)).toBe(false);
  });
});

describe('programOnPath', () => {
  test('takes the one that is distribution’s, whatever it is called', async ({ place }) => {
    expect(await programOnPath(place.surroundings())).toEqual({
      found: false,
      program: null,
      version: null,
      missing: [
        {
          what: 'no registry program (docker-registry or registry) is on PATH',
          mend: expect.stringContaining('apt-get install docker-registry'),
        },
      ],
    });
    expect(await programOnPath(place.surroundings({ platform: 'darwin' }))).toMatchObject({
      missing: [{ mend: expect.stringContaining('github.com/distribution/distribution') }],
    });
    await standIn(place, '', 'registry 1.0, a tool for something else', 'docker-registry');
    expect(await programOnPath(place.surroundings())).toMatchObject({ found: false });
    const file = await standIn(
      place,
      '',
      'registry github.com/distribution/distribution/v3 3.0.0',
      'registry',
    );
    expect(await programOnPath(place.surroundings())).toEqual({
      found: true,
      program: file,
      version: '3.0.0',
      missing: [],
    });
  });
});
