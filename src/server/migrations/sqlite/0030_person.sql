-- What concerns the person behind a visit: what they agreed to, what they object to, who looked at
-- their records, and what is needed to delete these in time.

-- When a visit was last added to, and when its evidence was deleted because its time was over.
alter table visits add column active_ms integer;
alter table visits add column evidence_gone_ms integer;

update visits set active_ms = (select max(received_ms) from entries where visit = id);

create table consents (
    visit        text    not null references visits (id) on delete cascade,
    given_ms     integer not null,
    -- Which text the visitor agreed to.
    version      integer not null,
    withdrawn_ms integer,
    primary key (visit, given_ms)
) strict, without rowid;

-- What visitors hold to be wrong, in their own words, and what a person answered.
create table objections (
    visit       text    not null references visits (id) on delete cascade,
    number      integer not null,
    at_ms       integer not null,
    text        text    not null,
    answered_ms integer,
    answer      text,
    primary key (visit, number)
) strict, without rowid;

-- Who had to do with the records of which person, and what. Rows are only added, and deleted from the
-- beginning when their time is over: of the last of these the hash stays, the rest is null. Each
-- hash covers the one before it.
create table accesses (
    number  integer not null primary key,
    -- SHA-256 of the visit's id: whoever has that finds its rows, and nobody else learns it from here.
    subject blob,
    at_ms   integer,
    who     text,
    -- The credential's key, the account's id; null for visitors and for the server itself.
    actor   text,
    -- The credential's label, the account's name, as they were then.
    name    text,
    what    text,
    hash    blob not null
) strict;

create index accesses_of_subject on accesses (subject, number);
