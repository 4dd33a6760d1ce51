-- What gateways report. No foreign keys to configuration: a record is kept whatever was deleted meanwhile.

create table calls (
  sid text primary key check (sid ~ '^CA[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text,
  trunk_sid text,
  phone_number_sid text,
  carrier_sid text,
  parent_call_sid text,
  direction text not null check (direction in ('termination', 'origination')),
  status text not null check (status in
    ('queued', 'ringing', 'in-progress', 'completed', 'busy', 'failed', 'no-answer', 'canceled')),
  calling_number text not null,
  called_number text not null,
  gateway text not null,
  edge text not null,
  ingress_sip_call_id text not null,
  egress_sip_call_id text,
  status_code integer,
  reason_code integer,
  start_time timestamptz not null,
  answer_time timestamptz,
  end_time timestamptz,
  -- Whole seconds from answer to release, rounded up; 0 for a call that was not answered.
  duration_seconds integer not null,
  -- The record as the gateway wrote it.
  record jsonb not null,
  -- What a person pastes into a search field, whole or its beginning: SIDs, numbers, SIP Call-IDs.
  search tsvector generated always as (array_to_tsvector(array_remove(array[
    lower(sid),
    nullif(lower(left(calling_number, 255)), ''),
    nullif(lower(left(called_number, 255)), ''),
    nullif(lower(left(ingress_sip_call_id, 255)), ''),
    nullif(lower(left(egress_sip_call_id, 255)), ''),
    nullif(lower(left(trunk_sid, 255)), '')
  ], null))) stored,
  date_created timestamptz not null default now()
);
create index calls_account on calls (account_sid, sequence);
create index calls_account_start on calls (account_sid, start_time);
create index calls_trunk on calls (trunk_sid, sequence) where trunk_sid is not null;
create index calls_search on calls using gin (search);

create table call_attempts (
  call_sid text not null references calls (sid) on delete cascade,
  index integer not null check (index >= 0),
  candidate_sid text not null,
  carrier_sid text,
  url text not null,
  edge text,
  result text not null check (result in ('answered', 'failed', 'skipped', 'abandoned')),
  status_code integer,
  q850_cause integer,
  reason_code integer,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  attempt jsonb not null,
  primary key (call_sid, index)
);

create table alerts (
  sid text primary key check (sid ~ '^NO[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text,
  trunk_sid text,
  call_sid text,
  gateway text not null,
  code integer not null,
  level text not null check (level in ('error', 'warning')),
  alert_text text not null,
  date_generated timestamptz not null,
  date_created timestamptz not null default now()
);
create index alerts_account on alerts (account_sid, sequence);
create index alerts_call on alerts (call_sid) where call_sid is not null;

-- Entries of a gateway's outbox that could not be stored: kept as text (jsonb would refuse some of them) for a
-- person to look at, and confirmed to the gateway, so that one bad entry never holds up the rest.
create table quarantined_entries (
  sequence bigserial primary key,
  gateway text not null,
  entry_sequence bigint not null,
  -- SHA-256 of the text in hex: the same entry delivered twice is kept once.
  digest text not null,
  entry text not null,
  error text not null,
  date_created timestamptz not null default now(),
  constraint quarantined_entries_once unique (gateway, digest)
);
