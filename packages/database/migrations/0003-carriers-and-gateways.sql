create table carriers (
  sid text primary key check (sid ~ '^KR[0-9a-f]{32}$'),
  sequence bigserial unique,
  friendly_name text not null,
  enabled boolean not null default true,
  -- Digest user for its challenges; the password is AES-256-GCM, null together with the user.
  username text,
  password_encrypted bytea,
  registrar_url text,
  address_of_record text,
  registration_expires_seconds integer check (registration_expires_seconds between 60 and 86400),
  source_policy text not null default 'address' check (source_policy in ('address', 'strict', 'symmetric')),
  first_response_seconds double precision not null default 4 check (first_response_seconds between 1 and 60),
  progress_seconds double precision not null default 20 check (progress_seconds between 1 and 300),
  ring_seconds double precision not null default 180 check (ring_seconds between 1 and 600),
  failover_overrides jsonb not null default '{}',
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint carriers_credentials check ((username is null) = (password_encrypted is null)),
  constraint carriers_registration check (
    (registrar_url is null) = (address_of_record is null)
    and (registrar_url is null) = (registration_expires_seconds is null))
);

create table carrier_gateways (
  sid text primary key check (sid ~ '^KG[0-9a-f]{32}$'),
  sequence bigserial unique,
  carrier_sid text not null references carriers (sid) on delete cascade,
  sip_url text not null,
  priority integer not null default 10 check (priority between 0 and 65535),
  weight integer not null default 10 check (weight between 1 and 65535),
  enabled boolean not null default true,
  -- Edge whose gateways place calls to it; null: any.
  edge text references edges (name),
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now()
);
create index carrier_gateways_carrier on carrier_gateways (carrier_sid, sequence);

create table carrier_routes (
  sid text primary key check (sid ~ '^KT[0-9a-f]{32}$'),
  sequence bigserial unique,
  carrier_sid text not null references carriers (sid) on delete cascade,
  prefix text not null check (prefix ~ '^\+[0-9]{0,15}$'),
  priority integer not null default 10 check (priority between 0 and 65535),
  weight integer not null default 10 check (weight between 1 and 65535),
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint carrier_routes_prefix unique (carrier_sid, prefix)
);

create table carrier_sources (
  sid text primary key check (sid ~ '^KS[0-9a-f]{32}$'),
  sequence bigserial unique,
  carrier_sid text not null references carriers (sid) on delete cascade,
  network cidr not null,
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint carrier_sources_network unique (carrier_sid, network)
);

create table gateways (
  name text primary key check (length(name) between 1 and 64),
  sequence bigserial unique,
  token_hash text not null,
  edge text,
  last_seen timestamptz,
  -- Snapshot that the gateway said it has applied.
  snapshot_version bigint not null default 0,
  date_created timestamptz not null default now()
);
