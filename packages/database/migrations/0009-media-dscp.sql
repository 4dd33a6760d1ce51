-- Differentiated services code point of a trunk's media towards the customer: by default expedited forwarding (RFC 3246).

alter table trunks add column media_dscp integer not null default 46 check (media_dscp between 0 and 63);
