CREATE TABLE `api_keys` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`name` varchar(100) NOT NULL,
	`kind` varchar(32) NOT NULL,
	`key_hash` binary(32) NOT NULL,
	`last_four` varchar(4) NOT NULL,
	`role` varchar(32) NOT NULL,
	`scopes` json NOT NULL,
	`created_by` binary(16) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`last_used_at` datetime(3),
	`revoked_at` datetime(3),
	CONSTRAINT `api_keys_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `api_keys_hash` UNIQUE(`key_hash`)
);
--> statement-breakpoint
CREATE TABLE `daily_usage` (
	`business_id` binary(16) NOT NULL,
	`day` date NOT NULL,
	`sends` int NOT NULL,
	CONSTRAINT `daily_usage_business_id_day_pk` PRIMARY KEY(`business_id`,`day`)
);
--> statement-breakpoint
CREATE TABLE `provider_credentials` (
	`business_id` binary(16) NOT NULL,
	`provider` varchar(32) NOT NULL,
	`details` json NOT NULL,
	`secret` varbinary(2048) NOT NULL,
	`last_four` varchar(4) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `provider_credentials_business_id_provider_pk` PRIMARY KEY(`business_id`,`provider`)
);
--> statement-breakpoint
CREATE TABLE `throttles` (
	`key_hash` binary(32) NOT NULL,
	`count` int NOT NULL,
	`since` datetime(3) NOT NULL,
	`blocked_until` datetime(3),
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `throttles_key_hash_pk` PRIMARY KEY(`key_hash`)
);
--> statement-breakpoint
CREATE TABLE `audit_heads` (
	`business_id` binary(16) NOT NULL,
	`seq` bigint NOT NULL,
	`hash` binary(32) NOT NULL,
	CONSTRAINT `audit_heads_business_id_pk` PRIMARY KEY(`business_id`)
);
--> statement-breakpoint
CREATE TABLE `inbound_messages` (
	`id` binary(16) NOT NULL,
	`provider` varchar(32) NOT NULL,
	`account` varchar(64) NOT NULL,
	`event_key` varchar(255) NOT NULL,
	`channel` varchar(32) NOT NULL,
	`sender` varbinary(512) NOT NULL,
	`sender_hash` binary(32) NOT NULL,
	`keyword` varchar(32),
	`received_at` datetime(3) NOT NULL,
	`answered_at` datetime(3),
	CONSTRAINT `inbound_messages_id_pk` PRIMARY KEY(`id`),
	CONSTRAINT `inbound_messages_once` UNIQUE(`provider`,`account`,`event_key`)
);
--> statement-breakpoint
CREATE TABLE `suppressions` (
	`business_id` binary(16) NOT NULL,
	`channel` varchar(32) NOT NULL,
	`address_hash` binary(32) NOT NULL,
	`reason` varchar(32) NOT NULL,
	`source` varchar(100) NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`lifted_at` datetime(3),
	CONSTRAINT `suppressions_business_id_channel_address_hash_pk` PRIMARY KEY(`business_id`,`channel`,`address_hash`)
);
--> statement-breakpoint
CREATE TABLE `account_mails` (
	`id` binary(16) NOT NULL,
	`kind` varchar(32) NOT NULL,
	`email` varbinary(512) NOT NULL,
	`subject_id` varchar(64),
	`business_id` binary(16),
	`tries` int NOT NULL DEFAULT 0,
	`next_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `account_mails_id_pk` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `client_staff` (
	`business_id` binary(16) NOT NULL,
	`client_id` binary(16) NOT NULL,
	`member_id` binary(16) NOT NULL,
	CONSTRAINT `client_staff_business_id_client_id_member_id_pk` PRIMARY KEY(`business_id`,`client_id`,`member_id`)
);
--> statement-breakpoint
CREATE TABLE `invitations` (
	`business_id` binary(16) NOT NULL,
	`id` binary(16) NOT NULL,
	`email` varbinary(512) NOT NULL,
	`email_hash` binary(32) NOT NULL,
	`role` varchar(32) NOT NULL,
	`limited_to_clients` boolean NOT NULL DEFAULT false,
	`token_hash` binary(32),
	`invited_by` binary(16) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	`accepted_at` datetime(3),
	`revoked_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `invitations_business_id_id_pk` PRIMARY KEY(`business_id`,`id`),
	CONSTRAINT `invitations_token` UNIQUE(`token_hash`)
);
--> statement-breakpoint
CREATE TABLE `member_tokens` (
	`token_hash` binary(32) NOT NULL,
	`member_id` binary(16) NOT NULL,
	`purpose` varchar(32) NOT NULL,
	`new_email` varbinary(512),
	`expires_at` datetime(3) NOT NULL,
	`used_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `member_tokens_token_hash_pk` PRIMARY KEY(`token_hash`)
);
--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`member_id` binary(16) NOT NULL,
	`code_hash` binary(32) NOT NULL,
	`used_at` datetime(3),
	CONSTRAINT `recovery_codes_member_id_code_hash_pk` PRIMARY KEY(`member_id`,`code_hash`)
);
--> statement-breakpoint
CREATE TABLE `revoked_tokens` (
	`jti` binary(16) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	CONSTRAINT `revoked_tokens_jti_pk` PRIMARY KEY(`jti`)
);
--> statement-breakpoint
ALTER TABLE `audit_events` ADD `seq` bigint;--> statement-breakpoint
ALTER TABLE `audit_events` ADD `digest` binary(32);--> statement-breakpoint
ALTER TABLE `audit_events` ADD `hash` binary(32);--> statement-breakpoint
ALTER TABLE `businesses` ADD `mode` varchar(32) DEFAULT 'live' NOT NULL;--> statement-breakpoint
ALTER TABLE `businesses` ADD `daily_sends` int;--> statement-breakpoint
ALTER TABLE `members` ADD `email_verified_at` datetime(3);--> statement-breakpoint
ALTER TABLE `members` ADD `totp_secret` varbinary(128);--> statement-breakpoint
ALTER TABLE `members` ADD `totp_confirmed_at` datetime(3);--> statement-breakpoint
ALTER TABLE `members` ADD `totp_last_step` int;--> statement-breakpoint
ALTER TABLE `memberships` ADD `limited_to_clients` boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `memberships` ADD `disabled_at` datetime(3);--> statement-breakpoint
ALTER TABLE `sessions` ADD `user_agent` varchar(200);--> statement-breakpoint
ALTER TABLE `sessions` ADD `authenticated_at` datetime(3);--> statement-breakpoint
ALTER TABLE `audit_events` ADD CONSTRAINT `audit_events_chain` UNIQUE(`business_id`,`seq`);--> statement-breakpoint
ALTER TABLE `api_keys` ADD CONSTRAINT `api_keys_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `daily_usage` ADD CONSTRAINT `daily_usage_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `provider_credentials` ADD CONSTRAINT `provider_credentials_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `audit_heads` ADD CONSTRAINT `audit_heads_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `suppressions` ADD CONSTRAINT `suppressions_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `client_staff` ADD CONSTRAINT `client_staff_client_fk` FOREIGN KEY (`business_id`,`client_id`) REFERENCES `clients`(`business_id`,`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `client_staff` ADD CONSTRAINT `client_staff_membership_fk` FOREIGN KEY (`business_id`,`member_id`) REFERENCES `memberships`(`business_id`,`member_id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `invitations` ADD CONSTRAINT `invitations_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `member_tokens` ADD CONSTRAINT `member_tokens_member_fk` FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `recovery_codes` ADD CONSTRAINT `recovery_codes_member_fk` FOREIGN KEY (`member_id`) REFERENCES `members`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `throttles_updated` ON `throttles` (`updated_at`);--> statement-breakpoint
CREATE INDEX `account_mails_due` ON `account_mails` (`next_at`);--> statement-breakpoint
CREATE INDEX `client_staff_member` ON `client_staff` (`business_id`,`member_id`);--> statement-breakpoint
CREATE INDEX `member_tokens_member` ON `member_tokens` (`member_id`,`purpose`);--> statement-breakpoint
CREATE INDEX `revoked_tokens_expired` ON `revoked_tokens` (`expires_at`);