/** A document of XML 1.0, written so that no text in it can break it. */

/** An element with its attributes and what is in it; text stands as it is, and is escaped here. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | null>>;
  readonly children: readonly (XmlElement | string)[];
}

/** An attribute that is null is left out. */
export function element(
  name: string,
  attributes: XmlElement['attributes'],
  children: XmlElement['children'] = [],
): XmlElement {
  return { name, attributes, children };
}

/** The whole document, ending in a newline. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines(root, '').join('\n')}\n`;
}

function lines({ name, attributes, children }: XmlElement, indent: string): readonly string[] {
  const head = `${indent}<${name}${Object.entries(attributes).map(attribute).join('')}`;
  if (children.length === 0) return [`${head}/>`];
  // Blanks beside text would become part of it.
  if (children.some((child) => typeof child === 'string')) {
    const body = children.map((child) => (typeof child === 'string' ? xmlText(child) : inline(child)));
    return [`${head}>${body.join('')}</${name}>`];
  }
  const inner = children.flatMap((child) => (typeof child === 'string' ? [] : lines(child, `${indent}  `)));
  return [`${head}>`, ...inner, `${indent}</${name}>`];
}

function inline(child: XmlElement): string {
  return lines(child, '').join('');
}

function attribute([name, value]: [string, string | number | null]): string {
  return value === null ? '' : ` ${name}="${xmlAttribute(String(value))}"`;
}

/** What is no Char of XML 1.0 (production 2), written in any way, and halves of surrogate pairs. */
const noChars = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text between tags: a parser gives back the same, but for characters that XML cannot hold, each of them U+FFFD. */
export function xmlText(text: string): string {
  return text.replace(noChars, '\ufffd').replace(/[&<>\r]/g, reference);
}

/** Text between double quotes; unescaped, a parser would make every white space a blank. */
export function xmlAttribute(text: string): string {
  return text.replace(noChars, '\ufffd').replace(/[&<>"\t\n\r]/g, reference);
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
