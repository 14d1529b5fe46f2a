CREATE TABLE `decided_sends` (
	`business_id` binary(16) NOT NULL,
	`assignment_id` binary(16) NOT NULL,
	`slot_key` varchar(120) NOT NULL,
	`decision` varchar(32),
	`subject` varchar(200),
	`body` text,
	`decided_by` varchar(80) NOT NULL,
	`decided_at` datetime(3) NOT NULL,
	CONSTRAINT `decided_sends_business_id_assignment_id_slot_key_pk` PRIMARY KEY(`business_id`,`assignment_id`,`slot_key`)
);
--> statement-breakpoint
CREATE TABLE `installation` (
	`name` varchar(40) NOT NULL,
	`value` varchar(200) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `installation_name_pk` PRIMARY KEY(`name`)
);
--> statement-breakpoint
CREATE TABLE `reminder_plans` (
	`business_id` binary(16) NOT NULL,
	`reminder_id` binary(16) NOT NULL,
	`revision` int NOT NULL,
	`schedule` json NOT NULL,
	`channels` json NOT NULL,
	`channel_mode` varchar(32) NOT NULL,
	`subject` varchar(200) NOT NULL,
	`body` text NOT NULL,
	`step_messages` json,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `reminder_plans_business_id_reminder_id_revision_pk` PRIMARY KEY(`business_id`,`reminder_id`,`revision`)
);
--> statement-breakpoint
CREATE TABLE `tasks` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`kind` varchar(32) NOT NULL,
	`state` varchar(32) NOT NULL,
	`open_subject` varchar(80),
	`reminder_id` binary(16),
	`client_id` binary(16),
	`assignment_id` binary(16),
	`owner_id` binary(16),
	`note` varchar(500),
	`count` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	`closed_at` datetime(3),
	`closed_by` varchar(80),
	CONSTRAINT `tasks_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `tasks_open_once` UNIQUE(`business_id`,`kind`,`open_subject`)
);
--> statement-breakpoint
CREATE TABLE `test_messages` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`delivery_id` binary(16) NOT NULL,
	`channel` varchar(32) NOT NULL,
	`recipient` varbinary(512) NOT NULL,
	`subject` varchar(998),
	`text` text NOT NULL,
	`sent_at` datetime(3) NOT NULL,
	CONSTRAINT `test_messages_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
ALTER TABLE `businesses` ADD `send_windows` json;--> statement-breakpoint
ALTER TABLE `businesses` ADD `holiday_calendar` varchar(20);--> statement-breakpoint
ALTER TABLE `businesses` ADD `contact_cap` json;--> statement-breakpoint
ALTER TABLE `businesses` ADD `daily_message_at` varchar(5);--> statement-breakpoint
ALTER TABLE `businesses` ADD `paused_at` datetime(3);--> statement-breakpoint
ALTER TABLE `businesses` ADD `paused_until` datetime(3);--> statement-breakpoint
ALTER TABLE `businesses` ADD `clock_at` datetime(3);--> statement-breakpoint
ALTER TABLE `clients` ADD `facts` json;--> statement-breakpoint
ALTER TABLE `clients` ADD `never_chase` varchar(32);--> statement-breakpoint
ALTER TABLE `clients` ADD `paused_at` datetime(3);--> statement-breakpoint
ALTER TABLE `clients` ADD `paused_until` datetime(3);--> statement-breakpoint
ALTER TABLE `deliveries` ADD `step_id` varchar(40);--> statement-breakpoint
ALTER TABLE `deliveries` ADD `merged_into` binary(16);--> statement-breakpoint
ALTER TABLE `occurrences` ADD `assignment_id` binary(16);--> statement-breakpoint
ALTER TABLE `occurrences` ADD `step_id` varchar(40);--> statement-breakpoint
ALTER TABLE `occurrences` ADD `local_at` varchar(19);--> statement-breakpoint
ALTER TABLE `assignments` ADD `overrides` json;--> statement-breakpoint
ALTER TABLE `assignments` ADD `plan_revision` int;--> statement-breakpoint
ALTER TABLE `assignments` ADD `next_at` datetime(3);--> statement-breakpoint
ALTER TABLE `assignments` ADD `planned_through` datetime(3);--> statement-breakpoint
ALTER TABLE `assignments` ADD `next_opened` boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `assignments` ADD `hold` varchar(32);--> statement-breakpoint
ALTER TABLE `assignments` ADD `hold_until` datetime(3);--> statement-breakpoint
ALTER TABLE `assignments` ADD `held_at` datetime(3);--> statement-breakpoint
ALTER TABLE `assignments` ADD `hold_note` varchar(500);--> statement-breakpoint
ALTER TABLE `assignments` ADD `hold_owner_id` binary(16);--> statement-breakpoint
ALTER TABLE `assignments` ADD `closed_because` varchar(32);--> statement-breakpoint
ALTER TABLE `reminders` ADD `step_messages` json;--> statement-breakpoint
ALTER TABLE `reminders` ADD `priority` varchar(32) DEFAULT 'normal' NOT NULL;--> statement-breakpoint
ALTER TABLE `reminders` ADD `needs_approval` boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `reminders` ADD `paused_until` datetime(3);--> statement-breakpoint
ALTER TABLE `decided_sends` ADD CONSTRAINT `decided_sends_assignment_fk` FOREIGN KEY (`business_id`,`assignment_id`) REFERENCES `assignments`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `reminder_plans` ADD CONSTRAINT `reminder_plans_reminder_fk` FOREIGN KEY (`business_id`,`reminder_id`) REFERENCES `reminders`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `tasks` ADD CONSTRAINT `tasks_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `test_messages` ADD CONSTRAINT `test_messages_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `tasks_client` ON `tasks` (`business_id`,`client_id`);--> statement-breakpoint
CREATE INDEX `tasks_state` ON `tasks` (`business_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `test_messages_delivery` ON `test_messages` (`business_id`,`delivery_id`);--> statement-breakpoint
CREATE INDEX `deliveries_merged` ON `deliveries` (`business_id`,`merged_into`);--> statement-breakpoint
CREATE INDEX `occurrences_assignment` ON `occurrences` (`business_id`,`assignment_id`);--> statement-breakpoint
CREATE INDEX `assignments_next` ON `assignments` (`business_id`,`reminder_id`,`next_at`);--> statement-breakpoint
CREATE INDEX `assignments_hold_ends` ON `assignments` (`hold_until`);--> statement-breakpoint
CREATE INDEX `reminders_resume` ON `reminders` (`status`,`paused_until`);