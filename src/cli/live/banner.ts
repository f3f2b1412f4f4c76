import type { ChosenBuilder } from '../../chosen-builder.js';
import { simulatedBanner } from '../../reports/banner.js';
import { terminalText } from '../../reports/escape.js';

/** What is about to be tested; nobody may take the simulated builder for a real one. */
export function bannerFor({ builder, probe }: ChosenBuilder): string {
  const versions = [probe.version, probe.daemonVersion === null ? null : `daemon ${probe.daemonVersion}`];
  const named = [builder.kind, builder.instance ?? probe.name, ...versions].filter((part) => part !== null);
  const line = `builder: ${terminalText(named.join(' '))}\n`;
  if (!builder.simulated) return line;
  const rule = '='.repeat(simulatedBanner.length);
  return `\n${rule}\n${simulatedBanner}\n${rule}\n${line}`;
}
