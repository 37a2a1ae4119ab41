//! Accounts as they are stored, and the links with which passwords are set.

use crate::{
    staff::Role,
    store::{FromRow, Row, Store, StoreError, Turn, query},
};

/// Somebody's account.
#[derive(Debug, Clone)]
pub(in crate::staff) struct Account {
    pub(in crate::staff) id: String,
    pub(in crate::staff) name: String,
    pub(in crate::staff) role: Role,
    /// What is stored of the password.
    pub(in crate::staff) password: Option<String>,
    /// Whether they sign in with an OpenID provider.
    pub(in crate::staff) is_elsewhere: bool,
    pub(in crate::staff) created_ms: i64,
    pub(in crate::staff) disabled_ms: Option<i64>,
}

/// An account to make.
pub(in crate::staff) struct NewAccount<'a> {
    pub(in crate::staff) id: &'a str,
    pub(in crate::staff) name: &'a str,
    pub(in crate::staff) role: Role,
    /// The issuer, and who they are to it.
    pub(in crate::staff) identity: Option<(&'a str, &'a str)>,
    pub(in crate::staff) now_ms: i64,
}

impl FromRow for Account {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let role: String = row.get("role")?;
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            role: role
                .parse()
                .map_err(|_| StoreError::Unreadable { what: "role" })?,
            password: row.get("password")?,
            is_elsewhere: row.get::<Option<String>>("subject")?.is_some(),
            created_ms: row.get("created_ms")?,
            disabled_ms: row.get("disabled_ms")?,
        })
    }
}

impl Store {
    /// Every account by its name.
    pub(in crate::staff) async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let all = query("select * from staff order by name");
        all.all(&mut self.reader().await?).await
    }

    /// Whether anybody has an account, even one that is disabled: who had staff once does not mean
    /// to be without.
    pub(in crate::staff) async fn has_staff(&self) -> Result<bool, StoreError> {
        let any = query("select id from staff limit 1");
        let any = any.first::<(String,)>(&mut self.reader().await?).await?;
        Ok(any.is_some())
    }

    /// The account of that name, in lower case.
    pub(in crate::staff) async fn account_named(
        &self,
        name: &str,
    ) -> Result<Option<Account>, StoreError> {
        let one = query("select * from staff where name = $1").bind(name);
        one.first(&mut self.reader().await?).await
    }

    /// The account with that id.
    pub(in crate::staff) async fn account(&self, id: &str) -> Result<Option<Account>, StoreError> {
        let one = query("select * from staff where id = $1").bind(id);
        one.first(&mut self.reader().await?).await
    }

    /// The account of whoever is `subject` to `issuer`.
    pub(in crate::staff) async fn account_of(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Account>, StoreError> {
        let one = query("select * from staff where issuer = $1 and subject = $2");
        let one = one.bind(issuer).bind(subject);
        one.first(&mut self.reader().await?).await
    }

    /// Makes an account; `false` if the name is another's.
    pub(in crate::staff) async fn add_account(
        &self,
        new: &NewAccount<'_>,
    ) -> Result<bool, StoreError> {
        let mut turn = self.turn().await?;
        let (issuer, subject) = new.identity.unzip();
        let added = query(
            "insert into staff (id, name, role, issuer, subject, created_ms)
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        )
        .bind(new.id)
        .bind(new.name)
        .bind(new.role.to_string())
        .bind(issuer)
        .bind(subject)
        .bind(new.now_ms)
        .run(turn.on())
        .await?;
        turn.commit().await?;
        Ok(added > 0)
    }

    /// Changes what somebody works as and whether they may sign in. Whoever was signed in on the
    /// account is so no more.
    pub(in crate::staff) async fn change_account(
        &self,
        id: &str,
        role: Role,
        disabled_ms: Option<i64>,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        query("update staff set role = $1, disabled_ms = $2 where id = $3")
            .bind(role.to_string())
            .bind(disabled_ms)
            .bind(id)
            .run(turn.on())
            .await?;
        end_sessions(&mut turn, id).await?;
        if disabled_ms.is_some() {
            forget_links(&mut turn, id).await?;
        }
        turn.commit().await
    }

    /// Keeps a link with which the password is set; those of before are good for nothing any more.
    pub(in crate::staff) async fn add_link(
        &self,
        staff: &str,
        token_sha256: &[u8],
        expires_ms: i64,
    ) -> Result<(), StoreError> {
        let mut turn = self.turn().await?;
        forget_links(&mut turn, staff).await?;
        query("insert into staff_links (token_sha256, staff, expires_ms) values ($1, $2, $3)")
            .bind(token_sha256)
            .bind(staff)
            .bind(expires_ms)
            .run(turn.on())
            .await?;
        turn.commit().await
    }

    /// Whose password a link sets.
    pub(in crate::staff) async fn account_of_link(
        &self,
        token_sha256: &[u8],
        now_ms: i64,
    ) -> Result<Option<Account>, StoreError> {
        let one = query(
            "select staff.* from staff_links join staff on staff.id = staff_links.staff
             where token_sha256 = $1 and expires_ms > $2 and disabled_ms is null",
        );
        let one = one.bind(token_sha256).bind(now_ms);
        one.first(&mut self.reader().await?).await
    }

    /// Sets the password by a link, which is used up by it; `false` if somebody else was first.
    pub(in crate::staff) async fn set_password(
        &self,
        staff: &str,
        token_sha256: &[u8],
        password: &str,
    ) -> Result<bool, StoreError> {
        let mut turn = self.turn().await?;
        let used = query("delete from staff_links where token_sha256 = $1").bind(token_sha256);
        if used.run(turn.on()).await? == 0 {
            return Ok(false);
        }
        forget_links(&mut turn, staff).await?;
        end_sessions(&mut turn, staff).await?;
        query("update staff set password = $1 where id = $2")
            .bind(password)
            .bind(staff)
            .run(turn.on())
            .await?;
        turn.commit().await?;
        Ok(true)
    }
}

async fn forget_links(turn: &mut Turn, staff: &str) -> Result<(), StoreError> {
    let all = query("delete from staff_links where staff = $1").bind(staff);
    all.run(turn.on()).await?;
    Ok(())
}

async fn end_sessions(turn: &mut Turn, staff: &str) -> Result<(), StoreError> {
    let all = query("delete from staff_sessions where staff = $1").bind(staff);
    all.run(turn.on()).await?;
    Ok(())
}
