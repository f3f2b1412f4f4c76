/** One start tag of a page, with its attributes as they are written. */
export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const startTag = /<([a-z][a-z0-9-]*)((?:\s+[^\s=<>"'/]+(?:="[^"]*")?)*)\s*\/?>/gi;

/** Start tags of a page, in order; the text of its style and of its script is left out. */
export function tagsOf(page: string): Tag[] {
  return [...withoutInline(page).matchAll(startTag)].map(([, name = '', attributes = '']) => ({
    name,
    attributes: Object.fromEntries(
      [...attributes.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [key, value]),
    ),
  }));
}

/** What a reader sees of a page, without tags. */
export function textOfPage(page: string): string {
  return withoutInline(page)
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** The text of the page's one element of that name. */
export function inlineText(page: string, element: 'style' | 'script'): string {
  return new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(page)?.[1] ?? '';
}

/** The page without the text of its style and of its script, which are ours. */
export function withoutInline(page: string): string {
  return page.replace(/(<(style|script)>)[\s\S]*?(<\/\2>)/g, '$1$3');
}
