/** The ways a message can go. Stored by name, so a new one needs no migration. */
export const channelKinds = ["email", "sms", "whatsapp"] as const;

export type ChannelKind = (typeof channelKinds)[number];
