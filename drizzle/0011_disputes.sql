ALTER TABLE `payment_requests` ADD `disputed` bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `payments` ADD `dispute_open` boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `payments` ADD `asked_at` datetime(3);