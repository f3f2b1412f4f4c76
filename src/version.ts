import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageFolder } from './places.js';

/** This program's version, from its package. */
export const toolVersion: string = (
  JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as { version: string }
).version;
