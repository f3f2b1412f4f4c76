import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
export const mainFile = path.join(projectRoot, 'dist/main.js');
export const recordedLogs = path.join(projectRoot, 'test/recorded-logs');
export const appleStandIn = path.join(projectRoot, 'test/stand-ins');
