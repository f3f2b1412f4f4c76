import { execa } from 'execa';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { junitReport } from '../../src/reports/junit.js';
import { arm, driftExample, fullRun, signal } from '../reports/sample-result.js';
import { lab } from './lab.js';

/** What a real parser reads, by an XPath expression. */
async function read(document: string, expression: string): Promise<string> {
  const ended = await execa('xmllint', ['--nonet', '--xpath', expression, '-'], {
    env: { ...lab, LC_ALL: 'C.UTF-8' },
    input: document,
    stripFinalNewline: false,
  });
  return ended.stdout.replace(/\n$/, '');
}

it('a parser reads what the report says', async () => {
  const document = junitReport.render(fullRun());
  expect(await read(document, 'count(//testcase)')).toBe('7');
  expect(await read(document, 'count(//failure)')).toBe('4');
  expect(await read(document, 'string(/testsuites/testsuite/@tests)')).toBe('7');
  expect(await read(document, 'string(//testcase[1]/failure/@message)')).toBe(
    '5 of 5 iterations (57–100 %, Wilson 95 %)',
  );
  expect(await read(document, 'string(//testcase[1]/failure)')).toContain(
    'RUN mkdir -p /install &&     head -c 1048576 /dev/urandom > /install/payload',
  );
});

it('whatever a log holds, a parser takes the document', async () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    fc.constantFrom(']]>', '<', '&', '"', '&#0;', '\0', '\ud800', '\ufffe', '<![CDATA[', '<!--', '😀'),
  );
  await fc.assert(
    fc.asyncProperty(fc.string({ unit, minLength: 1 }), async (text) => {
      const examples = [{ ...driftExample, message: text, evidence: [{ line: 1, text }] }];
      const result = fullRun({
        scenario: text,
        again: text,
        arms: [arm('two', { signals: [signal('hang', 1, 5, { examples })] }), arm('no', { skipped: text })],
      });
      expect(await read(junitReport.render(result), 'count(//testcase)')).toBe('2');
    }),
    { numRuns: 100 },
  );
});
