import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../places.js';

/**
 * A stack whose places in bundled files are those of the sources (`src/cli/run.ts:90:12`), as far as the maps beside
 * the files tell. Read when there is a fault only: `--enable-source-maps` would read them at every start.
 */
export function withSourcePlaces(stack: string): string {
  const maps = new Map<string, SourceMap | null>();
  return stack.replaceAll(
    /(file:\/\/\S+?\.js):(\d+):(\d+)/g,
    (place, url: string, line: string, column: string) => {
      const known = maps.get(url);
      const map = known === undefined ? readMap(url) : known;
      maps.set(url, map);
      // A map counts from 0, a stack from 1.
      const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
      if (entry === undefined || !('originalSource' in entry)) return place;
      const source = path.resolve(path.dirname(fileURLToPath(url)), entry.originalSource);
      const shown = path.relative(packageFolder, source);
      return `${shown}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    },
  );
}

function readMap(url: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
  } catch {
    return null;
  }
}
