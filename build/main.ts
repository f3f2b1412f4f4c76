/**
 * What `npm run build` does after `tsc`, which checks the types and writes the declarations: the program and the
 * library as few files, as Node takes longer to find and read 500 small ones than to run them, with their licences.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bundled } from './bundle.js';
import { licencesOf } from './licences.js';
import { writeBuilt } from './write.js';

const root = path.resolve(import.meta.dirname, '..');
const { dependencies = {} } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  dependencies?: Record<string, string>;
};
const { files, metafile } = await bundled(root, Object.keys(dependencies));
files.set('THIRD-PARTY-LICENSES.txt', Buffer.from(licencesOf(root, metafile)));
writeBuilt(path.join(root, 'dist'), files);
