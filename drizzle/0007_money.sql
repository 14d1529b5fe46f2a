CREATE TABLE `checklist_items` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`assignment_id` binary(16) NOT NULL,
	`position` int NOT NULL,
	`label` varchar(200) NOT NULL,
	`state` varchar(32) NOT NULL,
	`reason` varchar(500),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `checklist_items_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `client_links` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`purpose` varchar(32) NOT NULL,
	`token_hash` binary(32) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`contact_id` binary(16),
	`document_id` binary(16),
	`expires_at` datetime(3) NOT NULL,
	`revoked_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `client_links_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `client_links_token` UNIQUE(`token_hash`)
);
--> statement-breakpoint
CREATE TABLE `documents` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`assignment_id` binary(16),
	`item_id` binary(16),
	`direction` varchar(32) NOT NULL,
	`name` varchar(255) NOT NULL,
	`media_type` varchar(100) NOT NULL,
	`bytes` bigint NOT NULL,
	`sha256` binary(32),
	`state` varchar(32) NOT NULL,
	`uploaded_by` varchar(80) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	`deleted_at` datetime(3),
	CONSTRAINT `documents_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `link_visits` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`link_id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`use` varchar(32) NOT NULL,
	`about` varchar(80),
	`network_hash` binary(32),
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `link_visits_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `client_tags` (
	`business_id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`tag` varchar(60) NOT NULL,
	CONSTRAINT `client_tags_business_id_client_id_tag_pk` PRIMARY KEY(`business_id`,`client_id`,`tag`)
);
--> statement-breakpoint
CREATE TABLE `import_errors` (
	`business_id` binary(16) NOT NULL,
	`import_id` binary(16) NOT NULL,
	`row_number` int NOT NULL,
	`position` int NOT NULL,
	`field` varchar(100) NOT NULL,
	`message` varchar(500) NOT NULL,
	CONSTRAINT `import_errors_business_id_import_id_row_number_position_pk` PRIMARY KEY(`business_id`,`import_id`,`row_number`,`position`)
);
--> statement-breakpoint
CREATE TABLE `import_mappings` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`kind` varchar(32) NOT NULL,
	`name` varchar(100) NOT NULL,
	`mapping` json NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `import_mappings_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `import_mappings_name` UNIQUE(`business_id`,`kind`,`name`)
);
--> statement-breakpoint
CREATE TABLE `imports` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`kind` varchar(32) NOT NULL,
	`state` varchar(32) NOT NULL,
	`dry_run` boolean NOT NULL,
	`file_key` varchar(200) NOT NULL,
	`file_name` varchar(255) NOT NULL,
	`mapping` json NOT NULL,
	`rows_done` int NOT NULL DEFAULT 0,
	`created` int NOT NULL DEFAULT 0,
	`changed` int NOT NULL DEFAULT 0,
	`unchanged` int NOT NULL DEFAULT 0,
	`refused` int NOT NULL DEFAULT 0,
	`problem` varchar(500),
	`created_by` varchar(80) NOT NULL,
	`fence` int NOT NULL DEFAULT 0,
	`lease_until` datetime(3),
	`crashes` int NOT NULL DEFAULT 0,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	`finished_at` datetime(3),
	CONSTRAINT `imports_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `tag_rules` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`tag` varchar(60) NOT NULL,
	`reminder_id` binary(16) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `tag_rules_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `tag_rules_once` UNIQUE(`business_id`,`tag`,`reminder_id`)
);
--> statement-breakpoint
CREATE TABLE `bank_lines` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`booked_on` date NOT NULL,
	`currency` varchar(3) NOT NULL,
	`amount` bigint NOT NULL,
	`text` varbinary(2048) NOT NULL,
	`fingerprint` binary(32) NOT NULL,
	`state` varchar(32) NOT NULL,
	`suggested_id` binary(16),
	`payment_id` binary(16),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `bank_lines_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `bank_lines_once` UNIQUE(`business_id`,`fingerprint`)
);
--> statement-breakpoint
CREATE TABLE `checkouts` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`state` varchar(32) NOT NULL,
	`parts` json NOT NULL,
	`currency` varchar(3) NOT NULL,
	`amount` bigint NOT NULL,
	`session_id` varchar(255),
	`url` varchar(2000),
	`expires_at` datetime(3) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `checkouts_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `checkouts_session` UNIQUE(`business_id`,`session_id`)
);
--> statement-breakpoint
CREATE TABLE `payment_accounts` (
	`business_id` binary(16) NOT NULL,
	`kind` varchar(32) NOT NULL,
	`account_id` varchar(64) NOT NULL,
	`live_mode` boolean NOT NULL,
	`charges_enabled` boolean NOT NULL,
	`secret_key` varbinary(1024),
	`last_four` varchar(4),
	`webhook_secret` varbinary(1024),
	`old_webhook_secret` varbinary(1024),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `payment_accounts_business_id_pk` PRIMARY KEY(`business_id`),
	CONSTRAINT `payment_accounts_account` UNIQUE(`account_id`)
);
--> statement-breakpoint
CREATE TABLE `payment_allocations` (
	`business_id` binary(16) NOT NULL,
	`payment_id` binary(16) NOT NULL,
	`payment_request_id` binary(16) NOT NULL,
	`position` int NOT NULL,
	`meant` bigint NOT NULL,
	`amount` bigint NOT NULL,
	CONSTRAINT `payment_allocations_business_id_payment_id_payment_request_id_pk` PRIMARY KEY(`business_id`,`payment_id`,`payment_request_id`)
);
--> statement-breakpoint
CREATE TABLE `payment_events` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`account_id` varchar(64) NOT NULL,
	`event_key` varchar(255) NOT NULL,
	`type` varchar(100) NOT NULL,
	`object_id` varchar(255) NOT NULL,
	`crashes` int NOT NULL DEFAULT 0,
	`received_at` datetime(3) NOT NULL,
	`applied_at` datetime(3),
	`result` varchar(32),
	CONSTRAINT `payment_events_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `payment_events_once` UNIQUE(`account_id`,`event_key`)
);
--> statement-breakpoint
CREATE TABLE `payment_requests` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`reference` varchar(40) NOT NULL,
	`title` varchar(200) NOT NULL,
	`items` json NOT NULL,
	`currency` varchar(3) NOT NULL,
	`total` bigint NOT NULL,
	`paid` bigint NOT NULL DEFAULT 0,
	`processing` bigint NOT NULL DEFAULT 0,
	`due_on` date,
	`state` varchar(32) NOT NULL,
	`policy` json NOT NULL,
	`checkout_id` binary(16),
	`paid_at` datetime(3),
	`cancelled_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `payment_requests_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `payment_requests_reference` UNIQUE(`business_id`,`reference`)
);
--> statement-breakpoint
CREATE TABLE `payments` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`method` varchar(32) NOT NULL,
	`provider_ref` varchar(255),
	`checkout_id` binary(16),
	`currency` varchar(3) NOT NULL,
	`amount` bigint NOT NULL,
	`refunded` bigint NOT NULL DEFAULT 0,
	`disputed` bigint NOT NULL DEFAULT 0,
	`state` varchar(32) NOT NULL,
	`failure` varchar(64),
	`received_on` date NOT NULL,
	`note` varchar(500),
	`recorded_by` varchar(80) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `payments_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `payments_provider_ref` UNIQUE(`business_id`,`provider_ref`)
);
--> statement-breakpoint
CREATE TABLE `webhook_calls` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`endpoint_id` binary(16) NOT NULL,
	`event_id` binary(16) NOT NULL,
	`round` int NOT NULL,
	`state` varchar(32) NOT NULL,
	`tries` int NOT NULL DEFAULT 0,
	`next_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `webhook_calls_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `webhook_calls_once` UNIQUE(`business_id`,`endpoint_id`,`event_id`,`round`)
);
--> statement-breakpoint
CREATE TABLE `webhook_endpoints` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`url` varchar(1000) NOT NULL,
	`description` varchar(200),
	`events` json NOT NULL,
	`state` varchar(32) NOT NULL,
	`secret` varbinary(512) NOT NULL,
	`old_secret` varbinary(512),
	`old_secret_until` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `webhook_endpoints_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `webhook_events` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`type` varchar(64) NOT NULL,
	`data` json NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `webhook_events_business_id_id_pk` PRIMARY KEY(`business_id`,`id`)
);
--> statement-breakpoint
CREATE TABLE `webhook_tries` (
	`business_id` binary(16) NOT NULL,
	`call_id` binary(16) NOT NULL,
	`number` int NOT NULL,
	`status` int,
	`problem` varchar(200),
	`took_ms` int NOT NULL,
	`started_at` datetime(3) NOT NULL,
	CONSTRAINT `webhook_tries_business_id_call_id_number_pk` PRIMARY KEY(`business_id`,`call_id`,`number`)
);
--> statement-breakpoint
ALTER TABLE `businesses` ADD `branding` json;--> statement-breakpoint
ALTER TABLE `businesses` ADD `payment_policy` json;--> statement-breakpoint
ALTER TABLE `businesses` ADD `retention` json;--> statement-breakpoint
ALTER TABLE `clients` ADD `merged_into` binary(16);--> statement-breakpoint
ALTER TABLE `clients` ADD `erased_at` datetime(3);--> statement-breakpoint
ALTER TABLE `assignments` ADD `payment_request_id` binary(16);--> statement-breakpoint
ALTER TABLE `assignments` ADD `paying_at` datetime(3);--> statement-breakpoint
ALTER TABLE `assignments` ADD `tag_rule_id` binary(16);--> statement-breakpoint
ALTER TABLE `assignments` ADD `calendar_sequence` int DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `reminders` ADD `checklist` json;--> statement-breakpoint
ALTER TABLE `checklist_items` ADD CONSTRAINT `checklist_items_assignment_fk` FOREIGN KEY (`business_id`,`assignment_id`) REFERENCES `assignments`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `client_links` ADD CONSTRAINT `client_links_client_fk` FOREIGN KEY (`business_id`,`client_id`) REFERENCES `clients`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `documents` ADD CONSTRAINT `documents_client_fk` FOREIGN KEY (`business_id`,`client_id`) REFERENCES `clients`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `link_visits` ADD CONSTRAINT `link_visits_link_fk` FOREIGN KEY (`business_id`,`link_id`) REFERENCES `client_links`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `client_tags` ADD CONSTRAINT `client_tags_client_fk` FOREIGN KEY (`business_id`,`client_id`) REFERENCES `clients`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `import_errors` ADD CONSTRAINT `import_errors_import_fk` FOREIGN KEY (`business_id`,`import_id`) REFERENCES `imports`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `import_mappings` ADD CONSTRAINT `import_mappings_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `imports` ADD CONSTRAINT `imports_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `tag_rules` ADD CONSTRAINT `tag_rules_reminder_fk` FOREIGN KEY (`business_id`,`reminder_id`) REFERENCES `reminders`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `bank_lines` ADD CONSTRAINT `bank_lines_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `checkouts` ADD CONSTRAINT `checkouts_client_fk` FOREIGN KEY (`business_id`,`client_id`) REFERENCES `clients`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `payment_accounts` ADD CONSTRAINT `payment_accounts_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `payment_allocations` ADD CONSTRAINT `payment_allocations_payment_fk` FOREIGN KEY (`business_id`,`payment_id`) REFERENCES `payments`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `payment_allocations` ADD CONSTRAINT `payment_allocations_request_fk` FOREIGN KEY (`business_id`,`payment_request_id`) REFERENCES `payment_requests`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `payment_events` ADD CONSTRAINT `payment_events_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `payment_requests` ADD CONSTRAINT `payment_requests_client_fk` FOREIGN KEY (`business_id`,`client_id`) REFERENCES `clients`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `payments` ADD CONSTRAINT `payments_client_fk` FOREIGN KEY (`business_id`,`client_id`) REFERENCES `clients`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `webhook_calls` ADD CONSTRAINT `webhook_calls_endpoint_fk` FOREIGN KEY (`business_id`,`endpoint_id`) REFERENCES `webhook_endpoints`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `webhook_calls` ADD CONSTRAINT `webhook_calls_event_fk` FOREIGN KEY (`business_id`,`event_id`) REFERENCES `webhook_events`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `webhook_endpoints` ADD CONSTRAINT `webhook_endpoints_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `webhook_events` ADD CONSTRAINT `webhook_events_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `webhook_tries` ADD CONSTRAINT `webhook_tries_call_fk` FOREIGN KEY (`business_id`,`call_id`) REFERENCES `webhook_calls`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `checklist_items_assignment` ON `checklist_items` (`business_id`,`assignment_id`,`position`);--> statement-breakpoint
CREATE INDEX `client_links_contact` ON `client_links` (`business_id`,`contact_id`,`purpose`,`expires_at`);--> statement-breakpoint
CREATE INDEX `client_links_client` ON `client_links` (`business_id`,`client_id`);--> statement-breakpoint
CREATE INDEX `documents_client` ON `documents` (`business_id`,`client_id`,`id`);--> statement-breakpoint
CREATE INDEX `documents_item` ON `documents` (`business_id`,`item_id`);--> statement-breakpoint
CREATE INDEX `documents_age` ON `documents` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `link_visits_link` ON `link_visits` (`business_id`,`link_id`,`id`);--> statement-breakpoint
CREATE INDEX `link_visits_age` ON `link_visits` (`created_at`);--> statement-breakpoint
CREATE INDEX `client_tags_tag` ON `client_tags` (`business_id`,`tag`);--> statement-breakpoint
CREATE INDEX `imports_waiting` ON `imports` (`state`,`lease_until`);--> statement-breakpoint
CREATE INDEX `bank_lines_state` ON `bank_lines` (`business_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `checkouts_client` ON `checkouts` (`business_id`,`client_id`);--> statement-breakpoint
CREATE INDEX `payment_allocations_request` ON `payment_allocations` (`business_id`,`payment_request_id`);--> statement-breakpoint
CREATE INDEX `payment_events_waiting` ON `payment_events` (`applied_at`,`received_at`);--> statement-breakpoint
CREATE INDEX `payment_requests_client` ON `payment_requests` (`business_id`,`client_id`);--> statement-breakpoint
CREATE INDEX `payment_requests_due` ON `payment_requests` (`business_id`,`state`,`due_on`);--> statement-breakpoint
CREATE INDEX `payments_client` ON `payments` (`business_id`,`client_id`);--> statement-breakpoint
CREATE INDEX `payments_received` ON `payments` (`business_id`,`received_on`);--> statement-breakpoint
CREATE INDEX `webhook_calls_waiting` ON `webhook_calls` (`state`,`next_at`);--> statement-breakpoint
CREATE INDEX `webhook_events_age` ON `webhook_events` (`created_at`);--> statement-breakpoint
CREATE INDEX `clients_merged` ON `clients` (`business_id`,`merged_into`);--> statement-breakpoint
CREATE INDEX `assignments_payment` ON `assignments` (`business_id`,`payment_request_id`);--> statement-breakpoint
CREATE INDEX `assignments_tag_rule` ON `assignments` (`business_id`,`tag_rule_id`);