//! What a server is told of the OpenID provider that staff signs in with.

use std::str::FromStr;

use super::role::{Role, RoleError};

/// The OpenID provider that staff signs in with, if there is one.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct OidcOptions {
    /// Let staff sign in with this OpenID provider: its issuer, such as <https://id.example.edu>
    #[arg(
        id = "oidc_issuer",
        long = "oidc-issuer",
        value_name = "URL",
        requires = "oidc_client_id",
        requires = "oidc_role"
    )]
    pub issuer: Option<String>,
    /// What the provider knows this server as; its redirect address is <ORIGIN/api/v1/staff/oidc/back>
    #[arg(
        id = "oidc_client_id",
        long = "oidc-client-id",
        value_name = "ID",
        requires = "oidc_issuer"
    )]
    pub client_id: Option<String>,
    /// The secret that the provider gave this server
    #[arg(
        id = "oidc_client_secret",
        long = "oidc-client-secret",
        value_name = "SECRET",
        env = "XINGHUO_OIDC_CLIENT_SECRET",
        hide_env_values = true
    )]
    pub client_secret: Option<String>,
    /// What the page calls the provider [default: the issuer's name]
    #[arg(
        id = "oidc_name",
        long = "oidc-name",
        value_name = "NAME",
        requires = "oidc_issuer"
    )]
    pub name: Option<String>,
    /// A scope to ask the provider for besides openid; may be given again
    #[arg(
        id = "oidc_scope",
        long = "oidc-scope",
        value_name = "SCOPE",
        requires = "oidc_issuer"
    )]
    pub scopes: Vec<String>,
    /// The claim that says which groups somebody is in [default: groups]
    #[arg(
        id = "oidc_claim",
        long = "oidc-claim",
        value_name = "CLAIM",
        requires = "oidc_issuer"
    )]
    pub claim: Option<String>,
    /// What the members of a group work as, such as `teachers=instructor`; may be given again, and
    /// of several that fit the first counts. Whoever is in none of the groups is not let in
    #[arg(
        id = "oidc_role",
        long = "oidc-role",
        value_name = "GROUP=ROLE",
        requires = "oidc_issuer"
    )]
    pub roles: Vec<RoleOfGroup>,
}

/// What the members of a group work as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleOfGroup {
    /// The group, as the provider calls it.
    pub group: String,
    /// What its members work as.
    pub role: Role,
}

/// Why a text says nothing of a group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleOfGroupError {
    /// There is no `=`.
    #[error("{text:?} is not of the form GROUP=ROLE")]
    NoPair {
        /// What was given.
        text: String,
    },
    /// What follows it is no role.
    #[error(transparent)]
    NoRole(#[from] RoleError),
}

impl FromStr for RoleOfGroup {
    type Err = RoleOfGroupError;
    fn from_str(text: &str) -> Result<Self, RoleOfGroupError> {
        // A group may have a = in its name, as those of LDAP do; a role has none.
        let pair = text.rsplit_once('=').filter(|(group, _)| !group.is_empty());
        let (group, role) = pair.ok_or_else(|| RoleOfGroupError::NoPair { text: text.into() })?;
        Ok(Self {
            group: group.into(),
            role: role.parse()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_may_be_named_as_ldap_names_it() {
        let read: RoleOfGroup = "cn=teachers,dc=edu=instructor".parse().expect("a pair");
        assert_eq!(read.group, "cn=teachers,dc=edu");
        assert_eq!(read.role, Role::Instructor);
        for wrong in ["teachers", "=reader", "teachers=boss", ""] {
            assert!(wrong.parse::<RoleOfGroup>().is_err(), "{wrong}");
        }
    }
}
