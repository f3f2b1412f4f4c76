import type { RunDetail } from '../results/detail.js';
import { isSecretName } from './secret-names.js';
import { mapTexts } from './walk.js';

/** Names of images, behind the words that an image follows. */
const images =
  /(?:\bFROM[ \t]+(?:--platform=[^\s]{1,100}[ \t]+)?|\bmetadata for |\bdocker-image:\/\/)([a-z0-9][\w./:@-]{0,300})/g;
const digests = /\bsha256:([0-9a-f]{12,64})/g;
/** A word as somebody names a lane, an image or a folder. */
const nameLike = /^[a-z]+(?:[-_./:][a-z0-9.]+)*\d{0,4}$/;

/**
 * What a run speaks of by itself. The value of a secret that is one of its words says nothing where it stands alone: to take
 * it out everywhere would tear names of lanes and images, platforms and digests apart.
 */
export class RunWords {
  readonly #words = new Set<string>();
  readonly #digests = new Set<string>();

  /** @param texts all of the run's */
  constructor(detail: RunDetail, texts: Iterable<string>) {
    this.#enterPlan(detail.plan);
    for (const { lanes } of detail.iterations)
      for (const lane of lanes)
        for (const { stage, platform } of lane.steps) {
          this.#enterName(stage ?? '');
          this.#enterName(platform ?? '');
        }
    for (const text of texts) {
      for (const { 1: image = '' } of text.matchAll(images)) this.#enterImage(image);
      for (const { 1: digest = '' } of text.matchAll(digests)) this.#digests.add(digest);
    }
  }

  has(value: string): boolean {
    return this.#words.has(value) || this.#digests.has(value);
  }

  /** Names, tags, targets and platforms; values whose own names say secret are none of them. */
  #enterPlan(plan: RunDetail['plan']): void {
    const { again: _, ...rest } = plan;
    mapTexts(rest, {
      text: (text, name) => {
        if (name === null || !isSecretName(name)) this.#enterName(text);
        return text;
      },
      lines: (lines) => lines,
      command: (words) => words,
      base64: (text) => text,
    });
  }

  #enterName(text: string): void {
    if (text.length > 300 || /\s/.test(text)) return;
    if (nameLike.test(text) || /^[a-z0-9][a-z0-9.-]*(?:[:/][\w.-]+)+$/.test(text)) this.#enterImage(text);
  }

  /** The reference as it stands, its parts, and its tag. */
  #enterImage(image: string): void {
    this.#words.add(image);
    for (const part of image.split(/[/:@]/)) this.#words.add(part);
  }
}
