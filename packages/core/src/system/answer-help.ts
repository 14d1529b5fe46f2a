import type { Channel } from "@reminder-app/channels/channel";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { Id } from "@reminder-app/platform/ids";
import type { SystemCtx } from "../ctx.ts";
import { inboundMessageRepo } from "./inbound-messages.repo.ts";

/** Names no firm: many write from one number. */
export const HELP_TEXT = "Reminders sent on behalf of the firms you work with. Reply STOP to stop.";

/**
 * Answer HELP on the channel where it was asked, once at most: that it was answered is stored before a byte leaves. The
 * client has just written, so the 24 hours in which WhatsApp takes free text are open.
 */
export async function answerHelp(
  system: SystemCtx,
  id: Id<"InboundMessage">,
  { channel, timeoutMs }: { channel: Channel; timeoutMs: number },
): Promise<void> {
  const repo = inboundMessageRepo(system.db);
  const inbound = await repo.find(id);
  if (inbound?.keyword !== "help" || inbound.channel !== channel.kind) return;
  if (!(await repo.claimAnswer(id, system.now()))) return;
  await channel.send(
    {
      deliveryId: id,
      token: id,
      to: system.vault.open(inbound.sender, sealedColumns.inboundSender.cell({ id })),
      senderName: "",
      content: { subject: "Help", text: HELP_TEXT, html: "" },
    },
    AbortSignal.timeout(timeoutMs),
  );
}
