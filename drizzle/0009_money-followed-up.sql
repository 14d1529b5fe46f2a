CREATE INDEX `checkouts_state` ON `checkouts` (`state`,`expires_at`);--> statement-breakpoint
CREATE INDEX `payments_state` ON `payments` (`state`,`updated_at`);