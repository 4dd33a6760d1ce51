-- Rules that rewrite the numbers of INVITEs; a trunk has one policy for each direction, or none. Their form is the interface's
-- to say.
create table header_policies (
  sid text primary key check (sid ~ '^HP[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text not null references accounts (sid),
  friendly_name text not null default '',
  rules jsonb not null constraint header_policies_rules check (jsonb_typeof(rules) = 'array' and jsonb_array_length(rules) > 0),
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  unique (account_sid, sid)
);
create index header_policies_account on header_policies (account_sid, sequence);

-- Only policies of the trunk's own account; one in use can't be deleted.
alter table trunks
  add column termination_header_policy_sid text,
  add column origination_header_policy_sid text,
  add constraint trunks_termination_header_policy foreign key (account_sid, termination_header_policy_sid)
    references header_policies (account_sid, sid) on delete restrict,
  add constraint trunks_origination_header_policy foreign key (account_sid, origination_header_policy_sid)
    references header_policies (account_sid, sid) on delete restrict;
create index trunks_by_termination_header_policy on trunks (account_sid, termination_header_policy_sid)
  where termination_header_policy_sid is not null;
create index trunks_by_origination_header_policy on trunks (account_sid, origination_header_policy_sid)
  where origination_header_policy_sid is not null;

create trigger audit after insert or update or delete on header_policies for each row
  when (current_setting('tandem.audit_event', true) <> '') execute function note_audit_change('sid');
