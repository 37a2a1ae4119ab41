-- A learning record store: statements of visits and of others in one table, what each is found by,
-- attachments, documents, and who may read and write.

-- What statements are found by. Kinds: 0 agent, 1 activity, 2 verb, 3 registration.
create table terms (
    key  integer not null primary key,
    kind integer not null,
    name text    not null,
    unique (kind, name)
) strict;

-- What is known of an activity.
create table definitions (
    term       integer not null primary key references terms (key) on delete cascade,
    definition text    not null
) strict;

-- The names that statements gave an agent.
create table agent_names (
    term integer not null references terms (key) on delete cascade,
    name text    not null,
    primary key (term, name)
) strict, without rowid;

-- Who vouched for statements.
create table authorities (
    key   integer not null primary key,
    term  integer not null references terms (key),
    agent text    not null unique
) strict;

-- `position` and `stored_us` (microseconds since 1970) grow together, and no two are equal.
-- `statement` is without `stored`, `authority` and `version`, which the other columns hold;
-- a version that is null is 2.0.0.
create table all_statements (
    position   integer not null primary key autoincrement,
    id         blob    not null unique,
    visit      text             references visits (id) on delete cascade,
    statement  text    not null,
    stored_us  integer not null unique,
    version    text,
    authority  integer not null references authorities (key),
    -- The statement that is its object.
    target     blob,
    is_voiding integer not null default 0,
    voided     integer not null default 0
) strict;

-- What a statement is found by. Reach: 0 directly, 1 as related only, 2 as its authority.
create table links (
    term     integer not null references terms (key),
    reach    integer not null,
    position integer not null references all_statements (position) on delete cascade,
    primary key (term, reach, position)
) strict, without rowid;

insert into terms (kind, name)
    select distinct 0, 'account ' || (statement ->> '$.actor.account.homePage') || ' xinghuo'
        from statements
    union select 0, 'account ' || (statement ->> '$.actor.account.homePage')
            || ' ' || (statement ->> '$.actor.account.name')
        from statements
    union select 1, statement ->> '$.object.id' from statements
    union select 1, above.value ->> '$.id'
        from statements, json_each(statement, '$.context.contextActivities.parent') as above
    union select 1, above.value ->> '$.id'
        from statements, json_each(statement, '$.context.contextActivities.grouping') as above
    union select 2, statement ->> '$.verb.id' from statements
    union select 3, lower(statement ->> '$.context.registration') from statements;

insert into authorities (term, agent)
    select terms.key, json_object('objectType', 'Agent',
            'account', json_object('homePage', pages.page, 'name', 'xinghuo'))
        from (select distinct statement ->> '$.actor.account.homePage' as page from statements)
            as pages
        join terms on kind = 0 and name = 'account ' || pages.page || ' xinghuo';

insert into all_statements (position, id, visit, statement, stored_us, authority)
    select position, unhex(replace(id, '-', '')), visit, statement,
            number + max(stored_ms * 1000 - number) over (order by position),
            (select authorities.key from authorities join terms on terms.key = term
                where name = 'account ' || (statement ->> '$.actor.account.homePage') || ' xinghuo')
        from (select *, row_number() over (order by position) as number from statements);

insert into links (term, reach, position)
    select term, 2, position from all_statements
        join authorities on authorities.key = authority
    union select terms.key, 0, position from all_statements
        join terms on kind = 0
            and name = 'account ' || (statement ->> '$.actor.account.homePage')
                || ' ' || (statement ->> '$.actor.account.name')
    union select terms.key, 0, position from all_statements
        join terms on kind = 1 and name = statement ->> '$.object.id'
    union select terms.key, 1, position
        from all_statements,
            json_each(statement, '$.context.contextActivities.parent') as above
        join terms on kind = 1 and name = above.value ->> '$.id'
    union select terms.key, 1, position
        from all_statements,
            json_each(statement, '$.context.contextActivities.grouping') as above
        join terms on kind = 1 and name = above.value ->> '$.id'
    union select terms.key, 0, position from all_statements
        join terms on kind = 2 and name = statement ->> '$.verb.id'
    union select terms.key, 0, position from all_statements
        join terms on kind = 3 and name = lower(statement ->> '$.context.registration');

insert or replace into definitions (term, definition)
    select terms.key, told.definition
        from (
            select position, statement ->> '$.object.id' as activity,
                    statement -> '$.object.definition' as definition
                from all_statements
            union all select position, above.value ->> '$.id', above.value -> '$.definition'
                from all_statements,
                    json_each(statement, '$.context.contextActivities.parent') as above
            union all select position, above.value ->> '$.id', above.value -> '$.definition'
                from all_statements,
                    json_each(statement, '$.context.contextActivities.grouping') as above
        ) as told
        join terms on kind = 1 and name = activity
        where definition is not null
        order by position;

drop table statements;
alter table all_statements rename to statements;
create index statements_of_visit on statements (visit, position) where visit is not null;
create index statements_by_target on statements (target) where target is not null;
create index links_of_statement on links (position);

-- Attachments by the SHA-2 sum that statements name them by, in lower case.
create table attachments (
    sha2    text not null primary key,
    content blob not null
) strict;

create table attachments_of_statements (
    position integer not null references statements (position) on delete cascade,
    sha2     text    not null references attachments (sha2),
    primary key (position, sha2)
) strict, without rowid;

create index statements_of_attachment on attachments_of_statements (sha2);

-- Kinds: 0 state, 1 activity profile, 2 agent profile. What a kind does not have is empty.
create table documents (
    kind         integer not null,
    activity     text    not null,
    agent        text    not null,
    registration text    not null,
    name         text    not null,
    content_type text    not null,
    content      blob    not null,
    etag         text    not null,
    updated_us   integer not null,
    primary key (kind, activity, agent, registration, name)
) strict;

-- Who may use the record store, and for what. The secret itself is not kept.
create table credentials (
    key           text    not null primary key,
    label         text    not null,
    secret_sha256 blob    not null,
    scopes        text    not null,
    created_ms    integer not null,
    expires_ms    integer,
    revoked_ms    integer
) strict;
