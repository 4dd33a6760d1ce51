-- Which destinations accounts may call. Accounts that there are already go on as they were: with every switch on, or with
-- those of their parent. Those made from now on may call low-risk numbers only.
alter table accounts
  -- For countries without a row of their own: `open` all three switches on, `protected` low-risk only.
  add column dialing_permissions_default text not null default 'protected'
    check (dialing_permissions_default in ('open', 'protected')),
  -- A subaccount's: its parent's permissions and lists hold. Means nothing without a parent.
  add column inherits_dialing_permissions boolean not null default true;
update accounts set dialing_permissions_default = 'open' where parent_account_sid is null;

create table dialing_permissions (
  account_sid text not null references accounts (sid),
  -- ISO 3166-1, or XA to XZ for an international service.
  iso_code text not null check (iso_code ~ '^[A-Z]{2}$'),
  sequence bigserial unique,
  low_risk boolean not null,
  high_risk_special boolean not null,
  high_risk_toll_fraud boolean not null,
  primary key (account_sid, iso_code)
);

-- Called numbers that are refused. Without an account: the operator's, for all accounts.
create table blocked_prefixes (
  sid text primary key check (sid ~ '^DB[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text references accounts (sid),
  prefix text not null check (prefix ~ '^\+[1-9][0-9]{0,14}$'),
  friendly_name text not null default '',
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint blocked_prefixes_prefix unique nulls not distinct (account_sid, prefix)
);

-- Calling numbers that are refused, in the same way.
create table do_not_originate_prefixes (
  sid text primary key check (sid ~ '^DN[0-9a-f]{32}$'),
  sequence bigserial unique,
  account_sid text references accounts (sid),
  prefix text not null check (prefix ~ '^\+[1-9][0-9]{0,14}$'),
  friendly_name text not null default '',
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now(),
  constraint do_not_originate_prefixes_prefix unique nulls not distinct (account_sid, prefix)
);

-- Classes of numbers where the operator goes another way than the list that the exchange ships with.
create table risk_prefixes (
  sid text primary key check (sid ~ '^DR[0-9a-f]{32}$'),
  sequence bigserial unique,
  prefix text not null constraint risk_prefixes_prefix unique check (prefix ~ '^\+[1-9][0-9]{0,14}$'),
  risk text not null check (risk in ('low-risk', 'high-risk-special', 'high-risk-toll-fraud')),
  friendly_name text not null default '',
  date_created timestamptz not null default now(),
  date_updated timestamptz not null default now()
);

do $$
declare
  audited constant text[][] := array[
    ['dialing_permissions', 'account_sid'], ['blocked_prefixes', 'sid'], ['do_not_originate_prefixes', 'sid'],
    ['risk_prefixes', 'sid']
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
