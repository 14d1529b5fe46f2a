/** An element with its attributes and children; text is always text, never markup. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

const iconPaths = {
  email: ["M3 5.5h14v9H3z", "m3.5 6 6.5 5 6.5-5"],
  sms: ["M3 4.5h14v9H9l-3.5 3v-3H3z", "M6.5 9h.01M10 9h.01M13.5 9h.01"],
  whatsapp: [
    "M3.2 16.8 4.3 13A7 7 0 1 1 7 15.7z",
    "M7.6 7.2c-.3 2.6 2.6 5.5 5.2 5.2l.5-1.5-1.7-.8-.8.8c-.8-.4-1.4-1-1.8-1.8l.8-.8-.8-1.7z",
  ],
};

export const channelNames = { email: "Email", sms: "SMS", whatsapp: "WhatsApp" };

export function channelIcon(channel) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", channelNames[channel]);
  for (const d of iconPaths[channel]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return element("span", { class: "badge" }, svg);
}

/** A number with its plus, which not every provider is given; a mail address as it is. */
export function addressText(address) {
  return /^\d+$/.test(address) ? `+${address}` : address;
}

export function statusChip(status) {
  return element("span", { class: "chip", "data-status": status }, status);
}

/** The hour today, the day before that; the whole instant on hover. */
export function timeElement(at, { long = false } = {}) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const short = today ? clock(at) : date.toLocaleDateString([], { day: "numeric", month: "short" });
  const text = long ? date.toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : short;
  return element("time", { datetime: at, title: at }, text);
}

export function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** Text with its web addresses made clickable. */
export function linked(text) {
  return text
    .split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/)
    .map((part, index) =>
      index % 2 === 1 ? element("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part,
    );
}

export async function getJson(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

/** What the answer says, also when it is a refusal. */
export async function postJson(path, body) {
  const answer = await fetch(path, { method: "POST", body: JSON.stringify(body) });
  return answer.json();
}
