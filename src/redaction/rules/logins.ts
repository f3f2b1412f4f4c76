import type { Rule } from '../find.js';
import { isSecretName } from '../secret-names.js';
import { isTelling, isTrivial } from '../secret-values.js';
import { passwordIn } from './assignments.js';
import { valueAt } from './values.js';

/** How a program or a file takes a password without a name in front of it. */
interface Form {
  /** Nothing is looked for in a text without this, in lower case. */
  readonly needs: string;
  /** What stands in front of the value; its first group, where it has one, is a name that has to say secret. */
  readonly before: RegExp;
  /** Signs that end the value. */
  readonly until?: string;
}

const table: readonly Form[] = [
  {
    needs: 'login',
    before:
      /\b(?:docker|podman|buildah|crane|oras|helm|nerdctl|skopeo)\b[^\n|;&]{0,120}?\blogin\b[^\n|;&]{0,200}? -p[= ]?/g,
  },
  { needs: 'login', before: /\baz[ \t]+login\b[^\n|;&]{0,200}? -p[= ]/g },
  {
    needs: '--password-stdin',
    before:
      /\b(?:echo[ \t]+(?:-n[ \t]+)?|printf[ \t]+(?:["']?%s(?:\\n)?["']?[ \t]+)?)(?=[^\n|]{1,200}\|[^\n|;&]{0,200}--password-stdin)/g,
  },
  { needs: 'my', before: /\bmysql(?:dump|admin)?\b[^\n|;&]{0,200}? -p/g },
  { needs: 'mariadb', before: /\bmariadb\b[^\n|;&]{0,200}? -p/g },
  { needs: 'sshpass', before: /\bsshpass[ \t]+-p[= ]?/g },
  { needs: 'redis-cli', before: /\bredis-cli\b[^\n|;&]{0,200}? (?:-a|--pass)[= ]/g },
  {
    needs: ' -',
    before:
      /\b(?:curl|wget)\b[^\n|;&]{0,300}? (?:-[a-zA-Z]{0,8}u|--user|--proxy-user)[= ]?(?=["']?[^\s:"']{1,100}:[^\s/])/g,
  },
  { needs: 'bearer', before: /\bBearer[ \t]+(?=[A-Za-z0-9._~+/=-]{8})/g },
  { needs: 'basic', before: /\bBasic[ \t]+(?=[A-Za-z0-9._~+/=-]{8})/g },
  // ~/.netrc.
  {
    needs: 'password',
    before:
      /\b(?:machine[ \t]+[^\s]{1,255}|default)(?:[ \t]+(?:login|account)[ \t]+[^\s]{1,100}){0,2}[ \t]+password[ \t]+/g,
  },
  {
    needs: 'password',
    before: /\blogin[ \t]+[^\s]{1,100}(?:[ \t]+account[ \t]+[^\s]{1,100})?[ \t]+password[ \t]+/g,
  },
  // npm's, pip's and others' own settings.
  { needs: ':_', before: /:_(?:authToken|auth|password)[ \t]+/g },
  {
    needs: 'config',
    before:
      /\bconfig[ \t]+(?:set[ \t]+)?(?:--?[\w-]{1,40}[ \t]+){0,3}(?:[\w/.:-]{0,200}[/.:])?([\w-]{3,60})[ \t]+/g,
  },
  { needs: 'aws secret', before: /\bAWS Secret Access Key(?: \[[^\]\n]{0,60}\])?:[ \t]*/g },
  // Signatures of addresses and requests: as good as a password until they expire.
  { needs: 'sig=', before: /(?:[?&;]|%26)sig=(?=[\w%+/=-]{16})/gi, until: '&#' },
  { needs: 'signature=', before: /\bSignature=(?=[\w%+/=-]{8})/g, until: ',&' },
  {
    needs: '_proxy',
    before: /\b(?:https?|all|ftp)_proxy["']?[=:][ \t]*["']?(?=[^\s:/@"']{1,100}:[^\s@/"']{1,200}@)/gi,
    until: '@',
  },
  { needs: 'jdbc:oracle', before: /\bjdbc:oracle:\w{1,10}:(?=[\w.-]{1,100}\/[^\s@]{1,200}@)/g, until: '@' },
  // XML.
  { needs: '</', before: /<([\w:.-]{3,100})>[ \t]*(?=[^<\n]{1,1000}<\/)/g, until: '<' },
  { needs: 'value=', before: /\b(?:key|name)=\\?["']([\w:.-]{3,100})\\?["'][ \t]+value=/gi },
];

export const logins: Rule = {
  name: 'logins',
  find(text, report) {
    const lower = text.toLowerCase();
    for (const { needs, before, until } of table) {
      if (!lower.includes(needs)) continue;
      // What stands in a value is no other: it would be read again from each of its words.
      let from = 0;
      for (const { index, 0: words, 1: name } of text.matchAll(before)) {
        if (index < from || !(name === undefined || isSecretName(name))) continue;
        from = give(text, index + words.length, until, report);
      }
    }
    if (lower.includes('password')) onLinesOfTheirOwn(text, report);
  },
};

type Report = Parameters<Rule['find']>[1];

/** Returns where the value ends. */
function give(text: string, at: number, until: string | undefined, report: Report): number {
  const value = valueAt(text, at, until);
  if (value === null) return at;
  const word = text.slice(value.start, value.end);
  // "Basic authentication", "Bearer authorization": words, and no values.
  if (isTrivial(word) || /^[a-z]+$/.test(word) || word.startsWith('-')) return value.end;
  const password = /[:/]/.test(word) ? word.slice(word.search(/[:/]/) + 1) : word;
  if (isTrivial(password)) return value.end;
  report({
    start: value.start,
    end: value.end,
    kind: 'secret',
    everywhere: [word, password, ...passwordIn(word)].filter(isTelling),
  });
  return value.end;
}

/** The lines of a .netrc that is written line by line: `password …` shortly behind `login …`. */
function onLinesOfTheirOwn(text: string, report: Report): void {
  const line =
    /(?<=^|\n)(?:#\d+[ \t]+(?:\d+\.\d+[ \t]+)?)?[ \t]*password[ \t]+(?=[^\s]{1,200}[ \t]*(?:\r?\n|$))/g;
  for (const { index, 0: words } of text.matchAll(line)) {
    if (/(?:^|[ \t\n])login[ \t]+[^\s]{1,100}[ \t]*\n/.test(text.slice(Math.max(0, index - 400), index)))
      give(text, index + words.length, undefined, report);
  }
}
