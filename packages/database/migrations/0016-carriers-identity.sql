-- What a carrier gets of Identity (STIR): calls signed by us, what the customer sent, or nothing.
alter table carriers
  add column identity text not null default 'pass' check (identity in ('sign', 'pass', 'none'));
