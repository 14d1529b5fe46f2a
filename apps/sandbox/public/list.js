import { addressText, channelIcon, element, statusChip, timeElement } from "./elements.js";

/** The lines of the inbox, newest first. Lines that stay keep their element, and so the focus. */
export function createList(container) {
  const lines = new Map();
  let filled = false;

  function show(messages, { selected, markNew }) {
    const wanted = new Set(messages.map(({ seq }) => seq));
    for (const [seq, line] of lines) {
      if (wanted.has(seq)) continue;
      line.remove();
      lines.delete(seq);
    }
    messages.forEach((message, index) => {
      const line = lines.get(message.seq) ?? add(message, filled && markNew);
      setStatus(message.seq, message.status);
      if (container.children[index] !== line) container.insertBefore(line, container.children[index] ?? null);
    });
    filled = true;
    select(selected);
  }

  function add(message, isNew) {
    const link = element(
      "a",
      { class: isNew ? "line fresh" : "line", href: `#${message.seq}`, "data-channel": message.channel },
      channelIcon(message.channel),
      element("span", { class: "to" }, addressText(message.to)),
      timeElement(message.at),
      message.subject === undefined ? undefined : element("span", { class: "subject" }, message.subject),
      element("span", { class: "preview" }, message.text.replaceAll(/\s+/g, " ").trim() || "No text"),
      statusChip(message.status),
    );
    const line = element("li", {}, link);
    lines.set(message.seq, line);
    return line;
  }

  function setStatus(seq, status) {
    const chip = lines.get(seq)?.querySelector(".chip");
    if (chip && chip.dataset.status !== status) chip.replaceWith(statusChip(status));
  }

  function select(selected) {
    for (const [seq, line] of lines) {
      if (seq === selected) line.firstElementChild.setAttribute("aria-current", "true");
      else line.firstElementChild.removeAttribute("aria-current");
    }
  }

  /** Moves the focus by one line, as the arrow keys do. */
  function move(step) {
    const links = [...container.querySelectorAll(".line")];
    const at = links.findIndex((link) => link === document.activeElement);
    links[at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
  }

  return { show, setStatus, select, move };
}
