import { element, getJson } from "./elements.js";
import { createList } from "./list.js";
import { renderMessage } from "./message.js";

const PAGE = 50;
const byId = (id) => document.getElementById(id);
const list = createList(byId("list"));
const pane = byId("message");
const search = byId("search");

const state = { shown: PAGE, newest: 0, opened: undefined };

const chosenChannel = () => document.querySelector("input[name=channel]:checked").value;
const selectedSeq = () => Number(location.hash.slice(1)) || undefined;

/** Loads run one after the other; what is asked for meanwhile becomes one more. */
let loading = false;
let again = false;
async function load({ markNew = false } = {}) {
  if (loading) {
    again = true;
    return;
  }
  loading = true;
  try {
    const query = new URLSearchParams({ channel: chosenChannel(), q: search.value, limit: String(state.shown) });
    const [{ messages }, counts] = await Promise.all([
      getJson(`/sandbox/messages?${query}`),
      getJson("/sandbox/ledger/count"),
    ]);
    list.show(messages, { selected: selectedSeq(), markNew });
    for (const count of document.querySelectorAll("[data-count]")) count.textContent = counts[count.dataset.count];
    byId("none").hidden = messages.length > 0;
    byId("none").textContent = counts.count === 0 ? "No message has come in yet." : "No message fits.";
    byId("older").hidden = messages.length < state.shown || state.shown >= 200;
  } finally {
    loading = false;
  }
  if (again) {
    again = false;
    await load({ markNew: true });
  }
}

async function open({ focus = false } = {}) {
  const seq = selectedSeq();
  state.opened = seq;
  list.select(seq);
  document.body.dataset.pane = seq === undefined ? "list" : "message";
  const content = seq === undefined ? [blank()] : await renderMessage(seq).catch(() => [gone()]);
  if (state.opened !== seq) return;
  pane.replaceChildren(...(seq === undefined ? [] : [backButton()]), ...content);
  pane.scrollTop = 0;
  pane.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  if (focus && seq !== undefined) pane.focus({ preventScroll: true });
}

function backButton() {
  const back = element("button", { class: "back", type: "button" }, "← Inbox");
  back.addEventListener("click", goBack);
  return back;
}

function goBack() {
  const line = document.querySelector(`.line[href="${location.hash}"]`);
  history.pushState(null, "", location.pathname);
  void open();
  line?.focus();
}

function blank() {
  return notice(
    "Pick a message",
    "You see it here as the client does: a mail in a mail reader, SMS and WhatsApp on a phone.",
  );
}

function gone() {
  return notice("This message is gone", "The ledger was emptied, or it never had a message of this number.");
}

function notice(title, text) {
  const icon = element("img", { src: "/icon.svg", alt: "", width: 56, height: 56 });
  return element("div", { class: "blank" }, icon, element("h2", {}, title), element("p", {}, text));
}

/** A new message joins an open conversation, and a new status shows on an open message. */
async function refreshOpened({ statuses, hasNew }) {
  const seq = state.opened;
  if (seq === undefined) return;
  const concerned = Object.keys(statuses).some(
    (one) => Number(one) === seq || pane.querySelector(`[data-seq="${one}"]`),
  );
  if (!concerned && !(hasNew && pane.querySelector(".phone"))) return;
  const content = await renderMessage(seq).catch(() => [gone()]);
  if (state.opened !== seq || pane.querySelector(".reply input")?.value) return;
  const wasOpen = pane.querySelector("details")?.open ?? false;
  const scrolled = pane.querySelector(".thread")?.scrollTop ?? 0;
  pane.replaceChildren(backButton(), ...content);
  const details = pane.querySelector("details");
  if (details) details.open = wasOpen;
  const thread = pane.querySelector(".thread");
  if (thread) thread.scrollTop = scrolled;
}

function setLive(name, text) {
  byId("live").dataset.state = name;
  if (byId("live-text").textContent !== text) byId("live-text").textContent = text;
}

function listen() {
  const events = new EventSource("/sandbox/events");
  events.addEventListener("open", () => {
    setLive("live", "Live");
    void load({ markNew: true });
  });
  events.addEventListener("error", () => setLive("connecting", "Reconnecting"));
  events.addEventListener("changed", (event) => {
    const { last, statuses } = JSON.parse(event.data);
    if (last > state.newest && state.newest > 0) byId("news").textContent = `${last - state.newest} new`;
    const hasNew = last !== state.newest;
    state.newest = last;
    for (const [seq, status] of Object.entries(statuses)) list.setStatus(Number(seq), status);
    if (hasNew) void load({ markNew: true });
    void refreshOpened({ statuses, hasNew });
  });
}

pane.addEventListener("answered", () => void refreshOpened({ statuses: {}, hasNew: true }));

let typing;
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => void load(), 150);
});
for (const radio of document.querySelectorAll("input[name=channel]")) {
  radio.addEventListener("change", () => {
    state.shown = PAGE;
    void load();
  });
}
byId("older").addEventListener("click", () => {
  state.shown += PAGE;
  void load();
});
addEventListener("hashchange", () => void open({ focus: true }));
addEventListener("popstate", () => void open());
addEventListener("keydown", (event) => {
  const writing = event.target instanceof HTMLInputElement;
  if (event.key === "/" && !writing) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape" && selectedSeq() !== undefined) {
    goBack();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest?.(".line, #search")) {
    event.preventDefault();
    list.move(event.key === "ArrowDown" ? 1 : -1);
  }
});

void open();
listen();
