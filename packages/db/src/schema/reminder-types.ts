export const reminderTypes = ["deadline", "payment", "document", "appointment", "custom"] as const;
export type ReminderType = (typeof reminderTypes)[number];
