import type { Rule } from '../find.js';
import type { Kind } from '../kinds.js';
import { LiteralSet } from '../literals.js';
import { isLetterOrDigit } from './characters.js';

/**
 * Tokens that tell their kind by how they begin, and what goes on behind that. Sources are the services' own descriptions of
 * their token formats. What follows is one class of characters, so that it is decided in one pass; the lengths are smaller
 * than those of whole tokens, as a token that was cut is one still.
 */
const table: readonly (readonly [kind: Kind, beginnings: readonly string[], rest: string])[] = [
  ['github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'], '[A-Za-z0-9_]{12,}'],
  [
    'gitlab-token',
    [
      'glpat-',
      'glptt-',
      'gldt-',
      'glrt-',
      'glrtr-',
      'glcbt-',
      'glft-',
      'glsoat-',
      'glagent-',
      'glimt-',
      'glffct-',
      'gloas-',
    ],
    '[\\w.-]{12,}',
  ],
  ['docker-token', ['dckr_pat_', 'dckr_oat_'], '[\\w-]{12,}'],
  ['aws-key', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], '[A-Z0-9]{12,}'],
  ['google-key', ['AIza', 'ya29.', 'GOCSPX-'], '[\\w.-]{16,}'],
  ['slack-token', ['xoxa', 'xoxb', 'xoxe', 'xoxo', 'xoxp', 'xoxr', 'xoxs'], '[.-][\\w.-]{10,}'],
  ['slack-token', ['xapp-'], '\\d-[\\w-]{10,}'],
  ['npm-token', ['npm_'], '[A-Za-z0-9]{20,}'],
  ['pypi-token', ['pypi-'], '[\\w-]{16,}'],
  [
    'stripe-key',
    ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'pk_live_', 'pk_test_'],
    '[A-Za-z0-9]{10,}',
  ],
  ['stripe-key', ['whsec_'], '[A-Za-z0-9+/=]{16,}'],
  ['ai-token', ['sk-ant-', 'sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-or-v1-'], '[\\w-]{12,}'],
  ['ai-token', ['sk-'], '[A-Za-z0-9]{32,}'],
  ['ai-token', ['hf_'], '[A-Za-z0-9]{20,}'],
  [
    'token',
    ['dop_v1_', 'doo_v1_', 'dor_v1_', 'dapi', 'rubygems_', 'sbp_', 'bkua_', 'bkct_', 'bkat_'],
    '[a-f0-9]{20,}',
  ],
  ['token', ['SG.'], '[\\w-]{12,}(?:\\.[\\w-]+)?'],
  ['token', ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'], '[A-Fa-f0-9]{20,}'],
  ['token', ['hvs.', 'hvb.', 'hvr.'], '[\\w-]{20,}'],
  ['token', ['lin_api_', 'lin_oauth_', 'nfp_', 'AKCp'], '[A-Za-z0-9]{20,}'],
  ['token', ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.scim.', 'dp.audit.'], '[\\w.-]{20,}'],
  ['token', ['AGE-SECRET-KEY-1', 'NRAK-'], '[A-Z0-9]{20,}'],
  [
    'token',
    ['sntrys_', 'sntryu_', 'glsa_', 'glc_', 'ATATT3', 'ops_ey', 'fm1_', 'fm2_', 'fm1r_', 'fm1a_'],
    '[\\w=+/,-]{20,}',
  ],
  ['token', ['HRKU-', 'tskey-', 'CCIPAT_'], '[\\w-]{12,}'],
  ['token', ['oy2'], '[a-z0-9]{43}'],
  ['token', ['key-'], '[0-9a-f]{32}'],
  // Addresses that are as good as a password: chat webhooks.
  [
    'token',
    ['hooks.slack.com/services/', 'hooks.slack.com/workflows/', 'hooks.slack.com/triggers/'],
    '[\\w/-]{8,}',
  ],
  ['token', ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'], '[\\w/-]{8,}'],
  ['token', ['webhook.office.com/webhookb2/'], '[\\w/@-]{8,}'],
  // What comes behind its first part is optional: one that had to come would be looked for again from each "eyJ".
  ['jwt', ['eyJ'], '[\\w-]{10,}(?:\\.[\\w-]+){0,4}'],
];

const beginnings = new LiteralSet(
  table.flatMap(([kind, texts, rest]) => {
    const expression = new RegExp(rest, 'y');
    return texts.map((text) => ({ text, of: { kind, expression } }));
  }),
);

export const tokens: Rule = {
  name: 'tokens',
  find(text, report) {
    let from = 0;
    beginnings.find(text, (start, { text: beginning, of: { kind, expression } }) => {
      // A letter or digit in front means that this is the end of a word, or the middle of what was found already.
      if (start < from || isLetterOrDigit(text.charCodeAt(start - 1))) return;
      expression.lastIndex = start + beginning.length;
      if (!expression.test(text)) return;
      from = expression.lastIndex;
      report({ start, end: from, kind, everywhere: [text.slice(start, from)] });
    });
  },
};
