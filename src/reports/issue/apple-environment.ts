import type { RunDetail } from '../../results/detail.js';
import { fenced } from '../escape.js';
import { type Part, shownLine, text } from './parts.js';
import { outputText } from './versions.js';

export type AppleLine = 'OS' | 'Go' | 'Xcode' | 'Container' | 'Builder';

const read: Readonly<Record<AppleLine, (detail: RunDetail) => string>> = {
  OS: (detail) => macOs(outputText(detail, 'sw_vers')) ?? elsewhere(detail),
  Go: (detail) => oneLine(detail, 'go version'),
  Xcode: (detail) => oneLine(detail, 'xcodebuild -version'),
  Container: (detail) => oneLine(detail, 'container --version'),
  Builder: ({ result }) => result.builder.daemonVersion ?? 'version not known',
};

/** The lines that Apple's forms ask for, in the fence that the forms put them in. */
export function appleEnvironment(detail: RunDetail, lines: readonly AppleLine[]): Part {
  return text(
    fenced(
      lines.map((one) => shownLine(`- ${one}: ${read[one](detail)}`)),
      'markdown',
    ),
  );
}

function oneLine(detail: RunDetail, command: string): string {
  return outputText(detail, command)?.split('\n').join(', ') ?? `not recorded (run ${command})`;
}

/** `macOS 26.0 (25A354)`, from what `sw_vers` prints, a name and a value on each line. */
export function macOs(output: string | null): string | null {
  const value = (name: string): string | null =>
    output
      ?.split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? null;
  const [product, version, build] = ['ProductName', 'ProductVersion', 'BuildVersion'].map(value);
  if (!product || !version) return null;
  return `${product} ${version}${build ? ` (${build})` : ''}`;
}

/** Where it was no Mac, or `sw_vers` was not recorded. */
function elsewhere({ environment: { os, kernel } }: RunDetail): string {
  return os.startsWith('Darwin') ? `${os} (run sw_vers)` : `${os.split(' ')[0] ?? os} ${kernel}`;
}
