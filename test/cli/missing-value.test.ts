import { expect, it } from 'vitest';
import { missingValueText, withMissingValue } from '../../src/cli/missing-value.js';
import { UserError } from '../../src/errors.js';

const thrown = (name: string, message: string) => Object.assign(new Error(message), { name });
const after = (argv: readonly string[], error: Error): Promise<unknown> =>
  withMissingValue(argv, () => Promise.reject(error)).catch((caught: unknown) => caught);
const missing = (option: string, ...argv: string[]) =>
  after(argv, thrown('YError', missingValueText(option)));

it('an option without a value is one sentence, with how to write one that begins with a dash', async () => {
  const error = await missing('output', 'bundle', 'run', '--output', '-x.zip');
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    message:
      '--output needs a value; one that begins with a dash is written --output=-x.zip; buildrace --help tells more',
    exitCode: 2,
  });
});

it.each([
  ['nothing', ['--redact']],
  ['another option', ['--redact', '--json']],
])('followed by %s, it has no such hint', async (_, argv) => {
  expect(await missing('redact', ...argv)).toMatchObject({
    message: '--redact needs a value; buildrace --help tells more',
  });
});

it('of an option given twice, the hint is about the one that a dash follows', async () => {
  expect(await missing('redact', '--redact', 'x', '--redact', '-foo')).toMatchObject({
    message: expect.stringContaining('--redact=-foo'),
  });
});

it.each([
  ['of the parser', thrown('YError', 'Invalid first argument. Expected function or boolean')],
  ['of another', thrown('TypeError', missingValueText('output'))],
])('a fault %s stays one', async (_, fault) => {
  expect(await after(['--output', '-x'], fault)).toBe(fault);
});
