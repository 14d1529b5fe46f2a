import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { clientTagRepo } from "./client-tags.repo.ts";
import { type NotEnrolled, enrolClients } from "./enrol-clients.ts";
import { tagKey } from "./tag-input.ts";
import { tagRuleRepo } from "./tag-rules.repo.ts";
import { unenrolClients } from "./unenrol-clients.ts";

export interface TagsOfClient {
  readonly clientId: Id<"Client">;
  readonly tags: readonly string[];
}

/** What followed from a change of tags. */
export interface Tagging {
  readonly enrolled: number;
  readonly unenrolled: number;
  /** Messages whose send had started before their assignment was cancelled. */
  readonly inFlight: number;
  readonly notEnrolled: readonly NotEnrolled[];
  /** Reminders whose next moment may be another one now. */
  readonly reminderIds: readonly Id<"Reminder">[];
}

interface Change {
  readonly clientId: Id<"Client">;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Let these be the tags of some clients, and no others; rules enrol and un-enrol them. */
export async function setTagsOfClients(tx: Ctx, wanted: readonly TagsOfClient[]): Promise<Tagging> {
  return changeTags(tx, wanted, (had, tags) => had.filter((tag) => !hasTag(tags, tag)));
}

/** Give clients tags beside those that they have; rules enrol them. */
export async function addTagsToClients(tx: Ctx, wanted: readonly TagsOfClient[]): Promise<Tagging> {
  return changeTags(tx, wanted, () => []);
}

async function changeTags(
  tx: Ctx,
  wanted: readonly TagsOfClient[],
  removedOf: (had: readonly string[], tags: readonly string[]) => string[],
): Promise<Tagging> {
  const present = await clientTagRepo(tx).listOf(wanted.map(({ clientId }) => clientId));
  const changes = wanted
    .map(({ clientId, tags }): Change => {
      const had = present.get(clientId) ?? [];
      return { clientId, added: tags.filter((tag) => !hasTag(had, tag)), removed: removedOf(had, tags) };
    })
    .filter(({ added, removed }) => added.length > 0 || removed.length > 0);
  if (changes.length === 0) return { enrolled: 0, unenrolled: 0, inFlight: 0, notEnrolled: [], reminderIds: [] };
  await writeTags(tx, changes);
  return followRules(tx, changes);
}

/** A tag is written as it was when it was first given to some client. */
async function writeTags(tx: Ctx, changes: readonly Change[]): Promise<void> {
  const known = await clientTagRepo(tx).spellings([...new Set(changes.flatMap(({ added }) => added))]);
  const spelling = new Map(known.map((tag) => [tagKey(tag), tag]));
  for (const { clientId, removed } of changes) await clientTagRepo(tx).remove(clientId, removed);
  const rows = changes.flatMap(({ clientId, added }) => added.map((tag) => ({ clientId, tag })));
  for (const { tag } of rows) if (!spelling.has(tagKey(tag))) spelling.set(tagKey(tag), tag);
  await clientTagRepo(tx).addMissing(
    rows.map(({ clientId, tag }) => ({ clientId, tag: spelling.get(tagKey(tag)) ?? tag })),
  );
}

/** Rules in one order for all, that whoever changes tags meets nobody crosswise. */
async function followRules(tx: Ctx, changes: readonly Change[]): Promise<Tagging> {
  const rules = (await tagRuleRepo(tx).list()).toSorted((one, other) => (one.reminderId < other.reminderId ? -1 : 1));
  const answer = { enrolled: 0, unenrolled: 0, inFlight: 0 };
  const notEnrolled: NotEnrolled[] = [];
  const reminderIds = new Set<Id<"Reminder">>();
  for (const rule of rules) {
    const whose = (which: "added" | "removed") =>
      changes.filter((change) => hasTag(change[which], rule.tag)).map(({ clientId }) => clientId);
    const [added, removed] = [whose("added"), whose("removed")];
    if (added.length + removed.length === 0) continue;
    reminderIds.add(rule.reminderId);
    if (removed.length > 0) {
      // With what comes of several periods of each client.
      const { unenrolled, inFlight } = await unenrolClients(tx, rule, { clientIds: removed, limit: 100_000 });
      answer.unenrolled += unenrolled;
      answer.inFlight += inFlight;
    }
    const { enrolled, notEnrolled: left } = await enrolClients(tx, rule, added);
    answer.enrolled += enrolled;
    notEnrolled.push(...left);
  }
  return { ...answer, notEnrolled, reminderIds: [...reminderIds] };
}

function hasTag(tags: readonly string[], wanted: string): boolean {
  return tags.some((tag) => tagKey(tag) === tagKey(wanted));
}
