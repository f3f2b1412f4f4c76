import type { lintSource } from '@secretlint/core';
import type { Kind } from './kinds.js';

type Configuration = Parameters<typeof lintSource>[0]['options']['config'];

/** Characters that are looked at at once. */
const blockLength = 4_000_000;

const kindOf: readonly (readonly [RegExp, Kind])[] = [
  [/-github$/, 'github-token'],
  [/-aws$/, 'aws-key'],
  [/-gcp$/, 'google-key'],
  [/-slack$/, 'slack-token'],
  [/-npm$/, 'npm-token'],
  [/-(?:openai|anthropic)$/, 'ai-token'],
  [/-privatekey$/, 'private-key'],
];

/** Tokens that secretlint's recommended rules know. */
export async function knownTokens(texts: Iterable<string>): Promise<Map<string, Kind>> {
  const { lintSource } = await import('@secretlint/core');
  const config = await configuration();
  const found = new Map<string, Kind>();
  for (const content of inBlocks(texts)) {
    const source = { filePath: 'report', content, contentType: 'text' as const, ext: '.txt' };
    const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } });
    for (const { range, ruleId } of messages) {
      const kind = kindOf.find(([rule]) => rule.test(ruleId))?.[1] ?? 'token';
      for (const value of valuesIn(content.slice(...range))) if (!found.has(value)) found.set(value, kind);
    }
  }
  return found;
}

/** All rules but the one that lets a text switch others off (`secretlint-disable`): a log may say what it likes. */
async function configuration(): Promise<Configuration> {
  const { rules } = await import('@secretlint/secretlint-rule-preset-recommend');
  return {
    rules: rules
      .filter(({ meta }) => !meta.id.endsWith('-filter-comments'))
      .map((rule) => ({ id: rule.meta.id, rule, options: {} })),
  };
}

/** Its values: keys line by line; addresses and assignments are the work of rules of our own, which leave the rest of them. */
function valuesIn(text: string): string[] {
  return text
    .split(/\s+|\\n/)
    .filter(
      (word) =>
        word.length >= 12 && word.length <= 4096 && !/:\/\/|[=:"']./.test(word) && !word.startsWith('---'),
    );
}

function* inBlocks(texts: Iterable<string>): Generator<string> {
  let block: string[] = [];
  let length = 0;
  for (const text of texts) {
    block.push(text);
    length += text.length + 1;
    if (length < blockLength) continue;
    yield block.join('\n');
    block = [];
    length = 0;
  }
  if (block.length > 0) yield block.join('\n');
}
