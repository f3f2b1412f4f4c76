import type { ComponentChildren, JSX } from 'preact';
import type { RunDetail } from '../../results/detail.js';
import type { RunResult } from '../../results/result.js';
import { gibibytes } from '../bytes.js';
import { shellWord, terminalLines } from '../escape.js';
import { methodText, orderSentence } from '../method.js';
import { redactedSentence } from '../redacted.js';
import { onePointEach } from '../swept.js';
import { timeText } from '../time-text.js';
import { leftOut } from './log.js';
import { shownText } from './shown-text.js';
import { Address, Foreign, Name, Scroller } from './text.js';

const maxVersionLines = 80;
const maxOutputs = 20;
const maxFiles = 40;
/** Lines of a scenario's file. */
const maxFileLines = 600;
const longestLine = 300;

/** The facts of the first screen: what was run, on what, when. */
export function Facts({ result }: { readonly result: RunResult }): JSX.Element {
  const { builder, environment: env } = result;
  return (
    <dl class="facts">
      <Fact name="Builder">
        <Name text={builder.kind} />
        {builder.name === null ? null : (
          <>
            {' '}
            (<Name text={builder.name} />)
          </>
        )}{' '}
        {builder.version === null ? 'version not known' : <Name text={builder.version} />}
        {builder.daemonVersion === null ? null : (
          <>
            , daemon <Name text={builder.daemonVersion} />
          </>
        )}
      </Fact>
      <Fact name="Machine">
        <Foreign text={env.os} most={120} />, kernel <Name text={env.kernel} />, <Foreign text={env.arch} />,{' '}
        {env.cpus} × <Foreign text={env.cpuModel} most={120} />, {gibibytes(env.memoryBytes)}
      </Fact>
      {result.reports.length === 0 ? null : (
        <Fact name="Upstream">
          {result.reports.slice(0, 10).map((address, i) => (
            <>
              {i === 0 ? '' : ', '}
              <Address text={address} />
            </>
          ))}
        </Fact>
      )}
      <Fact name="Run">
        <Foreign text={whenText(result)} />, with buildrace <Foreign text={result.toolVersion} />
      </Fact>
    </dl>
  );
}

/** `2026-11-21 19:52:58 UTC, 19.0 s`; what is no time is shown as it is. */
function whenText({ startedAt, finishedAt }: RunResult): string {
  const [start, end] = [Date.parse(startedAt), Date.parse(finishedAt)];
  if (Number.isNaN(start) || Number.isNaN(end)) return `${startedAt} to ${finishedAt}`;
  const [day, time] = new Date(start).toISOString().split('T');
  return `${day} ${time?.slice(0, 8)} UTC, ${timeText(Math.max(0, end - start))}`;
}

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How to run it again, and what a lane called. */
export function Again({ result }: { readonly result: RunResult }): JSX.Element {
  const commands = onePointEach(result, ({ command }) => command !== null).slice(0, 40);
  return (
    <section aria-labelledby="again">
      <h2 id="again">Run it again</h2>
      <Lines lines={[result.again]} label="The command that runs it again" />
      <p>{orderSentence(result)}</p>
      {commands.length === 0 ? null : (
        <details>
          <summary>Commands, as one lane called them in the first iteration of each arm</summary>
          <Lines
            label="Commands by arm"
            lines={commands.flatMap(({ name, command }) => [
              `# ${name}`,
              (command ?? []).map(shellWord).join(' '),
            ])}
          />
        </details>
      )}
    </section>
  );
}

/** Versions, machine, the scenario's own files, what was taken out. */
export function Setting({ detail }: { readonly detail: RunDetail }): JSX.Element {
  const { result, environment, redactions } = detail;
  const { environment: env } = result;
  const { scenario } = environment;
  return (
    <section aria-labelledby="setting">
      <h2 id="setting">Versions, machine and scenario</h2>
      {env.versionOutput.slice(0, maxOutputs).map(({ command, output }) => (
        <details key={command}>
          <summary>
            <Name text={command} />
          </summary>
          <Lines lines={terminalLines(output.trimEnd())} most={maxVersionLines} label="What it printed" />
        </details>
      ))}
      <p>
        Load {env.load.toFixed(2)} at the start; Node <Foreign text={env.node} />
        {environment.platforms === null ? null : (
          <>
            ; platforms: <Foreign text={environment.platforms.join(', ')} />
          </>
        )}
        .
      </p>
      <p>
        Scenario <Name text={result.scenario} />, SHA-256 <Name text={result.contentSha256} />. Run directory{' '}
        <Name text={result.directory} />.
      </p>
      <FileText name={baseName(scenario.file)} text={scenario.text} />
      {scenario.files.slice(0, maxFiles).map(({ path, content, encoding, sha256 }) =>
        encoding === 'utf8' ? (
          <FileText key={path} name={path} text={content} />
        ) : (
          <p key={path}>
            <Name text={path} />: no text, SHA-256 <Name text={sha256} />
          </p>
        ),
      )}
      {scenario.files.length > maxFiles ? (
        <p class="cut">{scenario.files.length - maxFiles} more files are not shown here.</p>
      ) : null}
      <details>
        <summary>How the numbers are made</summary>
        <p>{methodText(result)}</p>
      </details>
      <p>
        {redactions === null
          ? 'Nobody has looked for secrets in this report.'
          : shownText(redactedSentence(redactions), 4_000)}
      </p>
    </section>
  );
}

function FileText({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <details>
      <summary>
        <Name text={name} />
      </summary>
      <Lines lines={terminalLines(text.trimEnd())} most={maxFileLines} label="The file’s text" />
    </details>
  );
}

/** Where a scenario lies is nobody's business. */
function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

interface LinesProps {
  readonly lines: readonly string[];
  readonly label: string;
  readonly most?: number;
}

/** Text as it stands, head and tail of it where it is long. */
function Lines({ lines, label, most = 200 }: LinesProps): JSX.Element {
  const half = Math.floor(most / 2);
  const isCut = lines.length > most;
  const text = (part: readonly string[]): string =>
    part.map((line) => `${shownText(line, label.startsWith('Command') ? 4_000 : longestLine)}\n`).join('');
  return (
    <Scroller class="lines" label={label}>
      <pre class="text" dir="ltr">
        {'\n'}
        {text(isCut ? lines.slice(0, half) : lines)}
      </pre>
      {isCut ? (
        <>
          <p class="cut">{leftOut(lines.length - 2 * half)}</p>
          <pre class="text" dir="ltr">
            {'\n'}
            {text(lines.slice(-half))}
          </pre>
        </>
      ) : null}
    </Scroller>
  );
}
