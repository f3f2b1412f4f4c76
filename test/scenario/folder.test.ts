import { chmod, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import {
  contentHash,
  dockerfileFolder,
  fileInside,
  readFolder,
  refuseResultsInside,
} from '../../src/scenario/folder.js';
import { asNobody } from './as-nobody.js';
import { test } from './folder.js';
import { mkfifoSync } from './mkfifo.js';

describe('the Dockerfile folder', () => {
  test('is found beside the scenario, as a real path', async ({ folder }) => {
    await mkdir(folder.at('real'));
    await symlink(folder.at('real'), folder.at('link'));
    expect(await dockerfileFolder(folder.at('scenarios/s.yaml'), '../link')).toBe(folder.at('real'));
  });

  test('is refused when it is absolute', async ({ folder }) => {
    await expect(dockerfileFolder('s.yaml', folder.path)).rejects.toThrow(
      `s.yaml: dockerfiles: expected a path relative to the scenario, got ${folder.path}`,
    );
  });

  test('is refused when it is missing or a file', async ({ folder }) => {
    const scenario = await folder.write('s.yaml', '');
    await expect(dockerfileFolder(scenario, 'none')).rejects.toThrow(
      `dockerfiles: there is no folder ${folder.at('none')}`,
    );
    await expect(dockerfileFolder(scenario, 's.yaml')).rejects.toThrow(
      `dockerfiles: there is no folder ${scenario}`,
    );
  });
});

describe('a results folder', () => {
  const refusal = 'of which builds make their context: name one outside of it with --out';

  test('is refused in the Dockerfile folder, also before it is there, or by a link', async ({ folder }) => {
    await mkdir(folder.at('in'));
    await symlink(folder.at('in'), folder.at('link'));
    for (const results of ['in', 'in/a/b', 'link', 'link/a', 'other/../in/a'])
      await expect(refuseResultsInside(folder.at('in'), folder.at(results)), results).rejects.toThrow(
        refusal,
      );
  });

  test('is taken beside it and around it', async ({ folder }) => {
    await mkdir(folder.at('in'));
    await symlink(folder.path, folder.at('in/out'));
    for (const results of ['.', 'in-2', 'none/in', 'in/out', 'in/out/a'])
      await refuseResultsInside(folder.at('in'), folder.at(results));
  });
});

describe('a file inside of a folder', () => {
  test('is found, also in a folder of it, and by a link that stays inside', async ({ folder }) => {
    const file = await folder.write('in/sub/Dockerfile', 'FROM a');
    await symlink('sub/Dockerfile', folder.at('in/link'));
    expect(await fileInside(folder.at('in'), 'sub/Dockerfile', 'the Dockerfile')).toBe(file);
    expect(await fileInside(folder.at('in'), 'sub/../sub/Dockerfile', 'the Dockerfile')).toBe(file);
    expect(await fileInside(folder.at('in'), 'link', 'the Dockerfile')).toBe(folder.at('in/link'));
  });

  test('is found in a folder that is itself reached by a link', async ({ folder }) => {
    await folder.write('real/Dockerfile', 'FROM a');
    await symlink(folder.at('real'), folder.at('alias'));
    expect(await fileInside(folder.at('alias'), 'Dockerfile', 'the Dockerfile')).toBe(
      folder.at('alias/Dockerfile'),
    );
  });

  test('is refused when it is missing', async ({ folder }) => {
    await expect(fileInside(folder.path, 'Dockerfile', 'the Dockerfile')).rejects.toThrow(
      `the Dockerfile Dockerfile is missing from ${folder.path}`,
    );
    await expect(fileInside(folder.at('none'), 'Dockerfile', 'the Dockerfile')).rejects.toThrow(
      'is missing from',
    );
  });

  test('is refused outside, by .. or as an absolute path', async ({ folder }) => {
    const outside = await folder.write('Dockerfile', 'FROM a');
    await mkdir(folder.at('in'));
    for (const path of ['../Dockerfile', 'sub/../../Dockerfile', outside, '..', '']) {
      await expect(fileInside(folder.at('in'), path, 'the Dockerfile')).rejects.toThrow(
        'lies outside of its folder',
      );
    }
  });

  test('is refused outside, by a link, of the file or of a folder on the way', async ({ folder }) => {
    await folder.write('secret/Dockerfile', 'FROM a');
    // A folder whose name begins like the other's is outside of it as well.
    await folder.write('in-not/Dockerfile', 'FROM a');
    await mkdir(folder.at('in'));
    await symlink('../secret/Dockerfile', folder.at('in/file'));
    await symlink('../secret', folder.at('in/folder'));
    await symlink(folder.at('in-not/Dockerfile'), folder.at('in/neighbour'));
    for (const path of ['file', 'folder/Dockerfile', 'neighbour']) {
      await expect(fileInside(folder.at('in'), path, 'the Dockerfile')).rejects.toThrow(
        'is a link that leads out of',
      );
    }
  });

  test('is refused when it is a folder, a pipe, or a link to nothing', async ({ folder }) => {
    await mkdir(folder.at('sub'));
    mkfifoSync(folder.at('pipe'));
    await symlink('nothing', folder.at('dangling'));
    await expect(fileInside(folder.path, 'sub', 'the Dockerfile')).rejects.toThrow('is no file');
    await expect(fileInside(folder.path, 'pipe', 'the Dockerfile')).rejects.toThrow('is no file');
    await expect(fileInside(folder.path, 'dangling', 'the Dockerfile')).rejects.toThrow('is missing from');
  });
});

describe('the folder by content', () => {
  test('holds regular files of all depths, sorted, and no links', async ({ folder }) => {
    await folder.write('b/c', 'C');
    await folder.write('a', Buffer.from([0, 255]));
    await folder.write('.hidden', '');
    await symlink('a', folder.at('link'));
    mkfifoSync(folder.at('pipe'));
    expect(await readFolder(folder.path)).toEqual([
      { path: '.hidden', content: Buffer.alloc(0) },
      { path: 'a', content: Buffer.from([0, 255]) },
      { path: 'b/c', content: Buffer.from('C') },
    ]);
  });

  test('is limited to 2000 files', async ({ folder }) => {
    await Promise.all(Array.from({ length: 2_000 }, (_, i) => writeFile(folder.at(String(i)), '')));
    expect(await readFolder(folder.path)).toHaveLength(2_000);
    await folder.write('one-more', '');
    await expect(readFolder(folder.path)).rejects.toThrow(
      'holds 2001 files; a run keeps it by content, so at most 2000 files',
    );
  });

  test('is limited to 32 MiB, which is known before anything is read', async ({ folder }) => {
    const sparse = await folder.write('large', '');
    await truncate(sparse, 32 * 1024 * 1024 + 1);
    await expect(readFolder(folder.path)).rejects.toThrow('holds 33554433 bytes');
    await truncate(sparse, 32 * 1024 * 1024);
    expect(await readFolder(folder.path)).toHaveLength(1);
  });

  test('says what cannot be read', async ({ folder }) => {
    await chmod(folder.path, 0o755);
    const file = await folder.write('secret', 'x');
    await chmod(file, 0o000);
    await expect(asNobody(() => readFolder(folder.path))).rejects.toThrow(
      `the Dockerfile folder ${folder.path} cannot be read: EACCES at ${file}`,
    );
  });
});

describe('the content hash', () => {
  const file = fc.record({
    path: fc.string(),
    content: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  });
  const scenario = fc.record({ text: fc.string(), files: fc.array(file, { maxLength: 4 }) });
  const hash = ({ text, files }: { text: string; files: { path: string; content: Buffer }[] }): string =>
    contentHash(text, files);

  test('is the same of the same', () => {
    fc.assert(
      fc.property(scenario, ({ text, files }) => {
        const copy = files.map(({ path, content }) => ({ path, content: Buffer.from(content) }));
        expect(hash({ text, files: copy })).toBe(hash({ text, files }));
      }),
    );
  });

  test('changes with any byte of a file', () => {
    const withPlace = fc.tuple(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
    );
    fc.assert(
      fc.property(withPlace, ([bytes, at, flip]) => {
        const changed = Buffer.from(bytes);
        const i = at % bytes.length;
        changed[i] = (changed[i] ?? 0) ^ flip;
        const of = (content: Uint8Array): string =>
          contentHash('t', [{ path: 'f', content: Buffer.from(content) }]);
        expect(of(changed)).not.toBe(of(bytes));
      }),
    );
  });

  test('changes with the text, with a path, and where a byte moves from one place to the next', () => {
    const base = contentHash('ab', [{ path: 'f', content: Buffer.from('xy') }]);
    const others = [
      contentHash('abf', [{ path: '', content: Buffer.from('xy') }]),
      contentHash('a', [{ path: 'f', content: Buffer.from('xy') }]),
      contentHash('ab', [{ path: 'g', content: Buffer.from('xy') }]),
      contentHash('ab', [
        { path: 'f', content: Buffer.from('x') },
        { path: 'y', content: Buffer.alloc(0) },
      ]),
      contentHash('ab', [{ path: 'f', content: Buffer.from('x') }]),
      contentHash('ab', [{ path: 'f\x002\0xy', content: Buffer.alloc(0) }]),
      contentHash('ab', []),
    ];
    expect(new Set([base, ...others]).size).toBe(8);
  });

  test('is not that of a text or a content that imitates a file', () => {
    const file = (path: string, content: string) => ({ path, content: Buffer.from(content) });
    expect(contentHash('t\0p\x001\0c', [])).not.toBe(contentHash('t', [file('p', 'c')]));
    expect(contentHash('t\0p\0c', [])).not.toBe(contentHash('t', [file('p', 'c')]));
    expect(contentHash('t', [file('p', 'c\0q\0d')])).not.toBe(
      contentHash('t', [file('p', 'c'), file('q', 'd')]),
    );
    expect(contentHash('t', [file('p', 'c\0q\x001\0d')])).not.toBe(
      contentHash('t', [file('p', 'c'), file('q', 'd')]),
    );
  });

  test('is never the same of two scenarios', () => {
    fc.assert(
      fc.property(scenario, scenario, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(hash(one)).not.toBe(hash(other));
      }),
    );
  });
});
