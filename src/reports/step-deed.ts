import type { TimedStep } from '../results/detail.js';
import { terminalText } from './escape.js';

/** Options that say how an instruction is carried out, not what it does. */
const options = /^((?:RUN|COPY|ADD)\s+)((?:--[a-z][\w-]*(?:=\S*)?\s+)+)/;

/** What a step does: its text without options such as mounts, and without digests and default registries of images. */
export function deed({ text, name }: TimedStep): string {
  const plain = terminalText(text === '' ? name : text)
    .replace(/\s+/g, ' ')
    .trim();
  return shortImage(
    plain.replace(options, (_, instruction: string, found: string) => {
      const from = /--from=\S+ /.exec(found)?.[0] ?? '';
      return instruction + from;
    }),
  );
}

const shortImage = (text: string): string =>
  text.replace(/@sha256:[0-9a-f]{8,64}/g, '').replace(/\b(FROM |--from=)docker\.io\/(?:library\/)?/, '$1');
