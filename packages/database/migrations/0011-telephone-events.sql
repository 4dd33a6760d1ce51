-- Whether key presses of each side came through, as the record says in full: what lists of calls are narrowed by.

alter table calls
  -- Telephone events (RFC 4733) that the side began; null: they were not counted, or the record is of before.
  add column events_from_caller integer,
  add column events_from_callee integer;
