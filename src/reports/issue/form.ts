import type { RunDetail } from '../../results/detail.js';
import type { Part } from './parts.js';
import type { Subject } from './subject.js';

/** The issue form of an upstream project. Labels, order and kinds of fields are its own (`.github/ISSUE_TEMPLATE`). */
export interface IssueForm {
  /** `moby/buildkit`. */
  readonly repository: string;
  /** The form's file name, which its address names. */
  readonly template: string;
  /** Whether the project takes issues that do not come from the form. */
  readonly takesBlank: boolean;
  /** What a title begins with. */
  readonly titlePrefix: string;
  /** Filled, as GitHub writes a form that was sent. */
  fields(detail: RunDetail, subject: Subject): readonly Field[];
  /** Commands whose output the form asks for, of the builder of that run. */
  commands(detail: RunDetail): readonly string[];
}

export interface Field {
  readonly label: string;
  readonly parts: readonly Part[];
  /** Boxes that only the reporter can tick; empty: it is no list of boxes. */
  readonly boxes: readonly string[];
}

export function field(label: string, parts: readonly Part[]): Field {
  return { label, parts, boxes: [] };
}

/** Unticked: nobody else can vouch for what they say. */
export function checkboxes(label: string, boxes: readonly string[]): Field {
  return { label, parts: [], boxes };
}
