//! Classes as they are stored: whose they are, and which visits belong to them.

use uuid::Uuid;

use crate::store::{FromRow, Row, Store, StoreError, query};

/// A class.
#[derive(Debug)]
pub(in crate::staff) struct Class {
    pub(in crate::staff) id: String,
    pub(in crate::staff) name: String,
    /// What visits join by.
    pub(in crate::staff) code: String,
    pub(in crate::staff) created_ms: i64,
    pub(in crate::staff) closed_ms: Option<i64>,
    /// How many visits belong to it.
    pub(in crate::staff) visits: i64,
}

/// A visit as a member of a class.
#[derive(Debug)]
pub(in crate::staff) struct Member {
    /// The name of the class.
    pub(in crate::staff) class: String,
    pub(in crate::staff) pseudonym: i64,
}

/// How many pseudonyms there are.
pub(in crate::staff) const PSEUDONYMS: i64 = 24 * 24 * 100;

/// Most visits of a class: far more than sit in one, and few enough that a free pseudonym is soon
/// found.
const MEMBERS: i64 = 2_000;

impl FromRow for Class {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            code: row.get("code")?,
            created_ms: row.get("created_ms")?,
            closed_ms: row.get("closed_ms")?,
            visits: row.get("visits")?,
        })
    }
}

impl FromRow for Member {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            class: row.get("name")?,
            pseudonym: row.get("pseudonym")?,
        })
    }
}

impl Store {
    /// Makes a class of somebody's.
    pub(in crate::staff) async fn add_class(
        &self,
        class: &Class,
        staff: &str,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        query("insert into classes (id, name, code, created_ms) values ($1, $2, $3, $4)")
            .bind(class.id.as_str())
            .bind(class.name.as_str())
            .bind(class.code.as_str())
            .bind(class.created_ms)
            .run(turn.on())
            .await?;
        query("insert into class_staff (class, staff) values ($1, $2)")
            .bind(class.id.as_str())
            .bind(staff)
            .run(turn.on())
            .await?;
        turn.commit().await
    }

    /// Somebody's classes, the newest first.
    pub(in crate::staff) async fn classes_of(&self, staff: &str) -> Result<Vec<Class>, StoreError> {
        let all = query(
            "select classes.*, (select count(*) from class_visits join visits on visits.id = visit
                 where class = classes.id and limited_ms is null) as visits
             from classes join class_staff on class = classes.id
             where staff = $1 order by created_ms desc, id",
        );
        all.bind(staff).all(&mut self.reader().await?).await
    }

    /// A class, if it is somebody's.
    pub(in crate::staff) async fn class_of(
        &self,
        staff: &str,
        class: &str,
    ) -> Result<Option<Class>, StoreError> {
        let one = query(
            "select classes.*, (select count(*) from class_visits join visits on visits.id = visit
                 where class = classes.id and limited_ms is null) as visits
             from classes join class_staff on class = classes.id
             where staff = $1 and classes.id = $2",
        );
        let one = one.bind(staff).bind(class);
        one.first(&mut self.reader().await?).await
    }

    /// Who leads a class, by the names that they sign in with.
    pub(in crate::staff) async fn leaders(&self, class: &str) -> Result<Vec<String>, StoreError> {
        let all = query(
            "select name from staff join class_staff on staff.id = staff where class = $1
             order by name",
        );
        let all: Vec<(String,)> = all.bind(class).all(&mut self.reader().await?).await?;
        Ok(all.into_iter().map(|(name,)| name).collect())
    }

    /// Lets somebody lead a class too.
    pub(in crate::staff) async fn add_leader(
        &self,
        class: &str,
        staff: &str,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        query("insert into class_staff (class, staff) values ($1, $2) on conflict do nothing")
            .bind(class)
            .bind(staff)
            .run(turn.on())
            .await?;
        turn.commit().await
    }

    /// Lets somebody lead a class no more; `false` if they do not, or nobody else does.
    pub(in crate::staff) async fn remove_leader(
        &self,
        class: &str,
        name: &str,
    ) -> Result<bool, StoreError> {
        let mut turn = self.turn().await?;
        let removed = query(
            "delete from class_staff
             where class = $1 and staff in (select id from staff where name = $2)
                 and (select count(*) from class_staff others where others.class = $1) > 1",
        );
        let removed = removed.bind(class).bind(name).run(turn.on()).await?;
        turn.commit().await?;
        Ok(removed > 0)
    }

    /// Renames a class, or opens and closes it for more visits.
    pub(in crate::staff) async fn change_class(
        &self,
        class: &str,
        name: &str,
        closed_ms: Option<i64>,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        query("update classes set name = $1, closed_ms = $2 where id = $3")
            .bind(name)
            .bind(closed_ms)
            .bind(class)
            .run(turn.on())
            .await?;
        turn.commit().await
    }

    /// Dissolves a class. Its visits stay, and belong to none.
    pub(in crate::staff) async fn dissolve_class(&self, class: &str) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        let one = query("delete from classes where id = $1").bind(class);
        one.run(turn.on()).await?;
        turn.commit().await
    }

    /// Makes a visit one of the class with that code, under a pseudonym that nobody else has there,
    /// counted on from `chance`. A visit that is in the class already stays who it is; one that is in
    /// another leaves that. `None` if there is no such class, or it takes no more visits.
    pub(in crate::staff) async fn join_class(
        &self,
        visit: Uuid,
        code: &str,
        chance: i64,
    ) -> Result<Option<Member>, StoreError> {
        let visit = visit.to_string();
        let mut turn = self.turn().await?;
        let class = query("select id, name from classes where code = $1").bind(code);
        let Some((class, name)) = class.first::<(String, String)>(turn.on()).await? else {
            return Ok(None);
        };
        let known = query(
            "select name, pseudonym from class_visits join classes on classes.id = class
             where visit = $1 and class = $2",
        );
        let known = known.bind(visit.as_str()).bind(class.as_str());
        if let Some(member) = known.first(turn.on()).await? {
            return Ok(Some(member));
        }
        let open = query(
            "select id from classes where id = $1 and closed_ms is null
                 and (select count(*) from class_visits where class = $1) < $2",
        );
        let open = open.bind(class.as_str()).bind(MEMBERS);
        if open.first::<(String,)>(turn.on()).await?.is_none() {
            return Ok(None);
        }
        query("delete from class_visits where visit = $1")
            .bind(visit.as_str())
            .run(turn.on())
            .await?;
        let mut pseudonym = chance % PSEUDONYMS;
        loop {
            let joined = query(
                "insert into class_visits (visit, class, pseudonym)
                 values ($1, $2, $3) on conflict do nothing",
            );
            let joined = joined.bind(visit.as_str()).bind(class.as_str());
            if joined.bind(pseudonym).run(turn.on()).await? > 0 {
                break;
            }
            pseudonym = (pseudonym + 1) % PSEUDONYMS;
        }
        turn.commit().await?;
        Ok(Some(Member {
            class: name,
            pseudonym,
        }))
    }

    /// The class that a visit belongs to, and as whom.
    pub(in crate::staff) async fn member(&self, visit: Uuid) -> Result<Option<Member>, StoreError> {
        let one = query(
            "select name, pseudonym from class_visits join classes on classes.id = class
             where visit = $1",
        );
        let one = one.bind(visit.to_string());
        one.first(&mut self.reader().await?).await
    }

    /// Takes a visit out of its class.
    pub(in crate::staff) async fn leave_class(&self, visit: Uuid) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        let one = query("delete from class_visits where visit = $1").bind(visit.to_string());
        one.run(turn.on()).await?;
        turn.commit().await
    }
}
