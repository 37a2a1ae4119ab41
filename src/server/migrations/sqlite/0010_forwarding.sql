-- What is told to others: to record stores that an administrator has named, and to the learning
-- systems that launched visits. Times are milliseconds since 1970 UTC.

-- Record stores that statements are forwarded to. `credential` is the header `Authorization`.
create table forwards (
    key        text    not null primary key,
    label      text    not null,
    endpoint   text    not null,
    credential text    not null,
    version    text    not null,
    -- What is forwarded: JSON.
    filter     text    not null,
    link_local integer not null default 0,
    paused     integer not null default 0,
    -- The last statement that was looked at.
    position   integer not null,
    created_ms integer not null,
    -- How often in a row it could not be reached, why, and from when on it is tried again.
    failures   integer not null default 0,
    failure    text,
    due_ms     integer not null default 0
) strict;

-- Sessions of visits that a learning system launched by cmi5.
create table launches (
    id         text    not null primary key,
    visit      text    not null references visits (id) on delete cascade,
    -- What it is to be told with, and where.
    endpoint   text    not null,
    credential text    not null,
    -- What its statements say: JSON.
    learner    text    not null,
    registration text  not null,
    activity   text    not null,
    template   text    not null,
    mode       text    not null,
    mastery    real,
    began_ms   integer not null,
    heard_ms   integer not null,
    ended_ms   integer,
    -- Whether the system was told in this session that the visit was completed, and how it was judged.
    completed  integer not null default 0,
    judged     integer not null default 0
) strict;

create index launches_of_visit on launches (visit, began_ms);

-- What is still to be told, in order of `number` within a lane; told to one of the two. It is gone
-- when it has been told, when it is erased, or with the one that it was for.
create table deliveries (
    number     integer not null primary key autoincrement,
    forward    text             references forwards (key) on delete cascade,
    launch     text             references launches (id) on delete cascade,
    lane       text    not null,
    -- A statement that is kept, or one that is made for this.
    position   integer          references statements (position) on delete cascade,
    statement  text,
    created_ms integer not null,
    attempts   integer not null default 0,
    due_ms     integer not null default 0,
    -- Until when a server is at it.
    lease_ms   integer not null default 0,
    -- Since when it has been given up.
    dead_ms    integer,
    failure    text
) strict;

create index deliveries_by_forward on deliveries (forward, lane, number) where forward is not null;
create index deliveries_by_launch on deliveries (launch, number) where launch is not null;
create index deliveries_of_statement on deliveries (position) where position is not null;
