import type { Find, Rule } from './find.js';
import { isTellingHost, isTellingUser } from './people.js';
import type { RedactionOptions } from './redact.js';

/** The user's name, home and machine, found as words. */
export function ownNames({ name, home, host }: RedactionOptions['user']): Rule {
  const table: { kind: Find['kind']; expression: RegExp }[] = [];
  const folder = home.replace(/[/\\]+$/, '');
  if (folder.length >= 4 && folder !== '/root' && !/^\/(?:home|Users|nonexistent|tmp|var|usr)$/.test(folder))
    table.push({ kind: 'home', expression: new RegExp(`(?<![\\w.~-])${escaped(folder)}(?![\\w-])`, 'g') });
  if (isTellingUser(name))
    table.push({
      kind: 'user',
      expression: new RegExp(`(?<![A-Za-z0-9])${escaped(name)}(?![A-Za-z0-9])`, 'g'),
    });
  for (const one of new Set([host, host.split('.')[0] ?? ''])) {
    if (!isTellingHost(one)) continue;
    table.push({
      kind: 'host',
      expression: new RegExp(`(?<![A-Za-z0-9])${escaped(one)}(?![A-Za-z0-9])`, 'gi'),
    });
  }
  return {
    name: 'own-names',
    find(text, report) {
      for (const { kind, expression } of table) {
        for (const { index, 0: found } of text.matchAll(expression))
          report({ start: index, end: index + found.length, kind, everywhere: [] });
      }
    },
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
