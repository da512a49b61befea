create table "access_log" ("id" bigserial primary key, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "at" varchar(24) not null, "who" varchar(256) not null, "capacity" varchar(32) not null, "how" varchar(64) not null, "operation" varchar(64) not null, "aggregate" varchar(64) not null);
create index "access_log_aggregate_id_index" on "access_log" ("aggregate", "id");
create index "access_log_who_id_index" on "access_log" ("who", "id");

create table "actor" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "actor" varchar(256) not null, "version" int not null, "points" int not null, "step" int not null, "assessed_at" varchar(24) not null, "seen" varchar(64) not null, primary key ("operator", "actor"));

create table "aggregate" ("id" varchar(64) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "kind" varchar(32) not null, "n" int not null, "head" varchar(64) not null, "state" jsonb not null, "due" varchar(24) null, "due_rule" varchar(64) null, "owes" jsonb not null, "is_owing" boolean not null, "is_final" boolean not null, "status" varchar(32) not null, "marketplace" varchar(128) not null, "listing" varchar(256) not null, "holder" varchar(256) not null, "about" varchar(64) null, "opened_at" varchar(24) not null, "changed_at" varchar(24) not null, primary key ("id"));
create index "aggregate_operator_is_final_due_index" on "aggregate" ("operator", "is_final", "due");
create index "aggregate_operator_kind_due_id_index" on "aggregate" ("operator", "kind", "due", "id");
create index "aggregate_operator_kind_status_due_id_index" on "aggregate" ("operator", "kind", "status", "due", "id");
create index "aggregate_operator_holder_kind_due_id_index" on "aggregate" ("operator", "holder", "kind", "due", "id");
create index "aggregate_marketplace_listing_index" on "aggregate" ("marketplace", "listing");
create index "aggregate_about_index" on "aggregate" ("about");
create or replace function "aggregate_aggregate_change_fn"() returns trigger as $$ begin insert into change (operator, aggregate, kind, status, n, at) values (new.operator, new.id, new.kind, new.status, new.n, new.changed_at); return null; end; $$ language plpgsql;
create trigger "aggregate_change" AFTER INSERT OR UPDATE on "aggregate" for each ROW execute function "aggregate_aggregate_change_fn"();

create table "organisation_alias" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "alias" varchar(512) not null, "organisation" varchar(256) not null, primary key ("operator", "alias"));
create index "organisation_alias_organisation_index" on "organisation_alias" ("organisation");

create table "authorised_seller" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "seller" varchar(256) not null, "organisation" varchar(256) not null, "market" varchar(8) not null, "from" varchar(10) not null, "until" varchar(10) null, primary key ("operator", "seller", "organisation", "market", "from"));

create table "calendar_feed" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "who" varchar(256) not null, "organisation" varchar(256) not null, "hash" varchar(64) not null, "made_at" varchar(24) not null, primary key ("operator", "who", "organisation"));
alter table "calendar_feed" add constraint "calendar_feed_hash_unique" unique ("hash");

create table "change" ("id" bigserial primary key, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "xid" bigint not null default ((pg_current_xact_id())::text)::bigint, "aggregate" varchar(64) not null, "kind" varchar(32) not null, "status" varchar(32) not null, "n" int not null, "at" varchar(24) not null);
create index "change_operator_xid_id_index" on "change" ("operator", "xid", "id");

create table "claim" ("aggregate" varchar(64) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "who" varchar(256) not null, "since" varchar(24) not null, "until" varchar(24) not null, primary key ("aggregate"));

create table "decision" ("aggregate" varchar(64) not null, "n" int not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "command" varchar(256) not null, "at" varchar(24) not null, "envelope" jsonb not null, "hash" varchar(64) not null, primary key ("aggregate", "n"));
alter table "decision" add constraint "decision_aggregate_command_unique" unique ("aggregate", "command");

create table "delivery_fact" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "id" varchar(64) not null, "recipient" varchar(64) not null, "mark" varchar(32) not null, "fact" varchar(16) not null, "status" varchar(16) not null, "at" varchar(24) not null, primary key ("operator", "id", "recipient"));
create index "delivery_fact_mark_index" on "delivery_fact" ("mark");

create table "disclosed" ("aggregate" varchar(64) not null, "digest" varchar(64) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), primary key ("aggregate", "digest"));

create table "disclosure" ("digest" varchar(64) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "salt" varchar(32) not null, "value" text not null, primary key ("digest"));

create table "ground" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "marketplace" varchar(128) not null, "listing" varchar(256) not null, "case" varchar(64) not null, "since" varchar(24) not null, "content" jsonb null, primary key ("operator", "marketplace", "listing", "case"));

create table "inbox" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "id" varchar(256) not null, "aggregate" varchar(64) not null, "workflow" varchar(64) not null, "received_at" varchar(24) not null, "sender" varchar(64) not null, "content" jsonb not null, "fingerprint" varchar(64) not null, "answer" jsonb null, "answered_at" varchar(24) null, "signal_again_at" bigint not null, "signals" int not null default 1, primary key ("operator", "id"));
create index "inbox_unread" on "inbox" ("aggregate", "received_at", "id") where answer is null;
create index "inbox_signal" on "inbox" ("signal_again_at") where answer is null;

create table "ledger" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "seller" varchar(256) not null, "listing" varchar(256) not null, "holder" varchar(256) not null, "marketplace" varchar(128) not null, "aggregate" varchar(64) not null, "n" int not null, "points" int not null, "counts_from" varchar(24) null, "expires_at" varchar(24) not null, "voided_by" varchar(64) null, "entered_at" varchar(24) not null, primary key ("operator", "seller", "listing", "holder"));
create index "ledger_aggregate_index" on "ledger" ("aggregate");

create table "letter" ("id" varchar(128) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "aggregate" varchar(64) not null, "n" int not null, "kind" varchar(64) not null, "to" jsonb not null, "about" jsonb not null, "unless" varchar(64) null, "digest_group" varchar(512) null, "digest" varchar(128) null, "written_at" varchar(24) not null, "due_at" varchar(24) not null, "state" varchar(16) not null, "tries" int not null default 0, "put_off_since" varchar(24) null, "result" text null, "settled_at" varchar(24) null, "address" varchar(64) null, "mark" varchar(32) null, "sent_to" jsonb null, "leased_until" bigint not null default '0', primary key ("id"));
create index "letter_due" on "letter" ("due_at", "id") where state = 'waiting';
create index "letter_sending" on "letter" ("leased_until") where state = 'sending';
create index "letter_aggregate_n_index" on "letter" ("aggregate", "n");
create index "letter_digest_index" on "letter" ("digest");
create index "letter_mark_index" on "letter" ("mark");

create table "listing" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "id" varchar(256) not null, "marketplace" varchar(128) not null, "market" varchar(8) not null, "seller" varchar(256) null, "version" varchar(64) not null, "row" jsonb not null, "scanned" varchar(160) null, primary key ("operator", "id"));
create index "listing_marketplace_id_index" on "listing" ("marketplace", "id");

create table "machine_key" ("id" varchar(64) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "hash" varchar(64) not null, "who" varchar(256) not null, "label" text not null, "scopes" jsonb not null, "made_at" varchar(24) not null, "expires_at" varchar(24) null, "revoked_at" varchar(24) null, "seen_at" varchar(24) null, primary key ("id"));
alter table "machine_key" add constraint "machine_key_hash_unique" unique ("hash");
create index "machine_key_who_index" on "machine_key" ("who");

create table "natural_key" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "key" text not null, "aggregate" varchar(64) not null, primary key ("operator", "key"));
create index "natural_key_aggregate_index" on "natural_key" ("aggregate");

create table "organisation" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "id" varchar(256) not null, "name" text not null, "kind" varchar(32) not null, "zone" varchar(64) null, "hours" varchar(16) null, "country" varchar(8) null, "mail" varchar(320) null, "account_manager" varchar(128) null, primary key ("operator", "id"));

create table "party" ("aggregate" varchar(64) not null, "organisation" varchar(256) not null, "capacity" varchar(32) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), primary key ("aggregate", "organisation", "capacity"));
create index "party_organisation_capacity_aggregate_index" on "party" ("organisation", "capacity", "aggregate");

create table "person" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "id" varchar(128) not null, "name" text not null, "mail" varchar(320) null, "role" varchar(32) not null, "organisations" jsonb not null, "duty" jsonb not null, "revoked_at" varchar(24) null, primary key ("operator", "id"));

create table "policy" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "digest" varchar(80) not null, "name" varchar(128) not null, "version" int not null, "document" jsonb not null, "since" varchar(24) not null, primary key ("operator", "digest"));

create table "recipient" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "id" varchar(128) not null, "name" text not null, "mail" varchar(320) null, "country" varchar(8) not null, "markets" jsonb not null, "takes" jsonb not null, "language" varchar(16) not null, "profiles" jsonb not null, primary key ("operator", "id"));

create table "reference_image" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "digest" varchar(64) not null, "address" text not null, "hash" varchar(32) null, "refused" varchar(64) null, primary key ("operator", "digest"));
create table "referral" ("referral" varchar(64) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "actor" varchar(256) not null, "recipient" varchar(128) not null, "number" int not null, primary key ("referral"));
create index "referral_operator_actor_recipient_index" on "referral" ("operator", "actor", "recipient");

create table "referral_brand" ("referral" varchar(64) not null, "organisation" varchar(256) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "stage" varchar(32) not null, "cases" jsonb not null, "outcomes" jsonb not null, primary key ("referral", "organisation"));
create index "referral_brand_organisation_index" on "referral_brand" ("organisation");

create table "reference" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "brand" varchar(256) not null, "part_number" varchar(128) not null, "currency" varchar(8) not null, "row" jsonb not null, primary key ("operator", "brand", "part_number", "currency"));

create table "reporter" ("aggregate" varchar(64) not null, "digest" varchar(64) not null, "capacity" varchar(32) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), primary key ("aggregate", "digest"));

create table "right" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "id" varchar(128) not null, "jurisdiction" varchar(16) not null, "organisation" varchar(256) null, "row" jsonb not null, primary key ("operator", "id"));
create index "right_organisation_index" on "right" ("organisation");

create table "rules" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "digest" varchar(64) not null, "text" text not null, primary key ("operator", "digest"));

create table "seal" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "sequence" int not null, "aggregate" varchar(64) not null, "root" varchar(64) not null, "at" varchar(24) not null, "exported" boolean not null default false, "archive" varchar(80) null, "archive_waits_since" bigint null, primary key ("operator", "sequence"));
alter table "seal" add constraint "seal_aggregate_unique" unique ("aggregate");

create table "seller" ("operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "id" varchar(256) not null, "market" varchar(8) null, "mail" varchar(320) null, "actor" varchar(256) not null, "row" jsonb not null, primary key ("operator", "id"));
create index "seller_actor_index" on "seller" ("actor");

create table "session" ("hash" varchar(64) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "who" varchar(256) not null, "how" varchar(16) not null, "began_at" varchar(24) not null, "seen_at" varchar(24) not null, "expires_at" varchar(24) not null, "ended_at" varchar(24) null, primary key ("hash"));
create index "session_who_index" on "session" ("who");

create table "sign_in_link" ("hash" varchar(64) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "who" varchar(256) not null, "made_at" varchar(24) not null, "expires_at" varchar(24) not null, "used_at" varchar(24) null, primary key ("hash"));
create index "sign_in_link_who_index" on "sign_in_link" ("who");

create table "webhook_endpoint" ("id" varchar(64) not null, "operator" varchar(64) not null default current_setting('interdict.operator'::text, true), "organisation" varchar(256) not null, "capacity" varchar(32) not null, "url" varchar(2048) not null, "secret" varchar(80) not null, "former_secret" varchar(80) null, "former_until" varchar(24) null, "made_at" varchar(24) not null, "disabled_at" varchar(24) null, "disabled_because" text null, "xid" bigint not null, "change" bigint not null, primary key ("id"));
alter table "webhook_endpoint" add constraint "webhook_endpoint_operator_organisation_url_unique" unique ("operator", "organisation", "url");

alter table "access_log" enable row level security;
alter table "access_log" force row level security;
create policy "access_log_engine" on "access_log" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "actor" enable row level security;
alter table "actor" force row level security;
create policy "actor_engine" on "actor" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "aggregate" enable row level security;
alter table "aggregate" force row level security;
create policy "aggregate_engine" on "aggregate" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
create policy "aggregate_portal" on "aggregate" for select to "interdict_portal" using (operator = current_setting('interdict.operator', true) and (select true from party where party.aggregate = "aggregate"."id" and party.organisation = any (nullif(current_setting('interdict.organisations', true), '')::text[]) and party.capacity = current_setting('interdict.capacity', true) limit 1));
alter table "organisation_alias" enable row level security;
alter table "organisation_alias" force row level security;
create policy "organisation_alias_engine" on "organisation_alias" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "authorised_seller" enable row level security;
alter table "authorised_seller" force row level security;
create policy "authorised_seller_engine" on "authorised_seller" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "calendar_feed" enable row level security;
alter table "calendar_feed" force row level security;
create policy "calendar_feed_engine" on "calendar_feed" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "change" enable row level security;
alter table "change" force row level security;
create policy "change_engine" on "change" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
create policy "change_portal" on "change" for select to "interdict_portal" using (operator = current_setting('interdict.operator', true) and (select true from party where party.aggregate = "change"."aggregate" and party.organisation = any (nullif(current_setting('interdict.organisations', true), '')::text[]) and party.capacity = current_setting('interdict.capacity', true) limit 1));
alter table "claim" enable row level security;
alter table "claim" force row level security;
create policy "claim_engine" on "claim" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "decision" enable row level security;
alter table "decision" force row level security;
create policy "decision_engine" on "decision" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
create policy "decision_portal" on "decision" for select to "interdict_portal" using (operator = current_setting('interdict.operator', true) and (select true from party where party.aggregate = "decision"."aggregate" and party.organisation = any (nullif(current_setting('interdict.organisations', true), '')::text[]) and party.capacity = current_setting('interdict.capacity', true) limit 1));
alter table "delivery_fact" enable row level security;
alter table "delivery_fact" force row level security;
create policy "delivery_fact_engine" on "delivery_fact" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "disclosed" enable row level security;
alter table "disclosed" force row level security;
create policy "disclosed_engine" on "disclosed" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "disclosure" enable row level security;
alter table "disclosure" force row level security;
create policy "disclosure_engine" on "disclosure" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "ground" enable row level security;
alter table "ground" force row level security;
create policy "ground_engine" on "ground" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "inbox" enable row level security;
alter table "inbox" force row level security;
create policy "inbox_engine" on "inbox" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
create policy "inbox_portal" on "inbox" for select to "interdict_portal" using (operator = current_setting('interdict.operator', true) and (select true from party where party.aggregate = "inbox"."aggregate" and party.organisation = any (nullif(current_setting('interdict.organisations', true), '')::text[]) and party.capacity = current_setting('interdict.capacity', true) limit 1) and sender = current_setting('interdict.capacity', true));
alter table "ledger" enable row level security;
alter table "ledger" force row level security;
create policy "ledger_engine" on "ledger" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
create policy "ledger_portal" on "ledger" for select to "interdict_portal" using (operator = current_setting('interdict.operator', true) and (select true from party where party.aggregate = "ledger"."aggregate" and party.organisation = any (nullif(current_setting('interdict.organisations', true), '')::text[]) and party.capacity = current_setting('interdict.capacity', true) limit 1));
alter table "letter" enable row level security;
alter table "letter" force row level security;
create policy "letter_engine" on "letter" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "listing" enable row level security;
alter table "listing" force row level security;
create policy "listing_engine" on "listing" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "machine_key" enable row level security;
alter table "machine_key" force row level security;
create policy "machine_key_engine" on "machine_key" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "natural_key" enable row level security;
alter table "natural_key" force row level security;
create policy "natural_key_engine" on "natural_key" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "organisation" enable row level security;
alter table "organisation" force row level security;
create policy "organisation_engine" on "organisation" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "party" enable row level security;
alter table "party" force row level security;
create policy "party_engine" on "party" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
create policy "party_portal" on "party" for select to "interdict_portal" using (operator = current_setting('interdict.operator', true) and organisation = any (nullif(current_setting('interdict.organisations', true), '')::text[]) and capacity = current_setting('interdict.capacity', true));
alter table "person" enable row level security;
alter table "person" force row level security;
create policy "person_engine" on "person" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "policy" enable row level security;
alter table "policy" force row level security;
create policy "policy_engine" on "policy" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "reference_image" enable row level security;
alter table "reference_image" force row level security;
create policy "reference_image_engine" on "reference_image" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "reference" enable row level security;
alter table "reference" force row level security;
create policy "reference_engine" on "reference" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "recipient" enable row level security;
alter table "recipient" force row level security;
create policy "recipient_engine" on "recipient" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "referral" enable row level security;
alter table "referral" force row level security;
create policy "referral_engine" on "referral" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "referral_brand" enable row level security;
alter table "referral_brand" force row level security;
create policy "referral_brand_engine" on "referral_brand" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
create policy "referral_brand_portal" on "referral_brand" for select to "interdict_portal" using (operator = current_setting('interdict.operator', true) and organisation = any (nullif(current_setting('interdict.organisations', true), '')::text[]) and current_setting('interdict.capacity', true) = 'rights-holder');
alter table "reporter" enable row level security;
alter table "reporter" force row level security;
create policy "reporter_engine" on "reporter" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
create policy "reporter_portal" on "reporter" for select to "interdict_portal" using (operator = current_setting('interdict.operator', true) and current_setting('interdict.capacity', true) <> 'seller' and exists (select 1 from party where party.aggregate = "reporter"."aggregate" and party.organisation = any (nullif(current_setting('interdict.organisations', true), '')::text[]) and party.capacity = current_setting('interdict.capacity', true)));
alter table "right" enable row level security;
alter table "right" force row level security;
create policy "right_engine" on "right" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "rules" enable row level security;
alter table "rules" force row level security;
create policy "rules_engine" on "rules" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "seal" enable row level security;
alter table "seal" force row level security;
create policy "seal_engine" on "seal" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
create policy "seal_portal" on "seal" for select to "interdict_portal" using (operator = current_setting('interdict.operator', true) and (select true from party where party.aggregate = "seal"."aggregate" and party.organisation = any (nullif(current_setting('interdict.organisations', true), '')::text[]) and party.capacity = current_setting('interdict.capacity', true) limit 1));
alter table "seller" enable row level security;
alter table "seller" force row level security;
create policy "seller_engine" on "seller" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "session" enable row level security;
alter table "session" force row level security;
create policy "session_engine" on "session" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "sign_in_link" enable row level security;
alter table "sign_in_link" force row level security;
create policy "sign_in_link_engine" on "sign_in_link" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
alter table "webhook_endpoint" enable row level security;
alter table "webhook_endpoint" force row level security;
create policy "webhook_endpoint_engine" on "webhook_endpoint" to "interdict_engine" using (operator = current_setting('interdict.operator', true)) with check (operator = current_setting('interdict.operator', true));
