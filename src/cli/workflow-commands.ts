/**
 * In a job of GitHub Actions the runner obeys lines of either stream that look like its commands: `::error::…` at the start of
 * a line, `##[…]` anywhere in it. Other people's text must not get to say such things, wherever a line is wrapped.
 */
export function withoutCommands(text: string, env: Readonly<NodeJS.ProcessEnv> = process.env): string {
  if (env.GITHUB_ACTIONS !== 'true') return text;
  return text.replaceAll('##[', '## [').replaceAll(/^([^\S\n\r\u2028\u2029]*):(?=:)/gm, '$1: ');
}

/** The same for a JSON document, whose values stay what they are. */
export function withoutCommandsInJson(text: string, env: Readonly<NodeJS.ProcessEnv> = process.env): string {
  return env.GITHUB_ACTIONS === 'true' ? text.replaceAll('##[', '#\\u0023[') : text;
}
