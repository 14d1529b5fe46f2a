import {
  chooseFirstChannel,
  chooseLanguage,
  getPreferences,
  startChannel,
  stopChannels,
} from "@reminder-app/core/links/change-preferences";
import { maskAddress } from "@reminder-app/core/consent/mask-address";
import type { OpenedLink } from "@reminder-app/core/links/open-link";
import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Request, Response } from "express";
import { z } from "zod";
import { type Html, html } from "../page.ts";
import type { PageVisit } from "./page-visit.ts";
import { type Language, isLanguage, languages } from "./texts/texts.ts";

const channel = z.enum(channelKinds);

const PreferenceForm = z.discriminatedUnion("change", [
  z.object({ change: z.literal("language"), language: z.string().refine(isLanguage) }),
  z.object({ change: z.literal("first"), channel }),
  z.object({ change: z.literal("stop"), channel }),
  z.object({ change: z.literal("stop_all") }),
  z.object({ change: z.literal("start"), channel }),
]);
type Change = z.output<typeof PreferenceForm>;

/** Take what the reader of a page chose about how they are written to. */
export async function takePreference(visit: PageVisit, req: Request, res: Response): Promise<void> {
  const chosen = PreferenceForm.parse(req.body ?? {});
  const told = await apply(visit.opened, chosen, visit.network);
  res.redirect(303, `/p/${visit.token}?told=${told}`);
}

async function apply(opened: OpenedLink, chosen: Change, network: string): Promise<string> {
  switch (chosen.change) {
    case "language":
      await chooseLanguage(opened, chosen.language, network);
      return "preferences";
    case "first":
      await chooseFirstChannel(opened, chosen.channel, network);
      return "preferences";
    case "stop":
      await stopChannels(opened, [chosen.channel], network);
      return "stopped";
    case "start":
      await startChannel(opened, chosen.channel, network);
      return "started";
    case "stop_all": {
      const { addresses = {} } = (await getPreferences(opened)) ?? {};
      await stopChannels(
        opened,
        channelKinds.filter((kind) => addresses[kind] !== undefined),
        network,
      );
      return "stopped";
    }
  }
}

type Preferences = NonNullable<Awaited<ReturnType<typeof getPreferences>>>;

/** The section in which the contact of a link says how they are written to; nothing where the link is for no one person. */
export async function preferences(visit: PageVisit): Promise<Html | undefined> {
  const contact = await getPreferences(visit.opened);
  if (!contact) return undefined;
  const { preferences: texts } = visit.texts;
  const reached = channelKinds.filter((kind) => contact.addresses[kind] !== undefined);
  return html`<section aria-labelledby="preferences">
    <h2 id="preferences">${texts.heading}</h2>
    ${reached.length > 0 ? messages(visit, contact, reached) : undefined}
    ${reached.length > 1 ? firstChannel(visit, contact, reached) : undefined} ${language(visit)}
  </section>`;
}

function messages(visit: PageVisit, { addresses, suppressed }: Preferences, reached: readonly ChannelKind[]): Html {
  const { preferences: texts, channels } = visit.texts;
  const isOn = (kind: ChannelKind) => suppressed[kind] === undefined;
  const lines = reached.map((kind) => {
    const reason = suppressed[kind]?.reason;
    const state = reason === undefined ? texts.on : reason === "opted_out" ? texts.off : texts.blocked;
    const name = channels[kind];
    return html`<li>
      <span
        ><span class="channel">${name}</span> <span class="quiet">${maskAddress(addresses[kind] ?? "")}</span>
        <b>${state}</b></span
      >
      ${reason === undefined ? choice(visit, { change: "stop", channel: kind }, texts.stop(name)) : undefined}
      ${reason === "opted_out" ? choice(visit, { change: "start", channel: kind }, texts.start(name)) : undefined}
    </li>`;
  });
  const all =
    reached.length > 1 && reached.some(isOn) ? choice(visit, { change: "stop_all" }, texts.stopAll) : undefined;
  return html`<h3>${texts.messages}</h3>
    <ul class="channels">
      ${lines}
    </ul>
    ${all}`;
}

function firstChannel(visit: PageVisit, contact: Preferences, reached: readonly ChannelKind[]): Html {
  const { preferences: texts, channels } = visit.texts;
  const order = contact.preferences.any ?? visit.opened.business.defaultChannels;
  const first = order.find((kind) => reached.includes(kind));
  const options = reached.map((kind) => option(kind, channels[kind], kind === first));
  return picker(visit, { change: "first", field: "channel", label: texts.first, options });
}

function language(visit: PageVisit): Html {
  const options = (Object.keys(languages) as Language[]).map(
    (tag) =>
      html`<option value="${tag}" lang="${tag}" ${tag === visit.language ? SELECTED : undefined}>
        ${languages[tag].name}
      </option>`,
  );
  return picker(visit, { change: "language", field: "language", label: visit.texts.preferences.language, options });
}

const SELECTED = html`selected`;

function option(value: string, name: string, isChosen: boolean): Html {
  return html`<option value="${value}" ${isChosen ? SELECTED : undefined}>${name}</option>`;
}

interface Picker {
  readonly change: string;
  readonly field: string;
  readonly label: string;
  readonly options: readonly Html[];
}

function picker({ token, texts }: PageVisit, { change, field, label, options }: Picker): Html {
  return html`<form method="post" action="/p/${token}/preferences" class="picker">
    <input type="hidden" name="change" value="${change}" />
    <label for="${field}">${label}</label>
    <select id="${field}" name="${field}">
      ${options}
    </select>
    <button class="quiet-button">${texts.preferences.save}<span class="unseen">: ${label}</span></button>
  </form>`;
}

function choice({ token }: PageVisit, fields: Readonly<Record<string, string>>, label: string): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form method="post" action="/p/${token}/preferences" class="choice">
    ${hidden}
    <button class="quiet-button">${label}</button>
  </form>`;
}
