import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder's programs be these files; declarations and what else lies there stay. What is there already is not
 * touched, and nothing is ever half written: other programs may be running from it.
 */
export function writeBuilt(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, contents] of files) {
    const file = path.join(folder, name);
    if (existsSync(file) && readFileSync(file).equals(contents)) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, contents);
    if (isProgram(contents)) chmodSync(draft, 0o755);
    renameSync(draft, file);
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/\.js(\.map)?$/.test(name) && !files.has(name)) rmSync(path.join(folder, name));
  }
}

const isProgram = (contents: Uint8Array): boolean => Buffer.from(contents.subarray(0, 2)).toString() === '#!';
