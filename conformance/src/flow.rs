//! Whole flows, checked at every step: authorization response, token response, ID tokens, userinfo, errors.

use serde_json::Value;

use crate::bench::Bench;
use crate::checks::{
    arrived, check_error_text, check_tokens, check_userinfo, describe, without_answer,
};
use crate::client::Client;
use crate::person::{Arrival, Carried, Landing, Mood, Page};
use crate::request::Request;
use crate::stop::{Check, fail, must, skip};
use crate::tokens::{self, Expected, Jwt};
use crate::wire::{Answer, Call};

/// What the token endpoint gave, checked.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "the names of RFC 6749 §5.1")]
pub struct Tokens {
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// The ID token as it came.
    pub id_token: Option<String>,
}

/// A flow that went through.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The client's.
    pub client: Client,
    /// The authorization response.
    pub arrival: Arrival,
    /// ID token of the authorization response.
    pub front: Option<Jwt>,
    /// ID token of the token response.
    pub back: Option<Jwt>,
    /// The token response.
    pub tokens: Option<Tokens>,
    id_token: String,
}

impl Flow {
    /// The ID token: the token endpoint's where there are two.
    pub fn id(&self) -> Check<&Jwt> {
        match self.back.as_ref().or(self.front.as_ref()) {
            Some(jwt) => Ok(jwt),
            None => fail!("no ID token came"),
        }
    }

    /// The ID token as it came, for `id_token_hint`.
    pub fn id_token(&self) -> &str {
        &self.id_token
    }

    /// The access token, from wherever it came.
    pub fn access_token(&self) -> Option<&str> {
        let back = self
            .tokens
            .as_ref()
            .map(|tokens| tokens.access_token.as_str());
        back.or_else(|| self.arrival.get("access_token"))
    }

    /// The refresh token; the module is skipped where none came.
    pub fn refresh_token(&self) -> Check<&str> {
        match self
            .tokens
            .as_ref()
            .and_then(|tokens| tokens.refresh_token.as_deref())
        {
            Some(token) => Ok(token),
            None => skip!("the provider gave no refresh token"),
        }
    }

    /// When the person signed in.
    pub fn auth_time(&self) -> Check<i64> {
        match self.id()?.number("auth_time") {
            Some(time) => Ok(time),
            None => fail!("the ID token has no auth_time"),
        }
    }
}

impl Bench {
    /// Goes through a request to the end, the person signing in where asked.
    pub async fn flow(&mut self, request: &Request) -> Check<Flow> {
        let arrival = self.authorize(request).await?;
        self.finish(request, arrival).await
    }

    /// The usual flow of the variant with its first client.
    pub async fn usual_flow(&mut self) -> Check<Flow> {
        let client = self.client().await?;
        let request = self.request(&client);
        self.flow(&request).await
    }

    /// The authorization response to a request, checked.
    pub async fn authorize(&mut self, request: &Request) -> Check<Arrival> {
        let call = self.start(request).await?;
        let landing = self.person.visit(call, Mood::Willing).await?;
        let arrival = arrived(landing)?;
        self.check_response(request, &arrival)?;
        Ok(arrival)
    }

    /// Checks a successful authorization response: place, mode, state, issuer, and that nothing else is in it.
    pub fn check_response(&mut self, request: &Request, arrival: &Arrival) -> Check {
        self.check_delivery(request, arrival)?;
        if let Some(error) = arrival.get("error") {
            fail!(
                "error {error} came back: {}",
                arrival.get("error_description").unwrap_or("-")
            );
        }
        let asked = request.get("response_type").unwrap_or_default();
        let wanted: Vec<&str> = asked.split(' ').collect();
        for (word, param) in [
            ("code", "code"),
            ("id_token", "id_token"),
            ("token", "access_token"),
        ] {
            let came = arrival.get(param).is_some_and(|value| !value.is_empty());
            must!(
                came == wanted.contains(&word),
                "{param}: asked {asked}, came: {came}"
            );
        }
        Ok(())
    }

    /// Checks where and how a response came: errors too.
    pub fn check_delivery(&mut self, request: &Request, arrival: &Arrival) -> Check {
        let registered = request.get("redirect_uri").unwrap_or_default();
        let mut landed = arrival.url.clone();
        landed.set_fragment(None);
        let expected = if arrival.carried == Carried::Query {
            without_answer(&landed)
        } else {
            landed.to_string()
        };
        must!(
            expected == registered || expected.trim_end_matches('/') == registered,
            "the browser was sent to {expected}, not to {registered}"
        );
        let is_code = request.get("response_type") == Some("code");
        let mode = match request.get("response_mode") {
            Some("form_post") => Carried::FormPost,
            Some("fragment") => Carried::Fragment,
            _ if is_code || request.get("response_type").is_none() => Carried::Query,
            _ => Carried::Fragment,
        };
        must!(
            arrival.carried == mode,
            "the answer came by {:?}, not by {mode:?}",
            arrival.carried
        );
        if arrival.carried == Carried::FormPost {
            must!(
                arrival.last.is_not_stored(),
                "the form_post page may be stored"
            );
        }
        must!(
            arrival.get("state") == request.get("state"),
            "state is {:?}, sent was {:?}",
            arrival.get("state"),
            request.get("state")
        );
        let says_issuer = self
            .provider()
            .flag("authorization_response_iss_parameter_supported", false);
        match arrival.get("iss") {
            Some(iss) => must!(
                iss == self.issuer(),
                "iss in the response is {iss} (RFC 9207 §2)"
            ),
            None => must!(
                !says_issuer || arrival.get("id_token").is_some(),
                "no iss in the response, though the metadata promises it (RFC 9207 §2)"
            ),
        }
        let mut names: Vec<&str> = arrival
            .params
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        must!(names.len() == all, "a parameter came twice in the response");
        Ok(())
    }

    /// Verifies what came in front, redeems the code, verifies what came for it.
    pub async fn finish(&mut self, request: &Request, arrival: Arrival) -> Check<Flow> {
        let client = request.client.clone();
        let keys = self.provider().keys(&self.wire).await?;
        let issuer = self.issuer().to_owned();
        let mut expected = Expected {
            issuer: &issuer,
            client_id: &client.id,
            alg: client.id_token_alg(),
            nonce: request.get("nonce"),
            needs_auth_time: request.get("max_age").is_some(),
            code: arrival.get("code"),
            access_token: arrival.get("access_token"),
            needs_hashes: true,
        };
        let mut id_token = arrival.get("id_token").unwrap_or_default().to_owned();
        let front = match arrival.get("id_token") {
            Some(token) => Some(tokens::check_id_token(token, &keys, &expected)?),
            None => None,
        };
        let (mut tokens, mut back) = (None, None);
        if let Some(code) = arrival.get("code") {
            let came = self.redeem(request, code).await?;
            let Some(token) = &came.id_token else {
                fail!("the token response has no id_token")
            };
            expected.access_token = Some(&came.access_token);
            expected.needs_hashes = false;
            back = Some(tokens::check_id_token(token, &keys, &expected)?);
            id_token.clone_from(token);
            tokens = Some(came);
        }
        if let (Some(front), Some(back)) = (&front, &back) {
            for name in ["iss", "sub"] {
                must!(
                    front.claims.get(name) == back.claims.get(name),
                    "{name} differs between the two ID tokens"
                );
            }
        }
        Ok(Flow {
            client,
            arrival,
            front,
            back,
            tokens,
            id_token,
        })
    }

    /// Redeems a code as its request says, and checks the token response.
    pub async fn redeem(&mut self, request: &Request, code: &str) -> Check<Tokens> {
        let answer = self.redeem_raw(request, code).await?;
        check_tokens(&request.client, &answer)
    }

    /// The raw answer to the redemption of a code.
    pub async fn redeem_raw(&mut self, request: &Request, code: &str) -> Check<Answer> {
        let redirect_uri = request.get("redirect_uri").unwrap_or_default().to_owned();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri.as_str()),
        ];
        if let Some(verifier) = &request.verifier {
            fields.push(("code_verifier", verifier));
        }
        self.token_call(&request.client, &fields).await
    }

    /// Userinfo by GET with the header, its `sub` compared with the ID token's.
    pub async fn userinfo(&mut self, flow: &Flow) -> Check<Value> {
        let call = Call::get(&self.provider().endpoint("userinfo_endpoint")?);
        self.userinfo_by(flow, call).await
    }

    /// Userinfo by a call of one's choice.
    pub async fn userinfo_by(&mut self, flow: &Flow, call: Call) -> Check<Value> {
        let Some(token) = flow.access_token() else {
            skip!("no access token comes with this response type")
        };
        let answer = self.resource_call(&flow.client, call, token).await?;
        check_userinfo(&answer, flow.id()?.sub())
    }

    /// Expects an error at the client, one of these codes, without a word typed by the person.
    pub async fn expect_error(
        &mut self,
        request: &Request,
        codes: &[&str],
        mood: Mood,
    ) -> Check<Arrival> {
        let call = self.start(request).await?;
        match self.person.visit(call, mood).await? {
            Landing::Arrived(arrival) => {
                self.check_error_arrival(request, &arrival, codes)?;
                Ok(*arrival)
            }
            Landing::Shown(page) => fail!(
                "expected {codes:?} at the client, but a page was shown: {}",
                describe(&page)
            ),
        }
    }

    /// Checks an error that came to the client.
    pub fn check_error_arrival(
        &mut self,
        request: &Request,
        arrival: &Arrival,
        codes: &[&str],
    ) -> Check {
        let Some(error) = arrival.get("error") else {
            fail!("expected {codes:?} at the client, but the request succeeded")
        };
        must!(
            codes.contains(&error),
            "error is {error}, expected {codes:?}"
        );
        for name in ["code", "id_token", "access_token"] {
            must!(arrival.get(name).is_none(), "{name} came with the error");
        }
        check_error_text(arrival.get("error_description"))?;
        self.check_delivery(request, arrival)
    }

    /// Expects that the provider keeps the browser and says what is wrong: a page, no redirect.
    pub async fn expect_page(&mut self, call: Call) -> Check<Box<Page>> {
        match self.person.visit(call, Mood::Willing).await? {
            Landing::Arrived(arrival) => {
                fail!(
                    "the browser was sent to {}, expected an error page",
                    arrival.url
                )
            }
            Landing::Shown(page) => {
                let status = page.answer.status;
                must!(
                    status < 500,
                    "the error page came with {status}: {}",
                    describe(&page)
                );
                if status < 400 {
                    self.warn(format!("the error page came with status {status}"));
                }
                Ok(page)
            }
        }
    }
}
