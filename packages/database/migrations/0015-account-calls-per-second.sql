-- Calls per second that the trunks of an account and of its subaccounts share, in each region. Null: no limit.
alter table accounts add column calls_per_second double precision check (calls_per_second > 0);
