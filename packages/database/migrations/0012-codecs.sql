-- Encodings of speech that a far side takes, the preferred first: a customer for calls to it, a carrier. Empty: any. Which
-- names there are is the interface's to say, so that another one needs no migration.
alter table trunks
  add column codecs text[] not null default '{}',
  add constraint trunks_codecs check (cardinality(codecs) <= 8);
alter table carriers
  add column codecs text[] not null default '{}',
  add constraint carriers_codecs check (cardinality(codecs) <= 8);
