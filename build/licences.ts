import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** They let their code be handed on with ours, as long as their texts go along. */
const allowed = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BSL-1.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]);

interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The licence's text, and that of a notice, which Apache's licence wants to be kept. */
  readonly text: string;
}

/**
 * The licences of all packages that code of is in the bundle, each text once, with the packages that it is of.
 * Throws where a package has no text, or a licence that is not known to allow this.
 */
export function licencesOf(root: string, metafile: Metafile): string {
  const byText = new Map<string, Package[]>();
  for (const folder of packageFolders(metafile)) {
    const one = readPackage(path.join(root, folder));
    byText.set(one.text, [...(byText.get(one.text) ?? []), one]);
  }
  const parts = [...byText]
    .map(([text, packages]) => `${packages.map(title).sort().join('\n')}\n\n${text}\n`)
    .sort();
  return ['buildrace holds code of these packages, under these licences.\n', ...parts].join(
    `\n${'-'.repeat(80)}\n\n`,
  );
}

/** Folders in `node_modules` that at least one byte of a bundled file comes from. */
export function packageFolders({ outputs }: Metafile): string[] {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file);
      if (bytesInOutput > 0 && folder !== null) folders.add(folder[0]);
    }
  }
  return [...folders];
}

function readPackage(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string' || !isAllowed(license)) {
    throw new Error(`${name} is under ${license}: not known to be one that may be bundled`);
  }
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort();
  if (!texts.some((file) => !/^notice/i.test(file))) throw new Error(`${name} has no text of its licence`);
  const text = texts.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
  return { name, version, licence: license, text };
}

/** Of an SPDX expression: all of what AND joins, one of what OR joins. */
export function isAllowed(expression: string): boolean {
  const words = expression.replace(/^\(([^()]*)\)$/, '$1');
  return words
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence.trim())));
}

const title = ({ name, version, licence }: Package): string => `${name} ${version} (${licence})`;
