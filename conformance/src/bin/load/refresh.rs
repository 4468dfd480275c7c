//! Refreshing with rotation (RFC 6749 §6): every answer brings a new refresh token, and the old one must not work again.

use std::rc::Rc;

use anyhow::{Context as _, ensure};

use crate::launch::{Launcher, SIGNATURE_EVERY, Tokens};
use crate::portal::{Client, Portal};
use crate::run::Work;

/// A relying party that holds one refresh token.
pub struct Refresher {
    launcher: Launcher,
    token: String,
    sub: String,
    first: Option<String>,
}

impl Refresher {
    /// Signs a person in and fetches the first refresh token.
    pub async fn new(
        portal: &Rc<Portal>,
        client: &Rc<Client>,
        person: &(String, String),
    ) -> anyhow::Result<Self> {
        let mut launcher = Launcher::new(portal, client, person).await?;
        let (tokens, nonce) = launcher.tokens().await?;
        let id_token = tokens.id_token.context("no id_token")?;
        let claims = portal.check(client, &id_token, Some(&nonce), true)?;
        Ok(Self {
            launcher,
            token: tokens.refresh_token.context(
                "no refresh_token; the client needs the grant type and the scope offline_access",
            )?,
            sub: claims.sub,
            first: None,
        })
    }

    /// After a run: the first refresh token, rotated out long ago, must be refused.
    pub async fn prove_spent(&mut self) -> anyhow::Result<()> {
        if let Some(first) = self.first.take() {
            let form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", first.as_str()),
            ];
            let answer = self.launcher.token(&form).await?;
            let answer = answer.expect(400, "a refresh token that was rotated out")?;
            ensure!(
                answer.text()?.contains("invalid_grant"),
                "{}",
                answer.text()?
            );
        }
        Ok(())
    }
}

impl Work for Refresher {
    async fn once(&mut self, number: u64) -> anyhow::Result<()> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", self.token.as_str()),
        ];
        let answer = self
            .launcher
            .token(&form)
            .await?
            .expect(200, "the refresh token")?;
        let tokens: Tokens = serde_json::from_slice(&answer.body)?;
        let fresh = tokens.refresh_token.context("no new refresh_token")?;
        ensure!(fresh != self.token, "the refresh token was not rotated");
        if let Some(id_token) = tokens.id_token {
            let (portal, client) = self.launcher.parties();
            let claims = portal.check(
                &client,
                &id_token,
                None,
                number.is_multiple_of(SIGNATURE_EVERY),
            )?;
            ensure!(claims.sub == self.sub, "the sub has changed");
        }
        let old = std::mem::replace(&mut self.token, fresh);
        self.first.get_or_insert(old);
        Ok(())
    }
}
