-- A visit, its log, what the server said of its answers, and the statements that follow.
-- Times are milliseconds since 1970 UTC; the log's `at_ms` counts from the visit's beginning.

create table visits (
    id             text    not null primary key,
    token_sha256   blob    not null,
    venue          text    not null,
    package        text    not null,
    language       text    not null,
    seed           integer not null,
    created_ms     integer not null,
    -- What has been decided so far; always what a replay of the log gives.
    seq            integer not null default 0,
    completion     real    not null default 0,
    completed      integer not null default 0,
    passed         integer not null default 0,
    failed         integer not null default 0,
    scaled         real    not null default 0,
    settled        integer not null default 0,
    questions      integer not null default 0,
    rule_version   integer not null,
    decided_ms     integer
) strict;

create table entries (
    visit       text    not null references visits (id) on delete cascade,
    seq         integer not null,
    at_ms       integer not null,
    action      text    not null,
    received_ms integer not null,
    primary key (visit, seq)
) strict, without rowid;

create table verdicts (
    visit        text    not null references visits (id) on delete cascade,
    seq          integer not null,
    question     text    not null,
    answer_right integer not null,
    primary key (visit, seq)
) strict, without rowid;

-- The same evidence gives the same ids, so a statement made twice is stored once.
create table statements (
    position  integer not null primary key autoincrement,
    id        text    not null unique,
    visit     text    not null references visits (id) on delete cascade,
    statement text    not null,
    stored_ms integer not null
) strict;

create index statements_of_visit on statements (visit, position);
