import { expect, test } from 'vitest';
import { withoutCommands, withoutCommandsInJson } from '../../src/cli/workflow-commands.js';

const action = { GITHUB_ACTIONS: 'true' };
/** As GitHub's runner looks for commands: `::` at the start of a trimmed line, `##[` anywhere. */
const isCommand = (line: string): boolean => line.trimStart().startsWith('::') || line.includes('##[');

test.for([
  '::error::x',
  '  ::add-mask::y\n::set-output name=a::b',
  'text ##[group]z',
  '\t::stop-commands::t',
])('in a job of GitHub Actions %j is no command', (text) => {
  expect(text.split('\n').some(isCommand)).toBe(true);
  expect(withoutCommands(text, action).split('\n').some(isCommand)).toBe(false);
  expect(withoutCommands(text, {})).toBe(text);
});

test('what is no command stays as it is', () => {
  for (const text of ['std::string', 'a :: b', '[::1]:5000', '# [x]'])
    expect(withoutCommands(text, action)).toBe(text);
});

test('a JSON document keeps its values', () => {
  const value = { text: '##[error]x', nested: ['::warning::y'] };
  const text = withoutCommandsInJson(JSON.stringify(value, null, 2), action);
  expect(text.split('\n').some(isCommand)).toBe(false);
  expect(JSON.parse(text)).toEqual(value);
});
