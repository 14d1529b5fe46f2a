CREATE TABLE `audit_events` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`actor` varchar(64) NOT NULL,
	`action` varchar(64) NOT NULL,
	`entity_id` varchar(36) NOT NULL,
	`details` json NOT NULL,
	`request_id` varchar(64),
	`at` datetime(3) NOT NULL,
	CONSTRAINT `audit_events_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`business_id` binary(16) NOT NULL,
	`actor` varchar(64) NOT NULL,
	`route` varchar(100) NOT NULL,
	`idempotency_key` varchar(100) NOT NULL,
	`body_hash` varchar(64) NOT NULL,
	`answer` json,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `idempotency_keys_business_id_actor_route_idempotency_key_pk` PRIMARY KEY(`business_id`,`actor`,`route`,`idempotency_key`)
);
--> statement-breakpoint
CREATE TABLE `businesses` (
	`id` binary(16) NOT NULL,
	`name` varchar(200) NOT NULL,
	`status` varchar(32) NOT NULL,
	`time_zone` varchar(64) NOT NULL,
	`locale` varchar(35) NOT NULL,
	`default_channels` json NOT NULL,
	`postal_address` varchar(500),
	`quiet_hours` json,
	`unknown_email` varchar(32) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `businesses_id_pk` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `clients` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`name` varchar(200) NOT NULL,
	`external_id` varchar(100),
	`time_zone` varchar(64),
	`locale` varchar(35),
	`archived_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `clients_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `clients_external_id` UNIQUE(`business_id`,`external_id`)
);
--> statement-breakpoint
CREATE TABLE `contact_addresses` (
	`business_id` binary(16) NOT NULL,
	`contact_id` binary(16) NOT NULL,
	`channel` varchar(32) NOT NULL,
	`address` varbinary(512) NOT NULL,
	`address_hash` binary(32) NOT NULL,
	CONSTRAINT `contact_addresses_business_id_contact_id_channel_pk` PRIMARY KEY(`business_id`,`contact_id`,`channel`)
);
--> statement-breakpoint
CREATE TABLE `contacts` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`name` varchar(200) NOT NULL,
	`roles` json NOT NULL,
	`preferences` json NOT NULL,
	`time_zone` varchar(64),
	`locale` varchar(35),
	`archived` boolean NOT NULL DEFAULT false,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `contacts_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `attempts` (
	`business_id` binary(16) NOT NULL,
	`delivery_id` binary(16) NOT NULL,
	`number` int NOT NULL,
	`token` binary(16) NOT NULL,
	`provider` varchar(32) NOT NULL,
	`state` varchar(32) NOT NULL,
	`code` varchar(64),
	`reason` varchar(500),
	`provider_message_id` varchar(255),
	`revision` int NOT NULL,
	`started_at` datetime(3) NOT NULL,
	`finished_at` datetime(3),
	CONSTRAINT `attempts_business_id_delivery_id_number_pk` PRIMARY KEY(`business_id`,`delivery_id`,`number`),
	CONSTRAINT `attempts_token` UNIQUE(`token`)
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`occurrence_id` binary(16) NOT NULL,
	`reminder_id` binary(16) NOT NULL,
	`assignment_id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`contact_id` binary(16) NOT NULL,
	`channel` varchar(32) NOT NULL,
	`address_hash` binary(32),
	`state` varchar(32) NOT NULL,
	`reason` varchar(64),
	`hop` int NOT NULL,
	`fence` int NOT NULL,
	`tries` int NOT NULL,
	`crashes` int NOT NULL,
	`urgent` boolean NOT NULL DEFAULT false,
	`next_at` datetime(3),
	`lease_until` datetime(3),
	`due_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`unknown_since` datetime(3),
	`accepted_at` datetime(3),
	`delivered_at` datetime(3),
	`read_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `deliveries_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `deliveries_once` UNIQUE(`business_id`,`occurrence_id`,`contact_id`,`channel`),
	CONSTRAINT `deliveries_address_once` UNIQUE(`business_id`,`occurrence_id`,`client_id`,`channel`,`address_hash`)
);
--> statement-breakpoint
CREATE TABLE `occurrences` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`reminder_id` binary(16) NOT NULL,
	`slot_key` varchar(120) NOT NULL,
	`state` varchar(32) NOT NULL,
	`reason` varchar(32),
	`due_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`cursor_id` binary(16),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `occurrences_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `occurrences_slot` UNIQUE(`business_id`,`reminder_id`,`slot_key`)
);
--> statement-breakpoint
CREATE TABLE `members` (
	`id` binary(16) NOT NULL,
	`name` varchar(200) NOT NULL,
	`email` varbinary(512) NOT NULL,
	`email_hash` binary(32) NOT NULL,
	`password_hash` varchar(255) NOT NULL,
	`token_version` int NOT NULL,
	`disabled_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `members_id_pk` PRIMARY KEY(`id`),
	CONSTRAINT `members_email` UNIQUE(`email_hash`)
);
--> statement-breakpoint
CREATE TABLE `memberships` (
	`business_id` binary(16) NOT NULL,
	`member_id` binary(16) NOT NULL,
	`role` varchar(32) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `memberships_business_id_member_id_pk` PRIMARY KEY(`business_id`,`member_id`)
);
--> statement-breakpoint
CREATE TABLE `refresh_tokens` (
	`token_hash` binary(32) NOT NULL,
	`business_id` binary(16) NOT NULL,
	`session_id` binary(16) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`rotated_at` datetime(3),
	CONSTRAINT `refresh_tokens_token_hash_pk` PRIMARY KEY(`token_hash`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`member_id` binary(16) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`last_used_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`revoked_at` datetime(3),
	`revoked_reason` varchar(32),
	CONSTRAINT `sessions_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `sessions_id` UNIQUE(`id`)
);
--> statement-breakpoint
CREATE TABLE `provider_events` (
	`id` binary(16) NOT NULL,
	`provider` varchar(32) NOT NULL,
	`account` varchar(64) NOT NULL,
	`event_key` varchar(255) NOT NULL,
	`token` binary(16),
	`provider_message_id` varchar(255),
	`status` varchar(32) NOT NULL,
	`code` varchar(64),
	`reason` varchar(500),
	`crashes` int NOT NULL DEFAULT 0,
	`received_at` datetime(3) NOT NULL,
	`applied_at` datetime(3),
	`result` varchar(32),
	CONSTRAINT `provider_events_id_pk` PRIMARY KEY(`id`),
	CONSTRAINT `provider_events_once` UNIQUE(`provider`,`account`,`event_key`)
);
--> statement-breakpoint
CREATE TABLE `assignments` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`reminder_id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`period` varchar(40) NOT NULL,
	`due_on` date,
	`amount` bigint,
	`currency` varchar(3),
	`state` varchar(32) NOT NULL,
	`replaced_slot` varchar(120),
	`round` int NOT NULL,
	`closed_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `assignments_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `assignments_once` UNIQUE(`business_id`,`reminder_id`,`client_id`,`period`)
);
--> statement-breakpoint
CREATE TABLE `reminders` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`name` varchar(200) NOT NULL,
	`type` varchar(32) NOT NULL,
	`status` varchar(32) NOT NULL,
	`stop_rule` varchar(32) NOT NULL,
	`schedule` json NOT NULL,
	`channels` json NOT NULL,
	`channel_mode` varchar(32) NOT NULL,
	`subject` varchar(200) NOT NULL,
	`body` text NOT NULL,
	`grace_ms` int NOT NULL,
	`revision` int NOT NULL,
	`round` int NOT NULL,
	`next_due_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `reminders_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
ALTER TABLE `audit_events` ADD CONSTRAINT `audit_events_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `idempotency_keys` ADD CONSTRAINT `idempotency_keys_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `clients` ADD CONSTRAINT `clients_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `contact_addresses` ADD CONSTRAINT `contact_addresses_contact_fk` FOREIGN KEY (`business_id`,`contact_id`) REFERENCES `contacts`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `contacts` ADD CONSTRAINT `contacts_client_fk` FOREIGN KEY (`business_id`,`client_id`) REFERENCES `clients`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `attempts` ADD CONSTRAINT `attempts_delivery_fk` FOREIGN KEY (`business_id`,`delivery_id`) REFERENCES `deliveries`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `deliveries` ADD CONSTRAINT `deliveries_occurrence_fk` FOREIGN KEY (`business_id`,`occurrence_id`) REFERENCES `occurrences`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `deliveries` ADD CONSTRAINT `deliveries_assignment_fk` FOREIGN KEY (`business_id`,`assignment_id`) REFERENCES `assignments`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `deliveries` ADD CONSTRAINT `deliveries_contact_fk` FOREIGN KEY (`business_id`,`contact_id`) REFERENCES `contacts`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `occurrences` ADD CONSTRAINT `occurrences_reminder_fk` FOREIGN KEY (`business_id`,`reminder_id`) REFERENCES `reminders`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `memberships` ADD CONSTRAINT `memberships_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `memberships` ADD CONSTRAINT `memberships_member_fk` FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `refresh_tokens` ADD CONSTRAINT `refresh_tokens_session_fk` FOREIGN KEY (`business_id`,`session_id`) REFERENCES `sessions`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `sessions` ADD CONSTRAINT `sessions_membership_fk` FOREIGN KEY (`business_id`,`member_id`) REFERENCES `memberships`(`business_id`,`member_id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `assignments` ADD CONSTRAINT `assignments_reminder_fk` FOREIGN KEY (`business_id`,`reminder_id`) REFERENCES `reminders`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `assignments` ADD CONSTRAINT `assignments_client_fk` FOREIGN KEY (`business_id`,`client_id`) REFERENCES `clients`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `reminders` ADD CONSTRAINT `reminders_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `clients_name` ON `clients` (`business_id`,`name`);--> statement-breakpoint
CREATE INDEX `contact_addresses_hash` ON `contact_addresses` (`address_hash`);--> statement-breakpoint
CREATE INDEX `contacts_client` ON `contacts` (`business_id`,`client_id`);--> statement-breakpoint
CREATE INDEX `attempts_provider_message` ON `attempts` (`provider_message_id`);--> statement-breakpoint
CREATE INDEX `deliveries_outbox` ON `deliveries` (`state`,`next_at`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_reminder` ON `deliveries` (`business_id`,`reminder_id`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_client` ON `deliveries` (`business_id`,`client_id`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_assignment` ON `deliveries` (`business_id`,`assignment_id`);--> statement-breakpoint
CREATE INDEX `deliveries_contact` ON `deliveries` (`business_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `occurrences_open` ON `occurrences` (`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `memberships_member` ON `memberships` (`member_id`);--> statement-breakpoint
CREATE INDEX `provider_events_message` ON `provider_events` (`provider_message_id`);--> statement-breakpoint
CREATE INDEX `provider_events_waiting` ON `provider_events` (`applied_at`,`received_at`);--> statement-breakpoint
CREATE INDEX `assignments_client` ON `assignments` (`business_id`,`client_id`);--> statement-breakpoint
CREATE INDEX `reminders_due` ON `reminders` (`status`,`next_due_at`);