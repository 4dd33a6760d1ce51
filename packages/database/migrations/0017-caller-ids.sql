-- Numbers of others that an account may show when it calls. Who wrote them down has seen that the account may.
create table outgoing_caller_ids (
  sid text primary key check (sid ~ '^PN[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text not null references accounts (sid),
  phone_number text not null check (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
  friendly_name text not null default '',
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint outgoing_caller_ids_once unique (account_sid, phone_number)
);
create index outgoing_caller_ids_account on outgoing_caller_ids (account_sid, sequence);

-- Which numbers a trunk may show, and what no trunk of an account may go beyond. All that there are already go on as they were.
alter table trunks
  add column caller_id_policy text not null default 'any'
    check (caller_id_policy in ('any', 'account', 'account-or-diverted'));
alter table accounts
  add column caller_id_policy text not null default 'any'
    check (caller_id_policy in ('any', 'account', 'account-or-diverted'));

create trigger audit after insert or update or delete on outgoing_caller_ids for each row
  when (current_setting('tandem.audit_event', true) <> '') execute function note_audit_change('sid');
