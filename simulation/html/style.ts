/** One style sheet: light and dark by what the reader's system asks for, narrow screens, and paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --panel: #f6f8fa; --line: #d0d7de; --bad: #b42318; --warn: #8a5300; --good: #116329; --accent: #0550ae; --r0: #0550ae; --r1: #8a3ffc; --r2: #b83280; --r3: #9a6700; --r4: #0f766e; --r5: #a40e26; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #a3adb8; --paper: #0d1117; --panel: #161b22; --line: #3d444d; --bad: #ff938a; --warn: #e3b341; --good: #56d364; --accent: #79c0ff; --r0: #79c0ff; --r1: #d2a8ff; --r2: #f778ba; --r3: #e3b341; --r4: #56d4cb; --r5: #ff938a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; margin: 0.5rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; }
[hidden] { display: none !important; } .whole { white-space: nowrap; } p, li { overflow-wrap: anywhere; } code { font-size: 0.9em; }
.unseen { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); } .skip:not(:focus) { position: absolute; clip-path: inset(50%); }
a { color: var(--accent); } nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; margin: 0.5rem 0; list-style: none; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.75rem; padding: 0; margin: 1rem 0; list-style: none; }
.tiles li { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem 0.8rem; }
.tiles b { display: block; font-size: 1.4rem; } .tiles span { color: var(--soft); }
.bad { color: var(--bad); } .warn { color: var(--warn); } .good { color: var(--good); } .soft, .none { color: var(--soft); }
.scroll { overflow: auto; max-width: 100%; } .scroll:focus-visible, #graph g:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; } .caption { color: var(--soft); font-size: 0.9rem; margin: 0.75rem 0 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); min-width: 5rem; } td { overflow-wrap: break-word; max-width: 26rem; } tbody th { font-weight: 600; }
.time { min-width: 8rem; white-space: nowrap; } .bar { min-width: 16rem; } .bar div { position: relative; height: 1rem; background: var(--panel); border-radius: 3px; }
.bar i { position: absolute; top: 0; bottom: 0; min-width: 2px; border-radius: 3px; background: var(--accent); } .critical .bar i { background: var(--warn); }
.amount { min-width: 10rem; height: 1rem; background: var(--panel); } .amount i { display: block; height: 100%; min-width: 1px; border-radius: 3px; background: var(--accent); }
#picture { border: 1px solid var(--line); border-radius: 8px; max-height: 80vh; } #picture svg { display: block; }
button { font: inherit; color: var(--accent); background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 0.1rem 0.6rem; cursor: pointer; } button:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
.sizes { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0.5rem 0; font-size: 0.9rem; } #details li button { border: 0; padding: 0; background: none; text-decoration: underline; text-align: left; }
#graph text { font: 9px Helvetica, Arial, sans-serif; fill: var(--ink); } #graph polygon, #graph path { fill: none; stroke: var(--line); }
#graph .cluster text { font-size: 11px; fill: var(--soft); } #graph .component polygon { stroke: var(--soft); } #graph .place polygon { stroke-dasharray: 4 3; }
#graph .node { cursor: pointer; } #graph .node path, #graph .node polygon { fill: var(--panel); stroke: var(--soft); stroke-width: 1.2; }
.keys { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; list-style: none; font-size: 0.9rem; } .keys li::before { content: ""; display: inline-block; width: 0.8rem; height: 0.8rem; margin-right: 0.4rem; border-radius: 3px; background: var(--soft); vertical-align: -0.1rem; }
${[0, 1, 2, 3, 4, 5].map((at) => `#graph .region-${at} path, #graph .region-${at} polygon { stroke: var(--r${at}); } .keys .key-${at}::before { background: var(--r${at}); }`).join("\n")}
#graph .gated path, #graph .gated polygon { stroke-width: 2.6; } #graph .edge path { stroke: var(--soft); } #graph .edge polygon { fill: var(--soft); stroke: var(--soft); }
#graph .dim { opacity: 0.15; } #graph .chosen path, #graph .chosen polygon { fill: var(--line); }
#details { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem 0.8rem; margin-top: 0.75rem; } #details h3, #details h4, #details p { margin: 0; } #details h3, #details h4 { font-size: 1rem; overflow-wrap: anywhere; } #details h4 { font-size: 0.9rem; margin-top: 0.5rem; } #details ul { margin: 0.25rem 0 0; padding: 0; max-height: 8rem; overflow: auto; display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; list-style: none; font-size: 0.9rem; } #details pre { overflow: auto; max-height: 20rem; margin: 0.5rem 0 0; font-size: 0.8rem; }
@media (max-width: 480px) { body { padding: 0.6rem; } .bar { min-width: 9rem; } th, td { padding: 0.25rem 0.4rem; } }
@media print { body { max-width: none; padding: 0; font-size: 12px; } table { font-size: 0.75em; } th, td { min-width: 0; padding: 0.15rem 0.3rem; } td, tbody th { overflow-wrap: anywhere; } .time, .bar, .amount { min-width: 0; } .bar { width: 20%; } .amount { width: 15%; } nav, .sizes, .skip, #details { display: none; } .scroll, #picture { overflow: visible; max-height: none; } #picture svg { width: min(100%, var(--wide)) !important; height: auto !important; } h2, .caption, thead { break-after: avoid; } tr { break-inside: avoid; } #graph .dim { opacity: 1; } .bar div, .bar i, .amount, .amount i, .keys li::before { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
