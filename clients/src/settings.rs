//! The command line of a vendor app, and what follows from it.

use clap::{Parser, ValueEnum};

/// How the app proves itself at the token endpoint (OIDC Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClientAuthentication {
    /// `client_secret_basic`: the secret in the `Authorization` header.
    Basic,
    /// `client_secret_post`: the secret in the form.
    Post,
}

/// How the answer to an authorization request reaches the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ResponseMode {
    /// In the query of a redirect (OAuth 2.0 Multiple Response Types §2.1).
    Query,
    /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode §2).
    FormPost,
}

/// What differs between two vendor apps before anybody gives a flag.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// The `client_id` under which the district registered the app.
    pub client_id: &'static str,
    /// Port on loopback.
    pub port: u16,
    /// How the app proves itself.
    pub authentication: ClientAuthentication,
    /// How it wants its answers.
    pub response_mode: ResponseMode,
}

/// Flags; whatever is left out follows the app's [`Defaults`].
#[derive(Debug, Parser)]
#[command(about = "A vendor app that signs people in through the district's portal")]
struct Arguments {
    /// The portal: its issuer identifier, without a trailing slash.
    #[arg(long, default_value = "http://localhost:8080")]
    issuer: String,
    /// Address and port to listen on [default: 127.0.0.1 and the app's own port].
    #[arg(long)]
    listen: Option<std::net::SocketAddr>,
    /// This app's address as browsers see it, without a trailing slash [default: localhost with the port].
    #[arg(long)]
    public_url: Option<String>,
    /// Client id at the portal [default: the app's name].
    #[arg(long)]
    client_id: Option<String>,
    /// Client secret. The variable `VENDOR_CLIENT_SECRET` keeps it out of the list of processes.
    #[arg(long)]
    client_secret: Option<String>,
    /// Scopes to ask for besides `openid`, with spaces between.
    #[arg(long, default_value = "profile email roster offline_access")]
    scope: String,
    /// How to prove itself at the token endpoint [default: the app's own way].
    #[arg(long, value_enum)]
    authentication: Option<ClientAuthentication>,
    /// How answers arrive [default: the app's own way].
    #[arg(long, value_enum)]
    response_mode: Option<ResponseMode>,
}

/// One vendor app's settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The portal's issuer identifier.
    pub issuer: String,
    /// Address to listen on.
    pub listen: std::net::SocketAddr,
    /// This app's origin, without a trailing slash.
    pub public_url: String,
    /// Client id at the portal.
    pub client_id: String,
    /// Client secret at the portal.
    pub client_secret: String,
    /// Scopes besides `openid`.
    pub scopes: Vec<String>,
    /// How the app proves itself.
    pub authentication: ClientAuthentication,
    /// How answers arrive.
    pub response_mode: ResponseMode,
}

impl Settings {
    /// Reads the command line and `VENDOR_CLIENT_SECRET`. Ends the process with a usage message where a flag is wrong.
    pub fn read(defaults: Defaults) -> anyhow::Result<Self> {
        let given = Arguments::parse();
        let listen = given
            .listen
            .unwrap_or_else(|| ([127, 0, 0, 1], defaults.port).into());
        let public_url = given
            .public_url
            .unwrap_or_else(|| format!("http://localhost:{}", listen.port()));
        let origin = url::Url::parse(&public_url)?.origin().ascii_serialization();
        anyhow::ensure!(
            origin == public_url,
            "--public-url: write {origin}, without a path"
        );
        let client_secret = given
            .client_secret
            .or_else(|| std::env::var("VENDOR_CLIENT_SECRET").ok())
            .filter(|secret| !secret.is_empty());
        let Some(client_secret) = client_secret else {
            anyhow::bail!("no client secret: set VENDOR_CLIENT_SECRET or give --client-secret");
        };
        Ok(Self {
            issuer: given.issuer,
            listen,
            public_url,
            client_id: given
                .client_id
                .unwrap_or_else(|| defaults.client_id.to_owned()),
            client_secret,
            scopes: given
                .scope
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect(),
            authentication: given.authentication.unwrap_or(defaults.authentication),
            response_mode: given.response_mode.unwrap_or(defaults.response_mode),
        })
    }

    /// The one redirect URI (RFC 6749 §3.1.2).
    pub fn redirect_uri(&self) -> String {
        format!("{}/callback", self.public_url)
    }

    /// Where the portal sends the browser after sign-out (OIDC RP-Initiated Logout §2).
    pub fn post_logout_redirect_uri(&self) -> String {
        format!("{}/signed-out", self.public_url)
    }
}
