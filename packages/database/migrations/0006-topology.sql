-- Where the exchange is on the map and on the network. `managed_by`: `file`, a row that follows the topology file at
-- every start of control; `api`, one that somebody made or changed by the REST interface, which the file leaves alone.

create table regions (
  name text primary key check (length(name) between 1 and 64),
  sequence bigserial unique,
  place text not null default '',
  -- Names of other regions in the order in which they take over for this one.
  fallback jsonb not null default '[]',
  source text not null default 'operator' check (source in ('reference', 'public-docs', 'operator')),
  managed_by text not null default 'api' check (managed_by in ('file', 'api')),
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now()
);

-- The physical places of private edges. The SID is made from the name, so it is the same in every installation.
create table exchanges (
  sid text primary key check (sid ~ '^IX[0-9a-f]{32}$'),
  sequence bigserial unique,
  name text not null constraint exchanges_name unique check (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  place text not null default '',
  source text not null default 'operator' check (source in ('reference', 'public-docs', 'operator')),
  data_center text not null default '',
  -- [{"prefix": "192.0.2.0/24", "maximum_length": 25}], null for the prefix itself.
  bgp_prefixes jsonb not null default '[]',
  encryption_domain jsonb not null default '[]',
  bandwidth_mbps jsonb not null default '[]',
  -- Of everything but name and place.
  details_source text not null default 'operator' check (details_source in ('reference', 'public-docs', 'operator')),
  managed_by text not null default 'api' check (managed_by in ('file', 'api')),
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now()
);

-- A region that only edges name has no row and nothing to fall back to. Edges that came with the example are the
-- file's to manage.
insert into regions (name, managed_by)
  select region, 'file' from edges group by region order by min(sequence);

alter table edges
  add column exchange_sid text constraint edges_exchange references exchanges (sid),
  -- Null: that transport is not served.
  add column udp_port integer default 5060 check (udp_port between 1 and 65535),
  add column tcp_port integer default 5060 check (tcp_port between 1 and 65535),
  add column tls_port integer default 5061 check (tls_port between 1 and 65535),
  add column managed_by text not null default 'api' check (managed_by in ('file', 'api'));
update edges set managed_by = 'file' where source <> 'operator';
create index edges_exchange_sid on edges (exchange_sid) where exchange_sid is not null;

-- Where the media of an edge's calls are; the pseudo-edge is among them, so there is no foreign key.
create table media_ranges (
  edge text primary key,
  sequence bigserial unique,
  legacy_id text not null,
  network cidr not null,
  first_port integer not null check (first_port between 1 and 65535),
  last_port integer not null check (last_port between first_port and 65535),
  client_first_port integer not null check (client_first_port between 1 and 65535),
  client_last_port integer not null check (client_last_port between client_first_port and 65535),
  secure_media jsonb not null default '[]',
  source text not null default 'operator' check (source in ('reference', 'public-docs', 'operator')),
  managed_by text not null default 'api' check (managed_by in ('file', 'api'))
);

-- What a firewall must know: signaling by edge, then media. An edge has at most 64 networks of signaling.
create view ip_ranges as
  select edges.sequence * 1000 + signaling.place as sequence, 'signaling' as kind, edges.name as edge,
    edges.legacy_id, edges.kind as edge_kind, signaling.network::inet::cidr::text as network,
    edges.udp_port, edges.tcp_port, edges.tls_port,
    null::integer as first_port, null::integer as last_port,
    null::integer as client_first_port, null::integer as client_last_port,
    '[]'::jsonb as secure_media, edges.source
  from edges
  cross join lateral jsonb_array_elements_text(edges.signaling_addresses) with ordinality as signaling (network, place)
  union all
  select 1000000000000 + media.sequence, 'media', media.edge,
    coalesce(edges.legacy_id, media.legacy_id), coalesce(edges.kind, 'roaming'), media.network::text,
    null, null, null, media.first_port, media.last_port, media.client_first_port, media.client_last_port,
    media.secure_media, media.source
  from media_ranges as media left join edges on edges.name = media.edge;

alter table installation
  -- What TANDEM_TOPOLOGY_FILE named last; null: the topology that comes with the program.
  add column topology_file text,
  -- Addresses of name servers that know the base domain.
  add column name_servers jsonb not null default '[]';
