/** What the placeholders of tags and build arguments stand for in one lane of one iteration. */
export interface Placeholders {
  readonly run: string;
  readonly arm: string;
  readonly lane: string;
  readonly iteration: number;
  /** Null where the scenario has none; its placeholder then stays. */
  readonly registry: string | null;
}

export function fillIn(template: string, values: Placeholders): string {
  return template.replace(/\{(run|arm|lane|iteration|registry)\}/g, (whole, key: keyof Placeholders) =>
    String(values[key] ?? whole),
  );
}
