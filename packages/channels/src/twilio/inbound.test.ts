import { expect, test } from "vitest";
import { readTwilioInbound, twilioAnswer, twilioInboundUrl } from "./inbound.ts";

const params = { AccountSid: "AC1", MessageSid: "SM1", From: "+442079460958", To: "+15005550006", Body: "Stop" };

test("a client's SMS is read in our words (S72)", () => {
  const message = { provider: "twilio", account: "AC1", eventKey: "SM1", channel: "sms", from: "+442079460958" };
  expect(readTwilioInbound(params)).toEqual({ ...message, text: "Stop" });
  expect(readTwilioInbound({ ...params, OptOutType: "HELP" })).toMatchObject({ takenAs: "help" });
  expect(readTwilioInbound({ ...params, OptOutType: "NEW" })).toEqual({ ...message, text: "Stop" });
  expect(readTwilioInbound({ ...params, Body: undefined })).toMatchObject({ text: "" });
});

test.each([["12345"], ["Reminders"], ["whatsapp:+442079460958"], ["anonymous"], [undefined]])(
  "what comes from %s is from no contact (S72)",
  (From) => {
    expect(readTwilioInbound({ ...params, From })).toBeUndefined();
  },
);

test("the address that Twilio signs over has no second slash (S52)", () => {
  expect(twilioInboundUrl("https://reminders.example/")).toBe("https://reminders.example/webhooks/twilio/inbound");
});

test("an answer in TwiML is one message, escaped, or none (S72)", () => {
  expect(twilioAnswer()).toMatch(/<Response\/>$/);
  expect(twilioAnswer("a & b <c> $&")).toMatch(
    /<Response><Message>a &amp; b &lt;c&gt; \$&amp;<\/Message><\/Response>$/,
  );
});
