import * as z from 'zod';
import { scenarioSchema } from './schema.js';

/** The JSON schema (draft 2020-12) of a scenario file, for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return { title: 'buildrace scenario', ...z.toJSONSchema(scenarioSchema, { io: 'input' }) };
}
