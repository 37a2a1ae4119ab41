-- Attachments may lie in a bucket: then the row has no content, and says where that is.
alter table attachments add column object text collate "C";

-- Objects that a bucket has and nobody needs: those of attachments that were erased, and those of
-- attachments that are just being stored, until they are. Each is deleted from `due_ms` on.
create table bucket_leavings (
    object text   collate "C" not null primary key,
    due_ms bigint not null
);
