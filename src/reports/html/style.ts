/** The page's style. Colours are those of Okabe and Ito, darkened or lightened until text in them has a contrast of 4.5. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --link: #0a5a94; --found: #a23e00; --found-fill: #d55e00; --clean: #00664b; --clean-fill: #009e73;
  --alone-fill: #56b4e9; --search-fill: #c7c7c7; --evidence: #fff0cc; --evidence-ink: #1b1f24; --current: #ffb000;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --ink: #e6e9ed; --soft: #a3adb8; --line: #3a424c; --panel: #1d2228;
    --link: #7cc4f5; --found: #ffa36b; --found-fill: #e8762c; --clean: #5fd6b0; --clean-fill: #1fae86;
    --alone-fill: #3f93c4; --search-fill: #6a737d; --evidence: #4a3a10; --evidence-ink: #fff3d6; --current: #b36b00;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 1rem 1rem 3rem; max-width: 84rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.9em; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.2rem 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.6rem; padding-top: 0.6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0 0 0.4rem; }
h4, h5 { font-size: 0.95rem; margin: 1rem 0 0.3rem; color: var(--soft); }
p { margin: 0.4rem 0; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
small { color: var(--soft); font-size: 0.85em; font-weight: normal; }
.banner { background: var(--current); color: #1b1f24; font-weight: 700; padding: 0.4rem 0.8rem; border-radius: 4px; }
.title { color: var(--soft); }
.verdict { font-size: 1.1rem; max-width: 62rem; }
.facts { margin: 0.8rem 0; display: grid; gap: 0.15rem 1rem; }
.facts div { display: grid; grid-template-columns: 5.5rem 1fr; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
nav { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin-top: 0.6rem; }
nav a { padding: 0.1rem 0; }
.doubts { border-left: 4px solid var(--current); padding-left: 1rem; margin: 1rem 0; }
.doubts h2 { border: 0; padding: 0; margin: 0; }
ul { margin: 0.3rem 0; padding-left: 1.3rem; }
.cut, .aside, .nothing { color: var(--soft); }
.cut::before { content: "⋯ "; }

table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 0.9rem; padding-bottom: 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.8rem 0.45rem 0; border-top: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: 0.85rem; border-top: 0; }
.figures td:nth-child(n+3), .figures th:nth-child(n+3) { text-align: right; }
.error { min-width: 20rem; }
.rates tbody { border-top: 2px solid var(--line); }
.rates .arm { font-weight: normal; width: 26%; }
.rates .arm code { font-weight: 600; }
.rates .arm small { display: block; }
.rates .control .arm, .rates .alone .arm { padding-left: 1.4rem; position: relative; }
.rates .control .arm::before, .rates .alone .arm::before { content: "└"; position: absolute; left: 0.3rem; color: var(--soft); }
.rates .role { color: var(--soft); }
.seen strong { white-space: nowrap; }
.seen .range { margin-left: 0.6rem; white-space: nowrap; }
.seen small { display: block; white-space: nowrap; }
.rates .drawn { width: 17rem; }
.found .means, .shows { color: var(--found); font-weight: 600; }
.dirty .means { color: var(--found); font-weight: 700; }
.clean .means { color: var(--clean); }
.scroller { overflow-x: auto; margin: 0.6rem 0; }
.points { width: auto; }

svg.bar { display: block; width: 100%; min-width: 9rem; max-width: 15rem; height: auto; }
.bar .track { fill: var(--panel); stroke: var(--soft); stroke-width: 0.7; }
.bar .filled { fill: var(--found-fill); }
.bar.control .filled { fill: var(--found-fill); }
.bar.alone .filled { fill: var(--alone-fill); }
.bar.search .filled { fill: var(--search-fill); }
.bar .quarters { stroke: var(--soft); stroke-width: 0.7; stroke-dasharray: 2 2; }
.bar .interval { fill: none; stroke: var(--ink); stroke-width: 1.8; }
.bar .rate { fill: var(--paper); stroke: var(--ink); stroke-width: 1.8; }
.course { margin: 0.1rem 0 0; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: 0.95rem; line-height: 1.5rem; letter-spacing: 0.1em; max-width: 15rem; color: var(--soft); }
.course a { display: inline-block; min-width: 1.5rem; text-align: center; letter-spacing: 0; text-decoration: none;
  border: 1px solid var(--line); border-radius: 4px; margin: 0 2px 2px 0; line-height: 1.4rem; }
.course a:hover { border-color: currentColor; }
.course.long { letter-spacing: 0; }
.course.long svg { display: block; width: 100%; max-width: 15rem; height: auto; background: var(--panel); }
.course .seen { fill: var(--found-fill); }
.course .unknown { fill: var(--soft); opacity: 0.5; }
.course.long p { font-size: 0.85rem; }

.pair { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem 0.6rem; }
.pair > *, details > *, main > * { min-width: 0; }
article { border: 1px solid var(--line); border-top-width: 4px; border-radius: 4px; padding: 0.7rem 0.5rem; }
article.failing { border-top-color: var(--found-fill); }
article.clean { border-top-color: var(--clean-fill); }
.findings { list-style: none; padding: 0; }
.pair h4 + .timeline, .iteration h4 + .timeline { margin-top: 0.2rem; }
details { margin: 0.3rem 0; }
summary { cursor: pointer; padding: 0.2rem 0; }
summary h3 { display: inline; font-weight: 500; }
.iteration, .group { border: 1px solid var(--line); border-radius: 4px; padding: 0.2rem 0.8rem; }
.lines { overflow: auto; max-height: 75vh; background: var(--panel); border: 1px solid var(--line); border-radius: 4px;
  padding: 0.4rem 0; margin: 0.3rem 0; }
.lines p { position: sticky; left: 0; margin: 0; padding: 0.2rem 0.7rem; font-size: 0.85rem; }
pre { margin: 0; line-height: 1.45; tab-size: 4; font-size: 0.8rem; }
pre.text { padding: 0 0.7rem; width: max-content; min-width: 100%; }
.block { display: grid; grid-template-columns: max-content 1fr; width: max-content; min-width: 100%; }
.block pre.text { min-width: 0; }
pre.numbers { position: sticky; left: 0; background: var(--panel); color: var(--soft); text-align: right; padding: 0 0.4rem 0 0.7rem;
  border-right: 1px solid var(--line); user-select: none; -webkit-user-select: none; }
mark { background: var(--evidence); color: var(--evidence-ink); font-weight: 600; }
.excerpt p { font-size: 0.85rem; }
.excerpt pre { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 0.4rem 0; white-space: pre-wrap; }
.excerpt pre > * { display: block; padding: 0 0.7rem 0 calc(0.7rem + 6ch); text-indent: -6ch; }
.search { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; position: sticky; top: 0; z-index: 1;
  background: var(--paper); padding: 0.5rem 0; }
.search[hidden], .log[hidden], .group[hidden] { display: none; }
.search input { flex: 1 1 12rem; min-width: 0; max-width: 28rem; }
input, button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--soft); border-radius: 4px; padding: 0.25rem 0.6rem; }
button { cursor: pointer; }
output { min-width: 6rem; color: var(--soft); }
::highlight(found) { background-color: var(--evidence); color: var(--evidence-ink); text-decoration: underline; }
::highlight(current) { background-color: var(--current); color: #1b1f24; }
.printed { display: none; }
footer { margin-top: 2rem; color: var(--soft); font-size: 0.9rem; }

@media (min-width: 68rem) {
  .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .pair.single { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 52rem) {
  body { padding: 0.75rem 0.75rem 2rem; }
  h1 { font-size: 1.35rem; }
  .facts div { grid-template-columns: 1fr; }
  .rates thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .rates, .rates tbody, .rates caption { display: block; }
  .rates tr { display: grid; grid-template-columns: 9.5rem 1fr; border-top: 1px solid var(--line); padding: 0.4rem 0; }
  .rates .control, .rates .alone { margin-left: 0.5rem; }
  .rates th, .rates td { border: 0; padding: 0.1rem 0.5rem 0.1rem 0; }
  .rates .arm, .rates .signal, .rates .means { grid-column: 1 / -1; width: auto; }
  .rates .drawn { width: auto; }
  article { padding: 0.6rem; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #fff; --link: #000; --found: #8a3400;
    --clean: #00563f; --evidence: #eee; --evidence-ink: #000; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .search, nav { display: none !important; }
  .printed { display: block; }
  .lines { max-height: none; overflow: visible; }
  .lines pre.text { white-space: pre-wrap; width: auto; }
  .block { display: block; width: auto; }
  .block pre.numbers { display: none; }
  .pair { grid-template-columns: 1fr; }
  h2, h3, h4, summary { break-after: avoid; }
  tr, figure, article > p { break-inside: avoid; }
  details:not(.log):not(.group)::details-content { content-visibility: visible; block-size: auto; }
}
`.trim();
