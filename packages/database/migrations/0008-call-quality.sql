-- How a call sounded, as its record says in full: what lists of calls are narrowed by.

alter table calls
  -- The lower of the mean opinion scores of both directions; null: there was no audio, or nobody knows.
  add column mos numeric(3, 2),
  -- The side that was not heard in an answered call while the other was.
  add column one_way_audio text check (one_way_audio in ('caller', 'callee'));

create index calls_one_way_audio on calls (account_sid, sequence) where one_way_audio is not null;
