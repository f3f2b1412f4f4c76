import type { Rule } from '../find.js';
import { isGenericUser } from '../people.js';

// C:\Users\ada too, and the same with its backslashes written twice.
const homesOfAll =
  /(?<![\w.~$}-])(?:(?:\/var)?\/home|\/(?:System\/Volumes\/Data\/)?Users|\/export\/home|[A-Z]:(?:\\{1,2}|\/)Users)(?:\/|\\{1,2})([A-Za-z0-9._@-]{1,64})(?![\w@-])/g;

/** Home folders of people: `/home/ada`, `/Users/ada`. Those of images (`/home/node`) stay. */
export const homes: Rule = {
  name: 'homes',
  find(text, report) {
    for (const { index, 0: whole, 1: name = '' } of text.matchAll(homesOfAll)) {
      const trimmed = name.replace(/\.+$/, '');
      if (trimmed === '' || isGenericUser(trimmed)) continue;
      const end = index + whole.length - (name.length - trimmed.length);
      report({ start: index, end, kind: 'home', everywhere: [] });
    }
  },
};
