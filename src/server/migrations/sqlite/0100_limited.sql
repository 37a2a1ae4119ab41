-- Visits whose use is limited: they are kept, and nothing is done with them until their visitor lifts
-- that. What the record store has of such a visit lies in tables of its own meanwhile, which nothing
-- reads but the visitor's page, erasure, retention and whoever verifies; there each column holds what
-- it does in the table without `limited_`. The hash chain stays as it is.

-- Since when its use is limited.
alter table visits add column limited_ms integer;

create table limited_statements (
    position   integer not null primary key,
    -- The visit for whose sake it is aside.
    aside_for  text    not null references visits (id) on delete cascade,
    id         blob    not null unique,
    visit      text,
    statement  text    not null,
    stored_us  integer not null unique,
    version    text,
    authority  integer not null references authorities (key),
    target     blob,
    is_voiding integer not null,
    voided     integer not null
) strict;

create index limited_statements_of on limited_statements (aside_for, position);
create index limited_statements_by_target on limited_statements (target) where target is not null;

create table limited_links (
    aside_for text    not null references visits (id) on delete cascade,
    term      integer not null references terms (key),
    reach     integer not null,
    position  integer not null,
    primary key (term, reach, position)
) strict, without rowid;

create index limited_links_of on limited_links (aside_for);

create table limited_attachments (
    aside_for text    not null references visits (id) on delete cascade,
    position  integer not null,
    sha2      text    not null references attachments (sha2),
    primary key (position, sha2)
) strict, without rowid;

create index limited_attachments_by_sum on limited_attachments (sha2);
create index limited_attachments_of on limited_attachments (aside_for);

create table limited_documents (
    aside_for    text    not null references visits (id) on delete cascade,
    kind         integer not null,
    activity     text    not null,
    agent        text    not null,
    registration text    not null,
    name         text    not null,
    content_type text    not null,
    content      blob    not null,
    etag         text    not null,
    updated_us   integer not null
) strict;

create index limited_documents_of on limited_documents (aside_for);

-- In the order of their numbers they wait; they get others when they are told after all.
create table limited_deliveries (
    aside_for  text    not null references visits (id) on delete cascade,
    number     integer not null,
    forward    text             references forwards (key) on delete cascade,
    launch     text             references launches (id) on delete cascade,
    lane       text    not null,
    position   integer,
    statement  text,
    created_ms integer not null,
    attempts   integer not null,
    dead_ms    integer,
    failure    text,
    primary key (aside_for, number)
) strict, without rowid;

create index limited_deliveries_by_forward on limited_deliveries (forward) where forward is not null;
create index limited_deliveries_by_launch on limited_deliveries (launch) where launch is not null;
