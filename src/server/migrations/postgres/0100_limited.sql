-- Visits whose use is limited: they are kept, and nothing is done with them until their visitor lifts
-- that. What the record store has of such a visit lies in tables of its own meanwhile, which nothing
-- reads but the visitor's page, erasure, retention and whoever verifies; there each column holds what
-- it does in the table without `limited_`. The hash chain stays as it is.

-- Since when its use is limited.
alter table visits add column limited_ms bigint;

create table limited_statements (
    position   bigint not null primary key,
    -- The visit for whose sake it is aside.
    aside_for  text   collate "C" not null references visits (id) on delete cascade,
    id         bytea not null unique,
    visit      text   collate "C",
    statement  text not null,
    stored_us  bigint not null unique,
    version    text   collate "C",
    authority  bigint not null references authorities (key),
    target     bytea,
    is_voiding boolean not null,
    voided     boolean not null
);

create index limited_statements_of on limited_statements (aside_for, position);
create index limited_statements_by_target on limited_statements (target) where target is not null;

create table limited_links (
    aside_for text   collate "C" not null references visits (id) on delete cascade,
    term      bigint not null references terms (key),
    reach     bigint not null,
    position  bigint not null,
    primary key (term, reach, position)
);

create index limited_links_of on limited_links (aside_for);

create table limited_attachments (
    aside_for text   collate "C" not null references visits (id) on delete cascade,
    position  bigint not null,
    sha2      text   collate "C" not null references attachments (sha2),
    primary key (position, sha2)
);

create index limited_attachments_by_sum on limited_attachments (sha2);
create index limited_attachments_of on limited_attachments (aside_for);

create table limited_documents (
    aside_for    text   collate "C" not null references visits (id) on delete cascade,
    kind         bigint not null,
    activity     text   collate "C" not null,
    agent        text   collate "C" not null,
    registration text   collate "C" not null,
    name         text   collate "C" not null,
    content_type text not null,
    content      bytea not null,
    etag         text   collate "C" not null,
    updated_us   bigint not null
);

create index limited_documents_of on limited_documents (aside_for);

-- In the order of their numbers they wait; they get others when they are told after all.
create table limited_deliveries (
    aside_for  text   collate "C" not null references visits (id) on delete cascade,
    number     bigint not null,
    forward    text   collate "C" references forwards (key) on delete cascade,
    launch     text   collate "C" references launches (id) on delete cascade,
    lane       text   collate "C" not null,
    position   bigint,
    statement  text,
    created_ms bigint not null,
    attempts   bigint not null,
    dead_ms    bigint,
    failure    text,
    primary key (aside_for, number)
);

create index limited_deliveries_by_forward on limited_deliveries (forward) where forward is not null;
create index limited_deliveries_by_launch on limited_deliveries (launch) where launch is not null;
