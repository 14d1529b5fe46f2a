/** Readable on a telephone, in the light and in the dark, with a focus that can be seen. */
const everyPage = `
:root { color-scheme: light dark; --ink: #1b2430; --quiet: #56616f; --paper: #f6f5f1; --card: #ffffff; --line: #868f9b; --hair: #dcdfe3; --action: #14532d; --on-action: #ffffff; --focus: #1d4ed8; --fault: #a61b1b; --late: #8f2f0c; --late-paper: #fdeee6; --note-paper: #eef2f7; --told: #14532d; --told-paper: #e8f5ec; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #edf0f3; --quiet: #b5bec9; --paper: #12161b; --card: #1b2128; --line: #7b8794; --hair: #323b45; --focus: #9cc0ff; --fault: #ff9b9b; --late: #ffb694; --late-paper: #3a2218; --note-paper: #232c36; --told: #a5e3bd; --told-paper: #173024; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 1.75rem 1.25rem 3rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.6rem; line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; }
form { margin: 1.5rem 0 0; }
label { display: block; margin: 0 0 .35rem; font-weight: 600; }
input, select { display: block; width: 100%; min-height: 3rem; margin: 0 0 1.25rem; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); color: inherit; font: inherit; }
button, .button { display: block; width: 100%; min-height: 3rem; padding: .7rem 1.2rem; border: 1px solid transparent; border-radius: .6rem; background: var(--action); color: var(--on-action); font: inherit; font-weight: 600; line-height: 1.4; text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { filter: brightness(1.12); }
a { color: inherit; text-underline-offset: .15em; }
a:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, summary:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
input::file-selector-button { margin-right: .7rem; padding: .25rem .7rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--note-paper); color: inherit; font: inherit; cursor: pointer; }
.hint { margin: -.9rem 0 1.25rem; color: var(--quiet); font-size: .95rem; }
.fault, .told { margin: 0 0 1.5rem; padding: .8rem 1rem; border-radius: .6rem; font-weight: 600; }
.fault { border: 2px solid var(--fault); color: var(--fault); }
.told { background: var(--told-paper); color: var(--told); }
@media (min-width: 30rem) { main { padding-top: 2.5rem; } button, .button { width: auto; } .button { display: inline-block; } }
`;

/** What the page of a client has besides. */
const clientPage = `
header { border-top: .4rem solid var(--action); background: var(--card); border-bottom: 1px solid var(--hair); }
.brand { max-width: 36rem; margin: 0 auto; padding: .9rem 1.25rem; font-weight: 700; letter-spacing: -.005em; overflow-wrap: anywhere; }
.lead { margin: -.6rem 0 1.5rem; color: var(--quiet); }
h2 { margin: 2.5rem 0 .9rem; font-size: 1.2rem; line-height: 1.25; }
h3 { margin: 0 0 .35rem; font-size: 1.1rem; line-height: 1.3; }
ul { list-style: none; margin: 0; padding: 0; }
.cards { display: grid; gap: 1rem; }
.card { padding: 1.15rem 1.15rem 1.25rem; border: 1px solid var(--hair); border-radius: .9rem; background: var(--card); }
.card > p, .card > form { margin: 0 0 .75rem; }
.card > :last-child { margin-bottom: 0; }
.card:has(> details:last-child) { padding-bottom: .35rem; }
.period, .quiet { color: var(--quiet); font-weight: 400; }
.due { color: var(--quiet); }
.late { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; background: var(--late-paper); color: var(--late); font-weight: 600; font-size: .95rem; }
.owed { font-size: 1.3rem; font-weight: 700; font-variant-numeric: tabular-nums; }
.note { padding: .65rem .85rem; border-radius: .6rem; background: var(--note-paper); }
.pay-all { margin: 0 0 1rem; padding: 1.15rem; border-radius: .9rem; background: var(--note-paper); }
.pay-all form { margin: 0; }
.pay-all p { margin: .6rem 0 0; color: var(--quiet); }
.card button, .pay-all button { width: 100%; }
details { border-top: 1px solid var(--hair); }
summary { display: flex; align-items: center; justify-content: space-between; min-height: 3rem; padding: .5rem .1rem; font-weight: 600; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::after { content: ""; flex: none; width: .5rem; height: .5rem; margin: 0 .35rem .2rem 1rem; border: solid currentColor; border-width: 0 .14rem .14rem 0; transform: rotate(45deg); }
details[open] > summary::after { transform: rotate(225deg); margin-bottom: -.2rem; }
details > form { margin: .25rem 0 1.1rem; }
.settled li { padding: .7rem 0; border-top: 1px solid var(--hair); }
.channel { display: inline-block; }
.channel::first-letter { text-transform: uppercase; }
.channels li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .4rem 1rem; padding: .7rem 0; border-top: 1px solid var(--hair); }
.choice { margin: 0; }
.channels + .choice { padding: .3rem 0 1.5rem; }
.picker { margin: 1.25rem 0 0; }
.picker select { margin-bottom: .6rem; }
.quiet-button { background: transparent; color: var(--ink); border-color: var(--line); }
.address-box { padding: .7rem .85rem; border: 1px solid var(--hair); border-radius: .6rem; background: var(--card); font-size: .95rem; overflow-wrap: anywhere; user-select: all; }
footer { max-width: 36rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; border-top: 1px solid var(--hair); color: var(--quiet); font-size: .95rem; overflow-wrap: anywhere; }
footer p { margin: 0 0 .5rem; }
.ways { margin: 0 0 1rem; display: grid; gap: .3rem; }
.ways a { display: inline-block; min-height: 1.5rem; padding: .2rem 0; }
.address { white-space: pre-line; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-color-scheme: dark) { button:not(.quiet-button), .button:not(.quiet-button) { border-color: color-mix(in srgb, var(--on-action) 45%, transparent); } }
`;

export const stylesheet = everyPage + clientPage;

/** The colour of a business, by six hexadecimal digits. White can be read on it: that was required when it was chosen. */
export function brandStyle(color: string): string {
  return `:root { --action: #${color}; --on-action: #ffffff; }\n`;
}
