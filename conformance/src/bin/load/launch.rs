//! An SSO launch: a browser with a live session asks `/authorize`, the relying party redeems the code and asks
//! `/userinfo`. Everything that a relying party must check is checked.

use std::rc::Rc;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::browser::Browser;
use crate::http::{Answer, Connection};
use crate::portal::{Client, Portal, random};
use crate::run::Work;

/// How often the signature is verified: on the first launch, and on every so many after it.
pub const SIGNATURE_EVERY: u64 = 50;

/// A person with a live session, and the relying party's server with a connection of its own.
pub struct Launcher {
    browser: Browser,
    back: Connection,
    client: Rc<Client>,
    /// The last code and its verifier, which must be refused by now.
    pub spent: Option<(String, String)>,
}

/// A token answer (RFC 6749 §5.1, OIDC Core §3.1.3.3).
#[derive(Deserialize)]
pub struct Tokens {
    pub access_token: String,
    pub token_type: String,
    pub id_token: Option<String>,
    pub refresh_token: Option<String>,
}

impl Launcher {
    /// Signs a person in.
    pub async fn new(
        portal: &Rc<Portal>,
        client: &Rc<Client>,
        person: &(String, String),
    ) -> anyhow::Result<Self> {
        let mut browser = Browser::new(portal);
        browser.sign_in(&person.0, &person.1).await?;
        Ok(Self {
            browser,
            back: Connection::new(portal.address),
            client: client.clone(),
            spent: None,
        })
    }

    /// From `/authorize` to the tokens; answers them with the nonce that the ID token must hold.
    pub async fn tokens(&mut self) -> anyhow::Result<(Tokens, String)> {
        let (state, nonce, verifier) = (random()?, random()?, random()?);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let portal = self.browser.portal.clone();
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("response_type", "code"),
                ("client_id", &self.client.id),
                ("redirect_uri", &self.client.redirect_uri),
                ("scope", &self.client.scope),
                ("state", &state),
                ("nonce", &nonce),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        let answer = self
            .browser
            .get(&format!("{}?{query}", portal.authorize))
            .await?;
        let code = self.code(answer, &state)?;
        let tokens = self
            .redeem(&code, &verifier)
            .await?
            .expect(200, "the code")?;
        let tokens: Tokens = serde_json::from_slice(&tokens.body)?;
        ensure!(
            tokens.token_type.eq_ignore_ascii_case("Bearer"),
            "token_type"
        );
        self.spent = Some((code, verifier));
        Ok((tokens, nonce))
    }

    /// Sends a code to the token endpoint.
    pub async fn redeem(&mut self, code: &str, verifier: &str) -> anyhow::Result<Answer> {
        let client = self.client.clone();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", client.redirect_uri.as_str()),
            ("code_verifier", verifier),
        ];
        self.token(&form).await
    }

    /// Sends a form to the token endpoint as the client.
    pub async fn token(&mut self, form: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let portal = &self.browser.portal;
        self.back
            .send(&portal.post(&portal.token, &self.client.basic, form))
            .await
    }

    /// The relying party that is played, and the portal.
    pub fn parties(&self) -> (Rc<Portal>, Rc<Client>) {
        (self.browser.portal.clone(), self.client.clone())
    }

    fn code(&self, answer: Answer, state: &str) -> anyhow::Result<String> {
        let status = if answer.status == 302 { 302 } else { 303 };
        let answer = answer.expect(status, "/authorize")?;
        let location = answer
            .header("location")
            .context("/authorize: no Location")?;
        ensure!(
            location.starts_with(&self.client.redirect_uri),
            "/authorize leads to {location}, not to the relying party"
        );
        let location = Url::parse(location)?;
        let parameter = |name: &str| {
            let found = location.query_pairs().find(|(known, _)| known == name);
            found.map(|(_, value)| value.into_owned())
        };
        ensure!(
            parameter("state").as_deref() == Some(state),
            "/authorize: wrong state"
        );
        let issuer = &self.browser.portal.issuer;
        ensure!(
            parameter("iss").as_ref() == Some(issuer),
            "/authorize: wrong iss (RFC 9207)"
        );
        parameter("code").with_context(|| format!("/authorize: no code in {location}"))
    }

    async fn userinfo(&mut self, access_token: &str) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        struct UserInfo {
            sub: String,
        }
        let portal = &self.browser.portal;
        let headers = format!("Authorization: Bearer {access_token}\r\n");
        let answer = self
            .back
            .send(&portal.get(&portal.userinfo, &headers))
            .await?;
        let info: UserInfo = serde_json::from_slice(&answer.expect(200, "/userinfo")?.body)?;
        Ok(info.sub)
    }

    /// After a run: the last code must be refused when it comes again.
    pub async fn prove_spent(&mut self) -> anyhow::Result<()> {
        if let Some((code, verifier)) = self.spent.take() {
            let answer = self
                .redeem(&code, &verifier)
                .await?
                .expect(400, "a code used twice")?;
            ensure!(
                answer.text()?.contains("invalid_grant"),
                "a code used twice: {}",
                answer.text()?
            );
        }
        Ok(())
    }
}

impl Work for Launcher {
    async fn once(&mut self, number: u64) -> anyhow::Result<()> {
        let (tokens, nonce) = self.tokens().await?;
        let id_token = tokens.id_token.context("no id_token")?;
        let (portal, client) = self.parties();
        let signature = number.is_multiple_of(SIGNATURE_EVERY);
        let claims = portal.check(&client, &id_token, Some(&nonce), signature)?;
        let sub = self.userinfo(&tokens.access_token).await?;
        ensure!(
            sub == claims.sub,
            "/userinfo: another sub than in the ID token"
        );
        Ok(())
    }
}
