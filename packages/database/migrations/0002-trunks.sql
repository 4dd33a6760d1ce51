create table edges (
  name text primary key check (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  sequence bigserial unique,
  legacy_id text not null unique,
  region text not null,
  kind text not null check (kind in ('private', 'public')),
  place text not null default '',
  -- Addresses that a customer's firewall must allow.
  signaling_addresses jsonb not null default '[]',
  source text not null default 'operator' check (source in ('reference', 'public-docs', 'operator')),
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now()
);

create table trunks (
  sid text primary key check (sid ~ '^TK[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text not null references accounts (sid),
  friendly_name text not null default '',
  -- What stands before `.pstn.{base domain}`, in lower case; null: the trunk only takes calls.
  domain_label text unique check (
    domain_label ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$'
  ),
  -- A sub-domain `a.b` lives under `b`: `b` must exist first and can be neither deleted nor renamed meanwhile.
  parent_domain_label text generated always as (
    case when position('.' in domain_label) > 0
      then substring(domain_label from position('.' in domain_label) + 1) end
  ) stored references trunks (domain_label) on delete restrict on update restrict,
  secure boolean not null default false,
  disaster_recovery_url text,
  disaster_recovery_method text not null default 'POST' check (disaster_recovery_method in ('GET', 'POST')),
  transfer_mode text not null default 'disable-all'
    check (transfer_mode in ('disable-all', 'enable-all', 'sip-only')),
  transfer_caller_id text not null default 'from-transferee'
    check (transfer_caller_id in ('from-transferee', 'from-transferor')),
  cnam_lookup_enabled boolean not null default false,
  recording_mode text not null default 'do-not-record' check (recording_mode in (
    'do-not-record', 'record-from-ringing', 'record-from-answer',
    'record-from-ringing-dual', 'record-from-answer-dual')),
  recording_trim text not null default 'do-not-trim' check (recording_trim in ('trim-silence', 'do-not-trim')),
  -- `symmetric` is what the API shows as symmetric_rtp_enabled.
  source_policy text not null default 'address' check (source_policy in ('address', 'strict', 'symmetric')),
  first_response_seconds double precision not null default 4 check (first_response_seconds between 1 and 60),
  progress_seconds double precision not null default 20 check (progress_seconds between 1 and 300),
  ring_seconds double precision not null default 180 check (ring_seconds between 1 and 600),
  -- {"404": "next"}: exceptions from the failover table.
  failover_overrides jsonb not null default '{}',
  maximum_duration_seconds integer not null default 14400 check (maximum_duration_seconds >= 1),
  -- Null: unlimited.
  calls_per_second double precision check (calls_per_second > 0),
  concurrent_calls integer check (concurrent_calls >= 1),
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  unique (account_sid, sid)
);
create index trunks_account on trunks (account_sid, sequence);
create index trunks_parent_domain on trunks (parent_domain_label) where parent_domain_label is not null;

create table origination_urls (
  sid text primary key check (sid ~ '^OU[0-9a-f]{32}$'),
  sequence bigserial unique,
  trunk_sid text not null references trunks (sid) on delete cascade,
  friendly_name text not null,
  sip_url text not null,
  priority integer not null check (priority between 0 and 65535),
  weight integer not null check (weight between 1 and 65535),
  enabled boolean not null,
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now()
);
create index origination_urls_trunk on origination_urls (trunk_sid, sequence);

create table ip_access_control_lists (
  sid text primary key check (sid ~ '^AL[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text not null references accounts (sid),
  friendly_name text not null,
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint ip_access_control_lists_name unique (account_sid, friendly_name),
  unique (account_sid, sid)
);

create table ip_addresses (
  sid text primary key check (sid ~ '^IP[0-9a-f]{32}$'),
  sequence bigserial unique,
  ip_access_control_list_sid text not null references ip_access_control_lists (sid) on delete cascade,
  friendly_name text not null,
  -- As it was given, without a mask; read it with host(ip_address).
  ip_address inet not null check (masklen(ip_address) = case family(ip_address) when 4 then 32 else 128 end),
  cidr_prefix_length integer not null
    check (cidr_prefix_length between 0 and case family(ip_address) when 4 then 32 else 128 end),
  network cidr not null generated always as (network(set_masklen(ip_address, cidr_prefix_length))) stored,
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint ip_addresses_network unique (ip_access_control_list_sid, network),
  constraint ip_addresses_name unique (ip_access_control_list_sid, friendly_name)
);

create table credential_lists (
  sid text primary key check (sid ~ '^CL[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text not null references accounts (sid),
  friendly_name text not null,
  algorithm text not null default 'MD5' check (algorithm in ('MD5', 'SHA-256')),
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint credential_lists_name unique (account_sid, friendly_name),
  unique (account_sid, sid)
);

create table credentials (
  sid text primary key check (sid ~ '^CR[0-9a-f]{32}$'),
  sequence bigserial unique,
  credential_list_sid text not null references credential_lists (sid) on delete cascade,
  username text not null,
  -- HA1 is as good as the password: AES-256-GCM with the key outside the database.
  ha1_encrypted bytea not null,
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint credentials_username unique (credential_list_sid, username)
);

-- Attachments. The two-column foreign keys let only lists of the trunk's own account be attached; an attached list
-- cannot be deleted (restrict), a deleted trunk lets its lists go (cascade).
create table trunk_ip_access_control_lists (
  trunk_sid text not null,
  ip_access_control_list_sid text not null,
  account_sid text not null,
  sequence bigserial unique,
  date_created timestamptz not null default now(),
  constraint trunk_ip_access_control_lists_once primary key (trunk_sid, ip_access_control_list_sid),
  foreign key (account_sid, trunk_sid) references trunks (account_sid, sid) on delete cascade,
  constraint trunk_ip_access_control_lists_mapped
    foreign key (account_sid, ip_access_control_list_sid) references ip_access_control_lists (account_sid, sid)
    on delete restrict
);
create index trunk_ip_access_control_lists_list
  on trunk_ip_access_control_lists (account_sid, ip_access_control_list_sid);

create table trunk_credential_lists (
  trunk_sid text not null,
  credential_list_sid text not null,
  account_sid text not null,
  sequence bigserial unique,
  date_created timestamptz not null default now(),
  constraint trunk_credential_lists_once primary key (trunk_sid, credential_list_sid),
  foreign key (account_sid, trunk_sid) references trunks (account_sid, sid) on delete cascade,
  constraint trunk_credential_lists_mapped
    foreign key (account_sid, credential_list_sid) references credential_lists (account_sid, sid)
    on delete restrict
);
create index trunk_credential_lists_list on trunk_credential_lists (account_sid, credential_list_sid);

create table incoming_phone_numbers (
  sid text primary key check (sid ~ '^PN[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text not null references accounts (sid),
  -- E.164 with the plus sign.
  phone_number text not null constraint incoming_phone_numbers_once unique
    check (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
  friendly_name text not null,
  -- A number is on one trunk at most; deleting the trunk frees the number.
  trunk_sid text,
  voice_receive_mode text not null default 'voice' check (voice_receive_mode in ('voice', 'fax')),
  -- Parameters of the compatible API that Tandem keeps and shows but does not act on (voice_url, …).
  settings jsonb not null default '{}',
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint incoming_phone_numbers_trunk foreign key (account_sid, trunk_sid)
    references trunks (account_sid, sid) on delete set null (trunk_sid)
);
create index incoming_phone_numbers_account on incoming_phone_numbers (account_sid, sequence);
create index incoming_phone_numbers_by_trunk on incoming_phone_numbers (trunk_sid, sequence);
