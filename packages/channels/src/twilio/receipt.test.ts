import twilio from "twilio";
import { describe, expect, test } from "vitest";
import { readTwilioReceipt, twilioStatusUrl, verifyTwilioSignature } from "./receipt.ts";

const url = twilioStatusUrl("https://reminders.example/", "attempt 1");
const params = { To: "+442079460958", MessageStatus: "delivered", MessageSid: "SM1", AccountSid: "AC1", Body: "80 €" };
const signature = twilio.getExpectedTwilioSignature("current", url, params);

test("the callback's address is below the public one, and the token cannot leave its place", () => {
  expect(url).toBe("https://reminders.example/webhooks/twilio/status/attempt%201");
});

describe("a signature", () => {
  const verify = (over: Partial<Parameters<typeof verifyTwilioSignature>[0]>) =>
    verifyTwilioSignature({ authTokens: ["next", "current"], url, params, signature, ...over });

  test("of Twilio's own making is right under either of two secrets", () => {
    expect(verify({})).toBe(true);
    expect(verify({ authTokens: ["current"] })).toBe(true);
  });

  test("is wrong when anything that was signed differs, or when there is none", () => {
    expect(verify({ authTokens: ["other"] })).toBe(false);
    expect(verify({ authTokens: [] })).toBe(false);
    expect(verify({ url: url.replace("attempt", "another") })).toBe(false);
    expect(verify({ params: { ...params, MessageStatus: "failed" } })).toBe(false);
    expect(verify({ params: { ...params, Extra: "1" } })).toBe(false);
    expect(verify({ signature: undefined })).toBe(false);
    expect(verify({ signature: "" })).toBe(false);
    expect(verify({ signature: signature.slice(0, 10) })).toBe(false);
  });
});

describe("a status callback", () => {
  const read = (over: object) => readTwilioReceipt({ ...params, ...over }, "attempt-1");

  test("becomes a receipt that names the attempt, and is equal when it is repeated", () => {
    const receipt = {
      provider: "twilio",
      account: "AC1",
      eventKey: "SM1:delivered",
      token: "attempt-1",
      providerMessageId: "SM1",
      status: "delivered",
    };

    expect(read({})).toEqual(receipt);
    expect(read({ RawDlrDoneDate: "2603271200" })).toEqual(receipt);
  });

  test.each([
    ["queued", "accepted"],
    ["sending", "accepted"],
    ["sent", "accepted"],
    ["read", "read"],
    ["undelivered", "undelivered"],
    ["failed", "undelivered"],
    ["canceled", "undelivered"],
  ])("of status %s means %s", (MessageStatus, status) => {
    expect(read({ MessageStatus })).toMatchObject({ status, eventKey: `SM1:${MessageStatus}` });
  });

  test("of a failure carries Twilio's code", () => {
    expect(read({ MessageStatus: "undelivered", ErrorCode: "30003", ErrorMessage: "Unreachable" })).toMatchObject({
      code: "twilio/30003",
      reason: "Unreachable",
    });
    expect(read({ MessageStatus: "failed", ErrorCode: "" })).toMatchObject({ code: "twilio/failed" });
  });

  test("that says nothing we use gives no receipt", () => {
    expect(read({ MessageStatus: "receiving" })).toBeUndefined();
    expect(read({ MessageStatus: "constructor" })).toBeUndefined();
    expect(read({ MessageSid: undefined })).toBeUndefined();
    expect(read({ MessageSid: ["SM1", "SM2"] })).toBeUndefined();
    expect(readTwilioReceipt(null, "attempt-1")).toBeUndefined();
  });
});
