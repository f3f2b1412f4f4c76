import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { unzipSync } from 'fflate';
import { describe, expect } from 'vitest';
import { upstreams } from '../../src/reports/report.js';
import { inlineText, tagsOf, withoutInline } from '../reports/html/page-tags.js';
import { expectHarmless } from '../reports/issue/markdown.js';
import { test as base } from '../scenario/folder.js';
import { hostile, writeHostileRun } from './hostile-run.js';
import { program } from './program.js';

/** A run directory whose every text is hostile, and one whose builder's kind is a word that objects have already. */
const test = base.extend<{ run: string; document: (...words: string[]) => Promise<string> }>({
  run: async ({ folder }, use) => {
    await use(await writeHostileRun(folder.at('run'), { kind: 'buildctl' }));
  },
  document: async ({ run }, use) => {
    await use(async (...words) => {
      const { stdout, exitCode } = await program(['report', run, ...words]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('hacked');
      return stdout;
    });
  },
});

describe('of a hostile run', () => {
  test('Markdown has no link, mention, reference, HTML or open fence', async ({ document }) => {
    // A table's rows are a line each, and spans end within their cells.
    expectHarmless(await document('--format', 'md'));
  });

  test.for([...upstreams])('the issue body for %s is harmless, too', async (upstream, { document }) => {
    expectHarmless(await document('--format', 'issue', '--upstream', upstream));
  });

  test('the job summary is harmless, too', async ({ folder, run }) => {
    const file = await folder.write('summary.md', '');
    await program(['analyze', run], { env: { GITHUB_STEP_SUMMARY: file } });
    await program(['compare', run, run], { env: { GITHUB_STEP_SUMMARY: file } });
    const summary = await readFile(file, 'utf8');
    expect(summary).toContain('hacked');
    expectHarmless(summary);
  });

  test('JUnit is XML that holds nothing but our own elements', async ({ document }) => {
    const xml = await document('--format', 'junit');
    const open: string[] = [];
    const names = new Set<string>();
    const rest = xml
      .replace('<?xml version="1.0" encoding="UTF-8"?>', '')
      .replaceAll(
        /<(\/?)([\w-]+)((?: [\w-]+="[^"<&]*(?:&#\d+;[^"<&]*)*")*)(\/?)>/g,
        (_, end, name, _attributes, empty) => {
          names.add(name);
          if (end === '/') expect(open.pop()).toBe(name);
          else if (empty !== '/') open.push(name);
          return '';
        },
      );
    expect(open).toEqual([]);
    expect(rest).not.toMatch(/[<>]|&(?!#\d+;)/);
    expect(xml).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    expect([...names].sort()).toEqual(expect.arrayContaining(['testcase', 'testsuite', 'testsuites']));
    for (const name of names)
      expect([
        'testsuites',
        'testsuite',
        'testcase',
        'properties',
        'property',
        'failure',
        'error',
        'skipped',
        'system-out',
        'system-err',
      ]).toContain(name);
  });

  test('the page has no element, attribute, address or script but its own', async ({ document }) => {
    const page = await document('--format', 'html');
    const tags = tagsOf(page);
    for (const { name, attributes } of tags) {
      expect(name).not.toMatch(
        /^(?:img|iframe|object|embed|link|base|frame|video|audio|source|template|math|foreignobject|animate|set|use|image)$/i,
      );
      for (const [key, value] of Object.entries(attributes)) {
        expect(key).not.toMatch(/^on/i);
        if (/^(?:href|src|action|xlink:href|formaction)$/i.test(key))
          expect(value).toMatch(/^(?:#[\w-]+|https:\/\/[\w./-]+)$/);
        if (key === 'style') expect(value).toMatch(/^[\w\s:;.%-]*$/);
        if (/^(?:id|class|for|data-[\w-]+)$/.test(key)) expect(value).not.toContain('hacked');
      }
    }
    expect(tags.filter(({ name }) => name === 'script')).toHaveLength(1);
    expect(withoutInline(page)).not.toMatch(/<(?![a-z/!])|<!--/i);
    // What may act is told by its hash, and that is the one script's.
    const hash = createHash('sha256').update(inlineText(page, 'script')).digest('base64');
    expect(page).toContain(`script-src &#39;sha256-${hash}&#39;`.replaceAll('&#39;', "'"));
    expect(inlineText(page, 'script')).not.toContain('hacked');
    expect(inlineText(page, 'style')).not.toContain('hacked');
  });

  test('the zip unpacks below its folder alone, and its script is one', async ({ folder }) => {
    // It is the Dockerfile's name, too; what no path can be, or leads out of its folder, is not written at all.
    const run = await writeHostileRun(folder.at('run'), {
      kind: 'buildctl',
      text: hostile.replaceAll('\0', '').replaceAll('//', '/'),
    });
    const file = folder.at('b.zip');
    expect((await program(['bundle', run, '--output', file])).exitCode).toBe(0);
    const entries = Object.entries(unzipSync(await readFile(file)));
    expect(entries.length).toBeGreaterThan(8);
    const seen = new Set<string>();
    for (const [name] of entries) {
      for (const part of name.split('/')) expect(part).toMatch(/^(?!\.+$)[\w][\w.-]*$/);
      expect(name).not.toMatch(/(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\/|$)/i);
      // Some systems do not tell `A` from `a`.
      expect(seen.has(name.toLowerCase())).toBe(false);
      seen.add(name.toLowerCase());
    }
    const script = entries.find(([name]) => name.endsWith('/reproduce.sh'));
    const text = Buffer.from(script?.[1] ?? []).toString('utf8');
    expect(text.length).toBeGreaterThan(1000);
    await writeFile(folder.at('reproduce.sh'), text);
    for (const shell of ['sh', 'bash']) await execa(shell, ['-n', folder.at('reproduce.sh')]);
    // A shell that looks for its commands finds none of theirs: each is quoted, in a comment or in a file.
    const { all } = await execa('/bin/sh', [folder.at('reproduce.sh'), '--help'], {
      all: true,
      reject: false,
      cwd: folder.path,
      env: { PATH: '/nowhere' },
    });
    expect(all?.length).toBeGreaterThan(10);
    expect(all).not.toMatch(/hacked: (?:command )?not found/);
  });

  test.for(['constructor', '__proto__', 'toString', hostile])(
    'a builder of the kind %j is no key of ours',
    async (kind, { folder }) => {
      const run = await writeHostileRun(folder.at('odd'), { kind, text: '' });
      for (const format of ['md', 'json', 'junit', 'html']) {
        const { exitCode, stderr } = await program(['report', run, '--format', format]);
        expect([exitCode, stderr], format).toEqual([0, expect.not.stringContaining('fault')]);
      }
      for (const words of [
        ['bundle', run, '--output', folder.at('x.zip')],
        ['report', run, '--format', 'issue', '--upstream', 'buildkit'],
        ['compare', run, run],
        ['show', run],
      ]) {
        const { exitCode } = await program(words);
        expect([0, 2, 4], words[0]).toContain(exitCode);
      }
    },
  );
});
