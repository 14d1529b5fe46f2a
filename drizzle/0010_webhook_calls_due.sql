DROP INDEX `webhook_calls_waiting` ON `webhook_calls`;--> statement-breakpoint
CREATE INDEX `webhook_calls_due` ON `webhook_calls` (`business_id`,`endpoint_id`,`state`,`next_at`);