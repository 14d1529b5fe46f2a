import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { openDatabase } from "@reminder-app/db/database";
import { createLogger } from "@reminder-app/platform/log";
import { newId } from "@reminder-app/platform/ids";
import { testSettings } from "@reminder-app/testing/test-settings";
import express from "express";
import { expect, test } from "vitest";
import { send } from "../given-call.ts";
import { problemHandler } from "./problem.ts";

/** The answer to a request whose handler throws `thrown`. */
async function answerTo(thrown: unknown) {
  const app = express();
  app.get("/", () => {
    throw thrown;
  });
  app.use(problemHandler(createLogger({ app: "test", level: "silent" })));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const answer = await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, "GET", {});
  server.close();
  return answer;
}

/** What the database says when a row stays locked by someone else for too long. */
async function lockTimeOut(): Promise<unknown> {
  const database = openDatabase({ url: testSettings().DATABASE_URL, connections: 2 });
  const name = `lock_${newId().replaceAll("-", "")}`;
  await database.pool.query(`create table ${name} (id int primary key)`);
  await database.pool.query(`insert into ${name} values (1)`);
  const [holder, waiter] = [await database.pool.getConnection(), await database.pool.getConnection()];
  await holder.beginTransaction();
  await holder.query(`select * from ${name} for update`);
  await waiter.query("set session innodb_lock_wait_timeout = 1");
  const thrown: unknown = await waiter.query(`select * from ${name} for update`).then(
    () => undefined,
    (error: unknown) => error,
  );
  await holder.rollback();
  holder.release();
  waiter.release();
  await database.pool.query(`drop table ${name}`);
  await database.close();
  return thrown;
}

test("a row that stays locked for too long is a 503 that says when to come again (S43)", async () => {
  const { status, body, headers } = await answerTo(await lockTimeOut());
  expect([status, body.code, headers.get("retry-after")]).toEqual([503, "busy", "5"]);
});

test("what nobody foresaw is a 500 that tells nothing of itself (S43)", async () => {
  const { status, body, text } = await answerTo(new Error("select canary from members"));
  expect([status, body.code]).toEqual([500, "internal"]);
  expect(text).not.toMatch(/canary|\.ts/);
});
