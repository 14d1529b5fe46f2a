import {
  addressText,
  channelNames,
  clock,
  element,
  getJson,
  linked,
  postJson,
  statusChip,
  timeElement,
} from "./elements.js";

const ticks = { queued: "◷", sent: "✓", delivered: "✓✓", read: "✓✓" };

/** One message as its client sees it: a mail in a mail reader, the others on a phone. */
export async function renderMessage(seq) {
  const message = await getJson(`/sandbox/messages/${seq}`);
  const view = message.channel === "email" ? mailView(message) : await phoneView(message);
  return [view, facts(message)];
}

function mailView(message) {
  const name = message.fromName ?? message.from;
  const body = element("div", { id: "mail-body", role: "tabpanel" });
  const tabs = element("div", { class: "tabs", role: "tablist", "aria-label": "Part of the mail" });
  const parts = message.hasHtml ? ["HTML", "Text"] : ["Text"];
  const show = (part) => {
    body.replaceChildren(part === "HTML" ? mailFrame(message) : element("pre", {}, ...linked(message.text)));
    for (const tab of tabs.children) {
      const chosen = tab.textContent === part;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
  };
  for (const part of parts) {
    const tab = element("button", { type: "button", role: "tab", "aria-controls": "mail-body" }, part);
    tab.addEventListener("click", () => show(part));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      const other = tab.nextElementSibling ?? tab.previousElementSibling;
      other?.click();
      other?.focus();
    });
    tabs.append(tab);
  }
  show(parts[0]);
  return element(
    "article",
    { class: "mail" },
    element(
      "header",
      {},
      element("h2", {}, message.subject ?? "No subject"),
      element(
        "div",
        { class: "people" },
        element("span", { class: "face", "aria-hidden": "true" }, initial(name)),
        element(
          "p",
          {},
          element("b", {}, name),
          " ",
          element("span", { class: "address" }, message.fromName ? message.from : ""),
        ),
        element("span", { class: "end status" }, statusChip(message.status)),
        element("p", { class: "to" }, `to ${message.to}`),
        element("span", { class: "end" }, timeElement(message.at, { long: true })),
      ),
      tabs,
    ),
    body,
  );
}

/** The mail's own page: it may not run scripts, so it may be measured to fit its frame. */
function mailFrame({ seq, subject }) {
  const frame = element("iframe", {
    src: `/sandbox/messages/${seq}/html`,
    title: `Mail: ${subject ?? "no subject"}`,
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
  });
  frame.addEventListener("load", () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.height = `${page.scrollHeight}px`;
  });
  return frame;
}

async function phoneView(message) {
  const query = new URLSearchParams({ channel: message.channel, to: message.to, limit: "100" });
  const { messages } = await getJson(`/sandbox/messages?${query}`);
  const thread = element("ol", {
    class: "thread",
    tabindex: "0",
    "aria-label": `Messages to ${addressText(message.to)}`,
  });
  let day = "";
  for (const one of messages.toReversed()) {
    const its = new Date(one.at).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
    if (its !== day) thread.append(element("li", { class: "day" }, its));
    day = its;
    thread.append(bubble(one, one.seq === message.seq));
  }
  return element(
    "article",
    { class: "phone", "data-channel": message.channel },
    element(
      "header",
      {},
      element("span", { class: "face", "aria-hidden": "true" }, initial(message.from.replace(/^\+/, ""))),
      element(
        "div",
        {},
        element("h2", {}, message.from),
        element("p", {}, `${channelNames[message.channel]} on ${addressText(message.to)}`),
      ),
    ),
    thread,
    replyForm(message),
  );
}

/** Lets one answer as the client, with a word such as STOP. */
function replyForm({ channel, to }) {
  const text = element("input", { name: "text", required: true, maxlength: 1600, placeholder: "Answer as the client" });
  text.setAttribute("aria-label", `Answer as ${addressText(to)}`);
  const outcome = element("output", {});
  const form = element("form", { class: "reply" }, text, element("button", {}, "Send"), outcome);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    outcome.textContent = "Sending";
    const words = text.value;
    const { status, detail, answer } = await postJson("/sandbox/reply", {
      channel,
      from: addressText(to),
      text: words,
    });
    outcome.textContent =
      detail ?? (status === 200 ? `“${words}” was taken` : `The app answered ${status || "nothing"}`);
    if (status === 200) text.value = "";
    if (answer) form.dispatchEvent(new Event("answered", { bubbles: true }));
  });
  return form;
}

function bubble(message, chosen) {
  const failed = message.status === "undelivered" || message.status === "failed";
  const mark = element(
    "span",
    { class: "ticks", "data-status": message.status, role: "img", "aria-label": message.status },
    ticks[message.status] ?? "!",
  );
  const onWhatsapp = message.channel === "whatsapp";
  const stamp = element(
    "span",
    { class: failed ? "stamp bad" : "stamp", "data-seq": message.seq },
    ...(onWhatsapp && !failed ? [clock(message.at), mark] : [`${clock(message.at)} · ${message.status}`]),
  );
  const text = element("span", { class: "bubble" }, ...linked(message.text));
  if (onWhatsapp) text.append(stamp);
  return element("li", { class: chosen ? "chosen" : undefined }, text, onWhatsapp ? undefined : stamp);
}

function facts(message) {
  const rows = {
    Status: message.status,
    Accepted: message.at,
    Provider: message.provider,
    "Provider's id": message.providerMessageId,
    "Message-ID": message.messageId,
    "List-Unsubscribe": message.listUnsubscribe,
    "List-Unsubscribe-Post": message.listUnsubscribePost,
    Token: message.token,
    Number: message.seq,
  };
  const list = element("dl");
  for (const [name, value] of Object.entries(rows)) {
    if (value !== undefined) list.append(element("dt", {}, name), element("dd", {}, ...linked(String(value))));
  }
  return element("details", { class: "facts" }, element("summary", {}, "Details"), list);
}

function initial(name) {
  return (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? "?").toUpperCase();
}
