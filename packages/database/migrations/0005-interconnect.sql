-- Private lines: connections, their routes, shares and history; what gateways say about them; keys of the backbone.

-- A foreign key to both columns lets a line name a private edge only.
alter table edges add constraint edges_name_kind unique (name, kind);

-- AES-256-GCM of a JSON array of keys; null: made at the next start of control.
alter table installation add column backbone_keys_encrypted bytea;
-- A line's address on the gateway hosts is the first address of the pool plus the line's number.
alter table installation add column line_pool cidr not null default '100.127.0.0/16'
  constraint installation_line_pool check (family(line_pool) = 4 and masklen(line_pool) between 8 and 28);

create table connections (
  sid text primary key check (sid ~ '^TX[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text not null references accounts (sid),
  friendly_name text not null default '',
  type text not null check (type in ('crossconnect', 'mpls', 'vpn', 'cloudconnect')),
  edge text not null,
  edge_kind text not null generated always as ('private') stored,
  bandwidth_mbps integer not null check (bandwidth_mbps in (10, 100, 500, 1000)),
  status text not null check (status in
    ('not-ready', 'inactive', 'in-transition', 'active', 'pending-deletion', 'expired')),
  -- Where a connection in transition goes.
  target text check (target in ('active', 'inactive')),
  -- Snapshot version that tells gateways of the change they have to follow; null: nothing is waited for.
  awaited_snapshot_version bigint,
  fallback text not null default 'none' check (fallback in ('none', 'public')),
  -- The operator's permission to route private address space (RFC 1918, RFC 6598) over this line.
  allow_private_addresses boolean not null default false,
  -- Network device on the gateway hosts; 15 characters are IFNAMSIZ without its zero byte.
  device text not null check (device ~ '^[A-Za-z0-9._-]{1,15}$' and device not in ('.', '..', 'lo')),
  next_hop inet check (family(next_hop) = 4 and masklen(next_hop) = 32),
  vpn_gateway_address inet check (family(vpn_gateway_address) = 4 and masklen(vpn_gateway_address) = 32),
  mpls_carrier_sid text check (mpls_carrier_sid ~ '^[A-Z]{2}[0-9a-f]{32}$'),
  -- Its routing table is 1000 plus this.
  line_number integer not null constraint connections_line_number unique
    check (line_number between 1 and 16777214),
  customer_asn bigint check (customer_asn between 1 and 4294967294),
  exchange_asn bigint check (exchange_asn between 1 and 4294967294),
  -- The two ends of the line's /30 or /31.
  customer_peer_address inet check (family(customer_peer_address) = 4 and masklen(customer_peer_address) = 32),
  exchange_peer_address inet check (family(exchange_peer_address) = 4 and masklen(exchange_peer_address) = 32),
  -- AES-256-GCM: both sides have to configure them, so they are read back.
  bgp_password_encrypted bytea,
  pre_shared_key_encrypted bytea,
  expires_at timestamptz,
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint connections_device unique (edge, device),
  constraint connections_edge foreign key (edge, edge_kind) references edges (name, kind),
  constraint connections_target check ((status = 'in-transition') = (target is not null)),
  constraint connections_mpls_carrier check ((type = 'mpls') = (mpls_carrier_sid is not null)),
  constraint connections_vpn check (type = 'vpn' or (vpn_gateway_address is null and pre_shared_key_encrypted is null)),
  constraint connections_peers check ((customer_peer_address is null) = (exchange_peer_address is null))
);
create index connections_account on connections (account_sid, sequence);
-- What control watches: few rows at any time.
create index connections_unsettled on connections (status) where status in ('in-transition', 'pending-deletion');
create index connections_expiry on connections (expires_at) where expires_at is not null;

create table connection_routes (
  connection_sid text not null references connections (sid) on delete cascade,
  sequence bigserial unique,
  -- At most 256 addresses. That no other account's line has them is control's rule.
  network cidr not null check (family(network) = 4 and masklen(network) >= 24),
  constraint connection_routes_once primary key (connection_sid, network)
);
create index connection_routes_network on connection_routes using gist (network inet_ops);

-- Subaccounts of the owner that may use the line.
create table connection_shares (
  connection_sid text not null references connections (sid) on delete cascade,
  account_sid text not null references accounts (sid),
  sequence bigserial unique,
  date_created timestamptz not null default now(),
  constraint connection_shares_once primary key (connection_sid, account_sid)
);
create index connection_shares_account on connection_shares (account_sid);

create table connection_transitions (
  sequence bigserial primary key,
  connection_sid text not null references connections (sid) on delete cascade,
  -- Null: it was created.
  from_status text,
  to_status text not null,
  -- Of the catalogue; null: nothing went wrong.
  code integer,
  cause text not null,
  date_created timestamptz not null
);
create index connection_transitions_connection on connection_transitions (connection_sid, sequence);

-- The addresses of the list count only when the request came over that line; null: over any way.
alter table ip_access_control_lists add column connection_sid text
  constraint ip_access_control_lists_connection references connections (sid);
create index ip_access_control_lists_by_connection on ip_access_control_lists (connection_sid)
  where connection_sid is not null;

alter table gateways
  -- Where the gateway is reached, as it said last.
  add column interfaces jsonb not null default '[]',
  -- The stream between it and a control; null: none. A control that died leaves its value: `last_seen` tells.
  add column stream_id text,
  -- What it said last about the lines of its edge, and the snapshot it had applied then.
  add column connection_health jsonb not null default '[]',
  add column health_snapshot_version bigint not null default 0;

-- Attempts that a sister gateway placed for a call that entered elsewhere. No foreign key: a leg may come before its call.
create table call_legs (
  call_sid text not null check (call_sid ~ '^CA[0-9a-f]{32}$'),
  attempt_index integer not null check (attempt_index >= 0),
  gateway text not null,
  edge text not null,
  connection_sid text,
  status_code integer,
  q850_cause integer,
  reason_code integer,
  setup_at timestamptz not null,
  answered_at timestamptz,
  released_at timestamptz not null,
  -- The record as the gateway wrote it.
  leg jsonb not null,
  date_created timestamptz not null default now(),
  primary key (call_sid, attempt_index, gateway)
);

-- Calls by the line they came or left over.
create index calls_ingress_connection on calls ((record->>'ingressConnection'))
  where record->>'ingressConnection' is not null;
create index calls_egress_connection on calls
  using gin ((jsonb_path_query_array(record, '$.attempts[*].connection ? (@ != null)')));
