-- What a customer's or a carrier's peer must show over TLS. Null: nothing. Names without authorities would believe anybody.
alter table trunks
  -- PEM.
  add column tls_peer_authorities text,
  add column tls_peer_names text[] not null default '{}',
  add constraint trunks_tls_peer check (tls_peer_authorities is not null or tls_peer_names = '{}');
alter table carriers
  add column tls_peer_authorities text,
  add column tls_peer_names text[] not null default '{}',
  add constraint carriers_tls_peer check (tls_peer_authorities is not null or tls_peer_names = '{}');
