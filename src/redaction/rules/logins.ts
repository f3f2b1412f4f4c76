import type { Rule } from '../find.js';
import { isTelling, isTrivial } from '../secret-values.js';
import { passwordIn } from './assignments.js';
import { valueAt } from './values.js';

/** How programs take a password without naming it, and schemes of the Authorization header wherever they stand. */
const table: readonly RegExp[] = [
  /\b(?:docker|podman|buildah|crane|oras|helm|nerdctl|skopeo)\b[^\n|;&]{0,120}?\blogin\b[^\n|;&]{0,200}? -p[= ]?/g,
  /\b(?:mysql|mysqldump|mariadb|sshpass)\b[^\n|;&]{0,200}? -p/g,
  /\b(?:curl|wget)\b[^\n|;&]{0,300}? (?:-u|--user|--proxy-user)[= ]?(?=["']?[^\s:"']{1,100}:[^\s/])/g,
  /\b(?:Bearer|Basic)[ \t]+(?=[A-Za-z0-9._~+/=-]{8})/g,
];

export const logins: Rule = {
  name: 'logins',
  find(text, report) {
    for (const one of table) {
      for (const { index, 0: words } of text.matchAll(one)) {
        const value = valueAt(text, index + words.length);
        if (value === null) continue;
        const word = text.slice(value.start, value.end);
        // "Basic authentication", "Bearer authorization": words, and no values.
        if (isTrivial(word) || /^[a-z]+$/.test(word) || word.startsWith('-')) continue;
        const password = word.includes(':') ? word.slice(word.indexOf(':') + 1) : word;
        report({
          start: value.start,
          end: value.end,
          kind: 'secret',
          everywhere: [word, password, ...passwordIn(word)].filter(isTelling),
        });
      }
    }
  },
};
