/**
 * How the picture looks. Colours are Okabe and Ito's or near them; what they say is also said by hatching, outline or
 * word, so that nobody needs them.
 */
export const timelineStyle = `
.timeline{--tl-text:#1b1f24;--tl-quiet:#57606a;--tl-paper:#fff;--tl-grid:#dfe3e8;--tl-frame:#f4f6f8;
--tl-done:#cfe4f7;--tl-done-edge:#0b66a8;--tl-cached:#fff;--tl-error:#ffdccb;--tl-error-edge:#b53a00;
--tl-off:#eceef0;--tl-off-edge:#5f6770;--tl-ok:#0b66a8;--tl-mark:#8a0f6d;--tl-focus:#000;--tl-gate:#1a7f4b;margin:1.5rem 0}
@media screen and (prefers-color-scheme:dark){.timeline{--tl-text:#e8ebef;--tl-quiet:#a3acb7;--tl-paper:#14181d;--tl-grid:#2c333b;--tl-frame:#1c2229;
--tl-done:#12446b;--tl-done-edge:#5cb3f0;--tl-cached:#14181d;--tl-error:#6b2300;--tl-error-edge:#ff8f5a;
--tl-off:#2b3138;--tl-off-edge:#a3acb7;--tl-ok:#5cb3f0;--tl-mark:#ff8de0;--tl-focus:#fff;--tl-gate:#5fd69a}}
.timeline figcaption{margin:0 0 .5rem;font-size:.875rem}
.timeline-scroll{overflow-x:auto}
.timeline-scroll:focus-visible{outline:2px solid var(--tl-focus);outline-offset:2px}
.timeline-picture{display:block;min-width:600px;background:var(--tl-paper);forced-color-adjust:none;
font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.timeline-picture text{fill:var(--tl-text);stroke:var(--tl-paper);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.timeline-picture svg text{stroke:none}
.timeline-picture .guide{fill:var(--tl-focus);opacity:.1}
.timeline-picture .axis text,.timeline-picture .stage{fill:var(--tl-quiet)}
.timeline-picture .axis line{stroke:var(--tl-grid)}
.timeline-picture .heading{font-weight:700}
.timeline-picture .name{font-weight:700;font-size:13px}
.timeline-picture .separator{stroke:var(--tl-quiet);stroke-width:1.5}
.timeline .gate{stroke:var(--tl-gate);stroke-width:1.5;stroke-dasharray:5 2;fill:none}
.timeline-picture .frame rect{fill:var(--tl-frame)}
.timeline-picture .frame line:not([class]){stroke:var(--tl-ok);stroke-width:3}
.timeline-picture .frame.failed line:not([class]){stroke:var(--tl-error-edge)}
.timeline-picture .frame.stopped line:not([class]),.timeline-picture .frame.unknown line:not([class]){stroke:var(--tl-off-edge)}
.timeline svg .delay{stroke:var(--tl-gate);stroke-width:2;stroke-dasharray:2 3}
.timeline .join{fill:none;stroke:var(--tl-quiet);stroke-width:1.5;vector-effect:non-scaling-stroke}
.timeline .join.early{stroke:var(--tl-error-edge);stroke-dasharray:4 2}
.timeline svg .done rect,.timeline .lane rect{fill:var(--tl-done);stroke:var(--tl-done-edge)}
.timeline svg .cached rect{fill:var(--tl-cached);stroke:var(--tl-done-edge)}
.timeline svg .error rect{stroke:var(--tl-error-edge)}
.timeline svg .cancelled rect{stroke:var(--tl-off-edge)}
.timeline svg .unfinished rect{fill:var(--tl-cached);stroke:var(--tl-off-edge);stroke-dasharray:4 2}
.timeline svg .internal rect,.timeline svg rect.internal{fill:var(--tl-off-edge);stroke:none;opacity:.55}
.timeline svg pattern.error rect{fill:var(--tl-error);stroke:none}
.timeline svg pattern.error path{stroke:var(--tl-error-edge);opacity:.45}
.timeline svg pattern.cancelled rect{fill:var(--tl-off);stroke:none}
.timeline svg pattern.cancelled path{stroke:var(--tl-off-edge);opacity:.6}
.timeline svg .marked rect{stroke:var(--tl-mark);stroke-width:2.5}
.timeline svg use,.timeline svg .flag{fill:var(--tl-mark);stroke:var(--tl-mark);stroke-width:1.5}
.timeline svg .marked text{font-weight:700}
.timeline .lane g:hover rect{stroke-width:2.5}
.timeline .lane g:focus{outline:2px solid var(--tl-focus);outline-offset:2px}
.timeline .lane g:focus rect{stroke:var(--tl-focus);stroke-width:3}
@media screen and (min-width:68rem){.timeline-picture{min-width:0}}
@media screen and (max-width:67.99rem){.timeline{container-type:inline-size}
@container (max-width:599px){.timeline figcaption::after{content:"↔ The picture is wider than this screen: it scrolls sideways.";display:block;font-weight:600}}}
.timeline-detail{min-height:2.6em;margin:.25rem 0;font-size:.875rem;overflow-wrap:anywhere}
.timeline-key{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.5rem 0;padding:0;list-style:none;font-size:.8125rem}
.timeline-key svg{vertical-align:-2px;margin-right:.35rem}
.timeline-steps table{border-collapse:collapse;font-size:.8125rem}
.timeline-steps th,.timeline-steps td{padding:.15rem .6rem .15rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--tl-grid)}
.timeline-steps td{font-variant-numeric:tabular-nums}
@media print{.timeline{break-inside:avoid}.timeline-scroll{overflow:visible}.timeline-picture{min-width:0}.timeline-detail{display:none}}
`;
