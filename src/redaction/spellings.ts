/** Shortest value that is looked for in base64 too: of a shorter one, what stays the same in it is too short to tell. */
const shortestEncoded = 8;

/** A value as programs write it: as it is, in JSON, in a URL, in base64 (also in the middle of something longer). */
export function spellingsOf(value: string): string[] {
  const all = [value, JSON.stringify(value).slice(1, -1), ...inUrls(value)];
  if (value.length >= shortestEncoded) all.push(...inBase64(value));
  return [...new Set(all)].filter((one) => one.length >= 2);
}

function inUrls(value: string): string[] {
  try {
    const encoded = encodeURIComponent(value);
    const strict = encoded.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
    const asForm = strict.replace(/%20/g, '+');
    return [encoded, strict, asForm, strict.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase())];
  } catch {
    // Half of a surrogate pair.
    return [];
  }
}

/** What every base64 text with the value in it has in common, for each of the three places where it can begin. */
function inBase64(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // Characters that hold bits of a neighbour too are not the same everywhere.
    const start = offset === 0 ? 0 : offset + 1;
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const same = text.slice(start, end);
    const forUrls = same.replace(/\+/g, '-').replace(/\//g, '_');
    return same.length < shortestEncoded ? [] : [same, forUrls];
  });
}
