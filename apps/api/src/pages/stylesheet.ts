/** Readable on a telephone, in the light and in the dark, with a focus that can be seen. */
export const stylesheet = `
:root { color-scheme: light dark; --ink: #1d2530; --quiet: #55606e; --paper: #fbfaf7; --line: #8a93a0; --action: #14532d; --on-action: #ffffff; --focus: #1d4ed8; --fault: #a61b1b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #edf0f3; --quiet: #b3bcc7; --paper: #14181d; --line: #7b8794; --action: #86d6a5; --on-action: #0d1a12; --focus: #9cc0ff; --fault: #ff9b9b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.6rem; line-height: 1.2; text-wrap: balance; }
p { margin: 0 0 1rem; }
form { margin: 1.5rem 0 0; }
label { display: block; margin: 0 0 .35rem; font-weight: 600; }
input { display: block; width: 100%; min-height: 3rem; margin: 0 0 1.25rem; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: inherit; font: inherit; }
button { display: block; width: 100%; min-height: 3rem; padding: .7rem 1.2rem; border: 0; border-radius: .5rem; background: var(--action); color: var(--on-action); font: inherit; font-weight: 600; cursor: pointer; }
a { color: inherit; }
a:focus-visible, input:focus-visible, button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.hint { margin: -.9rem 0 1.25rem; color: var(--quiet); font-size: .95rem; }
.fault { margin: 0 0 1rem; padding: .8rem 1rem; border: 2px solid var(--fault); border-radius: .5rem; color: var(--fault); }
@media (min-width: 30rem) { main { padding-top: 4rem; } button { width: auto; } }
`;

/** The colour of a business, by six hexadecimal digits. White can be read on it: that was required when it was chosen. */
export function brandStyle(color: string): string {
  return `:root { --action: #${color}; --on-action: #ffffff; }\n`;
}
