//! One line per thing that expires: what it is, how long it lives, which specification asks for it.

/// A kind of short-lived record. Kinds never share keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A pending authorization request, by digest of its flow handle; 15 minutes. OIDC Core §3.1.2.
    PendingAuthorization,
    /// A pushed authorization request, by digest of its `request_uri`; 60 seconds. RFC 9126 §2.2.
    PushedRequest,
    /// An authorization code, by digest; 60 seconds. RFC 6749 §4.1.2.
    Code,
    /// Marks a code as redeemed; outlives the code and its tokens. RFC 6749 §4.1.2.
    CodeSpent,
    /// An opaque access token, by digest; 5 to 10 minutes. RFC 6749 §1.4.
    AccessToken,
    /// A browser session, by digest of its cookie; idle and absolute ends by role. OIDC Core §2.
    Session,
    /// A client that got a token in a session, by `sid` and `client_id`; as long as the session. OIDC Back-Channel Logout.
    SessionClient,
    /// Where a browser stands in a page flow before there is a session, by digest of its pre-session cookie; 30 minutes.
    PreSession,
    /// The username typed on the first page of sign-in, by pre-session and flow; 15 minutes.
    SignInPage,
    /// A matched claim that waits for its password, by digest of the ticket; 20 minutes.
    ClaimTicket,
    /// Questions waiting for their answers after a claim, by digest of the ticket; 20 minutes.
    QuestionsTicket,
    /// A tile click: the `login_hint` of third-party initiated login, by digest; 5 minutes. OIDC Core §4.
    LaunchTicket,
    /// Marks a launch ticket as used.
    LaunchTicketUsed,
    /// `jti` of a client assertion, by client and digest; until the assertion's `exp`. RFC 7523 §3.
    AssertionJti,
    /// `jti` of a DPoP proof; RFC 9449 §11.1.
    DpopJti,
    /// A time step of a TOTP credential; 90 seconds. RFC 6238 §5.2.
    TotpStep,
    /// A device authorization, by digest of the device code. RFC 8628.
    DeviceCode,
    /// A device authorization's user code, by digest. RFC 8628 §6.1.
    UserCode,
    /// Marks that an access token, a session or a line of codes was revoked before its time.
    Revoked,
    /// Counters of limits, by limit and who; one window each.
    RateLimit,
    /// Marks that something may happen only once in its lifetime, where no other kind names it.
    Once,
}

impl Kind {
    /// The key's prefix.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PendingAuthorization => "pending",
            Self::PushedRequest => "par",
            Self::Code => "code",
            Self::CodeSpent => "code-spent",
            Self::AccessToken => "at",
            Self::Session => "session",
            Self::SessionClient => "session-client",
            Self::PreSession => "pre",
            Self::SignInPage => "sign-in",
            Self::ClaimTicket => "claim",
            Self::QuestionsTicket => "questions",
            Self::LaunchTicket => "launch",
            Self::LaunchTicketUsed => "launch-used",
            Self::AssertionJti => "jti",
            Self::DpopJti => "dpop-jti",
            Self::TotpStep => "totp",
            Self::DeviceCode => "device",
            Self::UserCode => "user-code",
            Self::Revoked => "revoked",
            Self::RateLimit => "limit",
            Self::Once => "once",
        }
    }
}
