import type { Upstream } from '../report.js';
import { buildkitForm } from './buildkit-form.js';
import { buildxForm } from './buildx-form.js';
import { containerForm } from './container-form.js';
import type { IssueForm } from './form.js';
import { shimForm } from './shim-form.js';

/** The forms of all upstreams. */
export const forms: Readonly<Record<Upstream, IssueForm>> = {
  buildkit: buildkitForm,
  buildx: buildxForm,
  container: containerForm,
  'container-builder-shim': shimForm,
};
