import path from 'node:path';
import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { UserError } from '../errors.js';
import { inconsistencies } from './consistency.js';
import { expectation } from './expectation.js';
import { type Mistake, mistakesOf } from './mistakes.js';
import { tooDeep } from './nesting.js';
import { AliasError, plainValue } from './plain-value.js';
import { readScenarioText } from './read-text.js';
import { type ScenarioSource, scenarioSchema } from './schema.js';
import { SourceLines } from './source-lines.js';

/** A scenario file that was read and found right. */
export interface Scenario {
  /** The file's name without its ending. */
  readonly name: string;
  /** Absolute path of the file. */
  readonly file: string;
  readonly text: string;
  readonly source: ScenarioSource;
}

/**
 * Reads and validates a scenario file.
 * @throws {UserError} one sentence for each mistake, with file, line, key and what was expected.
 */
export async function loadScenario(file: string): Promise<Scenario> {
  const absolute = path.resolve(file);
  const text = await readScenarioText(file);
  const { source, mistakes } = parseScenario(text);
  if (source === null) {
    throw new UserError(mistakes.map(({ line, sentence }) => `${file}:${line}: ${sentence}`).join('\n'));
  }
  return { name: scenarioName(absolute), file: absolute, text, source };
}

/** The name of a scenario: its file's, made fit for folder and image names. */
export function scenarioName(file: string): string {
  const base = path.basename(file).replace(/\.ya?ml$/i, '');
  const fit = base
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return fit || 'scenario';
}

interface Parsed {
  readonly source: ScenarioSource | null;
  /** Where there are some, there is no source. */
  readonly mistakes: readonly Mistake[];
}

const wrong = (...mistakes: readonly Mistake[]): Parsed => ({
  source: null,
  mistakes: mistakes.toSorted((a, b) => a.line - b.line),
});

function parseScenario(text: string): Parsed {
  const deep = tooDeep(text);
  if (deep !== null)
    return wrong({ line: text.slice(0, deep).split('\n').length, sentence: 'this is nested too deeply' });
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const lines = new SourceLines(document, counter);
  const syntax = document.errors[0] ?? document.warnings[0];
  if (syntax) return wrong({ line: lines.atOffset(syntax.pos[0]), sentence: syntaxSentence(syntax) });
  let plain: unknown;
  try {
    plain = plainValue(document);
  } catch (error) {
    if (!(error instanceof AliasError)) throw error;
    return wrong({ line: lines.atOffset(error.offset), sentence: error.message });
  }
  const parsed = scenarioSchema.safeParse(plain, { error: expectation });
  if (!parsed.success) return wrong(...mistakesOf(parsed.error, plain, lines));
  const broken = inconsistencies(parsed.data);
  if (broken.length === 0) return { source: parsed.data, mistakes: [] };
  return wrong(...broken.map(({ path: at, message }) => ({ line: lines.ofValue(at), sentence: message })));
}

function syntaxSentence({ code, message }: YAMLError): string {
  return code === 'MULTIPLE_DOCS' ? 'expected one YAML document, got several' : message;
}
