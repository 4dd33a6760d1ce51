-- Who changed what over the REST interface. Rows of the two tables are only ever added. No foreign keys to what was
-- changed: an event is kept whatever is deleted later.

create table audit_events (
  sid text primary key check (sid ~ '^AE[0-9a-f]{32}$'),
  sequence bigserial unique,
  -- Whose event it is: the account that the request was about, the one that asked, and the owners of what changed.
  account_sids text[] not null,
  -- The account that the request was about.
  account_sid text not null,
  actor_account_sid text not null,
  -- Null: the account's own token was used.
  actor_key_sid text,
  actor_is_operator boolean not null,
  -- Of the interface's document, `CreateTrunk`.
  operation text not null,
  method text not null check (method in ('POST', 'PUT', 'PATCH', 'DELETE')),
  -- Without the query.
  path text not null,
  -- The SID, or the name where it has none.
  resource_sid text,
  -- That one, those of the path, and those of all rows that changed.
  resource_sids text[] not null,
  -- What HTTP answered.
  status integer not null check (status between 200 and 299),
  source_address text not null,
  event_date timestamptz not null
);
create index audit_events_accounts on audit_events using gin (account_sids);
create index audit_events_resources on audit_events using gin (resource_sids);
create index audit_events_date on audit_events (event_date);

create table audit_changes (
  sequence bigserial primary key,
  -- The event comes last in its transaction.
  event_sid text not null constraint audit_changes_event references audit_events (sid) deferrable initially deferred,
  -- Name of the table.
  resource text not null,
  resource_sid text not null,
  operation text not null check (operation in ('insert', 'update', 'delete')),
  -- Owners after and before; empty: the row belongs to another one that has an owner.
  account_sids text[] not null,
  -- [{"name": "weight", "secret": false, "before": 1, "after": 2}]. A secret has no values here.
  fields jsonb not null
);
create index audit_changes_by_event on audit_changes (event_sid, sequence);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger audit_events_append_only before update or delete or truncate on audit_events
  for each statement execute function refuse_audit_change();
create trigger audit_changes_append_only before update or delete or truncate on audit_changes
  for each statement execute function refuse_audit_change();

-- Notes what a statement did to one row. The argument names the column that says which resource the row is (part of).
-- Secrets are columns whose names end in `_hash` or `_encrypted`; passwords within addresses are struck out.
create function note_audit_change() returns trigger language plpgsql as $$
declare
  old_row jsonb := case when tg_op = 'INSERT' then '{}'::jsonb else jsonb_strip_nulls(to_jsonb(old)) end;
  new_row jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else jsonb_strip_nulls(to_jsonb(new)) end;
  owner text := case tg_table_name when 'accounts' then 'sid' else 'account_sid' end;
  password constant text := '(sips?:|https?://)([^/@:"]*):[^/@"]*@';
  changed jsonb;
begin
  select jsonb_agg(
    jsonb_build_object(
      'name', key,
      'secret', is_secret,
      'before', case when is_secret then null else regexp_replace((old_row->key)::text, password, '\1\2:***@', 'gi')::jsonb end,
      'after', case when is_secret then null else regexp_replace((new_row->key)::text, password, '\1\2:***@', 'gi')::jsonb end
    ) order by key
  ) into changed
  from (select key, key ~ '_(hash|encrypted)$' as is_secret from jsonb_object_keys(old_row || new_row) as key) as columns
  where old_row->key is distinct from new_row->key
    and key not in ('sequence', 'date_created', 'date_updated');
  if changed is not null then
    insert into audit_changes (event_sid, resource, resource_sid, operation, account_sids, fields) values (
      current_setting('tandem.audit_event'),
      tg_table_name,
      coalesce(new_row->>tg_argv[0], old_row->>tg_argv[0]),
      lower(tg_op),
      array(select distinct sid from unnest(array[new_row->>owner, old_row->>owner]) as sid where sid is not null),
      changed
    );
  end if;
  return null;
end $$;

-- Every table of the configuration; the setting names the event of the transaction, and is empty outside of one.
do $$
declare
  audited constant text[][] := array[
    ['accounts', 'sid'], ['api_keys', 'sid'],
    ['edges', 'name'], ['regions', 'name'], ['exchanges', 'sid'], ['media_ranges', 'edge'],
    ['trunks', 'sid'], ['origination_urls', 'sid'], ['incoming_phone_numbers', 'sid'],
    ['ip_access_control_lists', 'sid'], ['ip_addresses', 'sid'], ['trunk_ip_access_control_lists', 'trunk_sid'],
    ['credential_lists', 'sid'], ['credentials', 'sid'], ['trunk_credential_lists', 'trunk_sid'],
    ['carriers', 'sid'], ['carrier_gateways', 'sid'], ['carrier_routes', 'sid'], ['carrier_sources', 'sid'],
    ['connections', 'sid'], ['connection_routes', 'connection_sid'], ['connection_shares', 'connection_sid']
  ];
  entry text[];
begin
  foreach entry slice 1 in array audited loop
    execute format(
      'create trigger audit after insert or update or delete on %I for each row
         when (current_setting(''tandem.audit_event'', true) <> '''') execute function note_audit_change(%L)',
      entry[1], entry[2]
    );
  end loop;
end $$;
