import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { expect, test } from "vitest";
import { addressSchemas } from "../addresses.ts";
import { type TestMessage, createTestChannel } from "./channel.ts";
import { scriptedOutcome } from "./scripts.ts";

function given({ tries = 1 } = {}) {
  const kept: TestMessage[] = [];
  const bounced: string[] = [];
  const mailbox = {
    keep: (message: TestMessage) => void kept.push(message),
    bounce: (_: TestMessage, code: string) => void bounced.push(code),
    isFirstTry: () => tries === 1,
    findSent: async () => [],
  };
  const send = (kind: (typeof channelKinds)[number], to: string) =>
    createTestChannel(kind, mailbox).send(
      {
        deliveryId: "d-1",
        token: "t-1",
        to,
        senderName: "Ledger & Sons",
        content: { subject: "VAT", text: "Dear Ada", html: "<p>Dear Ada</p>" },
      },
      AbortSignal.timeout(1_000),
    );
  return { kept, bounced, send };
}

test.each([
  ["email", "ada@clients.example"],
  ["sms", "+442079460101"],
  ["whatsapp", "+442079460101"],
] as const)("an ordinary %s is accepted and kept, with a subject where the channel has one (J12)", async (kind, to) => {
  const { kept, send } = given();
  expect(await send(kind, to)).toMatchObject({ kind: "accepted" });
  expect(kept).toMatchObject([{ to, channel: kind, text: "Dear Ada", subject: kind === "email" ? "VAT" : null }]);
});

test.each([
  ["refused@clients.example", "+15005550001", "refused", 0],
  ["throttled@clients.example", "+15005550003", "throttled", 0],
  ["throttled-once@clients.example", "+15005551003", "throttled", 0],
  ["unknown+ada@clients.example", "+15005550004", "ambiguous", 1],
  ["bounced@clients.example", "+15005550009", "accepted", 1],
] as const)("%s and %s script their outcome: %s (J12)", async (mail, number, outcome, copies) => {
  for (const kind of channelKinds) {
    const { kept, send } = given();
    const to = addressSchemas[kind].parse(kind === "email" ? mail : number);
    expect(await send(kind, to)).toMatchObject({ kind: outcome });
    expect(kept).toHaveLength(copies);
  }
});

test("what is throttled once goes through on its next try, what bounces comes back with a reason (J12)", async () => {
  const again = given({ tries: 2 });
  expect(await again.send("email", "throttled-once@clients.example")).toMatchObject({ kind: "accepted" });
  const { bounced, send } = given();
  await send("email", "bounced@clients.example");
  await send("email", "ada@clients.example");
  expect(bounced).toEqual(["smtp/550/5.1.1"]);
});

test("numbers of people ask for nothing, whatever their last digits (J12)", () => {
  expect(scriptedOutcome("sms", "+442079460001")).toBeUndefined();
  expect(scriptedOutcome("email", "refusedpayments@clients.example")).toBeUndefined();
});
