CREATE TABLE `counted_deliveries` (
	`business_id` binary(16) NOT NULL,
	`time_zone` varchar(64) NOT NULL,
	`through` datetime(3) NOT NULL,
	CONSTRAINT `counted_deliveries_business_id_pk` PRIMARY KEY(`business_id`)
);
--> statement-breakpoint
CREATE TABLE `delivery_counts` (
	`business_id` binary(16) NOT NULL,
	`day` date NOT NULL,
	`hour` int NOT NULL,
	`reminder_id` binary(16) NOT NULL,
	`step_id` varchar(40) NOT NULL,
	`channel` varchar(32) NOT NULL,
	`state` varchar(32) NOT NULL,
	`reason` varchar(64) NOT NULL,
	`deliveries` int NOT NULL,
	CONSTRAINT `delivery_counts_pk` PRIMARY KEY(`business_id`,`day`,`hour`,`reminder_id`,`step_id`,`channel`,`state`,`reason`)
);
--> statement-breakpoint
ALTER TABLE `counted_deliveries` ADD CONSTRAINT `counted_deliveries_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `delivery_counts` ADD CONSTRAINT `delivery_counts_business_fk` FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `deliveries_made` ON `deliveries` (`business_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `deliveries_changed` ON `deliveries` (`business_id`,`updated_at`);--> statement-breakpoint
CREATE INDEX `assignments_closed` ON `assignments` (`business_id`,`closed_at`);--> statement-breakpoint
CREATE INDEX `assignments_due` ON `assignments` (`business_id`,`state`,`due_on`);