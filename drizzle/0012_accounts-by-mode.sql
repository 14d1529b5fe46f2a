ALTER TABLE `payment_accounts` DROP INDEX `payment_accounts_account`;--> statement-breakpoint
ALTER TABLE `payment_accounts` ADD CONSTRAINT `payment_accounts_account` UNIQUE(`account_id`,`live_mode`);