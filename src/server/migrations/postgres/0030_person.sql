-- What SQLite's migration 30 makes: what concerns the person behind a visit. What they agreed to, what
-- they object to, who looked at their records, and what is needed to delete these in time.

-- When a visit was last added to, and when its evidence was deleted because its time was over.
alter table visits add column active_ms bigint;
alter table visits add column evidence_gone_ms bigint;

update visits set active_ms = (select max(received_ms) from entries where visit = id);

create table consents (
    visit        text   collate "C" not null references visits (id) on delete cascade,
    given_ms     bigint not null,
    -- Which text the visitor agreed to.
    version      bigint not null,
    withdrawn_ms bigint,
    primary key (visit, given_ms)
);

-- What visitors hold to be wrong, in their own words, and what a person answered.
create table objections (
    visit       text   collate "C" not null references visits (id) on delete cascade,
    number      bigint not null,
    at_ms       bigint not null,
    text        text   not null,
    answered_ms bigint,
    answer      text,
    primary key (visit, number)
);

-- Who had to do with the records of which person, and what. Rows are only added, and deleted from the
-- beginning when their time is over: of the last of these the hash stays, the rest is null. Each
-- hash covers the one before it.
create table accesses (
    number  bigint not null primary key,
    -- SHA-256 of the visit's id: whoever has that finds its rows, and nobody else learns it from here.
    subject bytea,
    at_ms   bigint,
    who     text,
    -- The credential's key, the account's id; null for visitors and for the server itself.
    actor   text,
    -- The credential's label, the account's name, as they were then.
    name    text,
    what    text,
    hash    bytea  not null
);

create index accesses_of_subject on accesses (subject, number);
