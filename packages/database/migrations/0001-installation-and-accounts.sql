-- PostgreSQL 15 dialect. Append-only: a migration that has run anywhere is never edited; write a new one.
--
-- Every resource has its SID as primary key and an ascending `sequence`, which orders lists and pages.

create table installation (
  -- One row: the primary key has one possible value.
  is_only boolean primary key default true check (is_only),
  base_domain text not null,
  realm text not null,
  -- AES-256-GCM of a known text: tells a wrong key file before anything else fails to open.
  key_check bytea not null,
  -- AES-256-GCM of a JSON array of nonce keys.
  nonce_keys_encrypted bytea not null,
  -- Grows with every change of the routing configuration, in the transaction that makes the change.
  snapshot_version bigint not null default 1 check (snapshot_version >= 1),
  date_created timestamptz not null default now()
);

create table accounts (
  sid text primary key check (sid ~ '^AC[0-9a-f]{32}$'),
  sequence bigserial unique,
  parent_account_sid text references accounts (sid),
  friendly_name text not null,
  status text not null default 'active' check (status in ('active', 'suspended', 'closed')),
  auth_token_hash text not null,
  -- `twilio` sends X-Twilio-* header fields in place of X-Tandem-*.
  compatibility text not null default 'tandem' check (compatibility in ('tandem', 'twilio')),
  -- May manage carriers, edges and the stock of numbers.
  is_operator boolean not null default false,
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now()
);
create index accounts_parent on accounts (parent_account_sid, sequence);

create table api_keys (
  sid text primary key check (sid ~ '^SK[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text not null references accounts (sid),
  friendly_name text not null default '',
  secret_hash text not null,
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now()
);
create index api_keys_account on api_keys (account_sid, sequence);
