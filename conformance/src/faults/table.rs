//! All faults, each with the module that is meant for it.

use super::message::{Asked, Given, Memory};
use super::{authorize as auth, pages, tokens};

/// A fault.
#[derive(Clone, Copy)]
pub struct Fault {
    /// Its name.
    pub name: &'static str,
    /// What is broken.
    pub what: &'static str,
    /// The module that must fail because of it.
    pub caught_by: &'static str,
    /// Whether the proxy's own key is added to the provider's key set.
    pub signs: bool,
    /// Changes a request, or answers it.
    pub before: fn(&mut Memory, &mut Asked) -> Option<Given>,
    /// Changes an answer.
    pub after: fn(&mut Memory, &Asked, &mut Given),
}

/// The fault of a name.
pub fn fault(name: &str) -> Option<Fault> {
    FAULTS.iter().find(|fault| fault.name == name).copied()
}

/// No fault at all.
pub const NONE: Fault = Fault {
    name: "none",
    what: "nothing is broken",
    caught_by: "",
    signs: false,
    before: pass,
    after: keep,
};

fn pass(_: &mut Memory, _: &mut Asked) -> Option<Given> {
    None
}

fn keep(_: &mut Memory, _: &Asked, _: &mut Given) {}

const fn asking(
    name: &'static str,
    what: &'static str,
    caught_by: &'static str,
    before: fn(&mut Memory, &mut Asked) -> Option<Given>,
) -> Fault {
    Fault {
        name,
        what,
        caught_by,
        before,
        ..NONE
    }
}

const fn giving(
    name: &'static str,
    what: &'static str,
    caught_by: &'static str,
    after: fn(&mut Memory, &Asked, &mut Given),
) -> Fault {
    Fault {
        name,
        what,
        caught_by,
        after,
        ..NONE
    }
}

const fn signing(
    name: &'static str,
    what: &'static str,
    caught_by: &'static str,
    after: fn(&mut Memory, &Asked, &mut Given),
) -> Fault {
    Fault {
        name,
        what,
        caught_by,
        after,
        signs: true,
        ..NONE
    }
}

/// All faults.
pub const FAULTS: &[Fault] = &[
    // ID tokens.
    signing(
        "nonce-dropped",
        "the ID token has no nonce",
        "oidcc-server",
        tokens::nonce_dropped,
    ),
    signing(
        "nonce-changed",
        "the nonce is another",
        "oidcc-server",
        tokens::nonce_changed,
    ),
    signing(
        "nonce-invented",
        "a nonce comes though none was sent",
        "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
        tokens::nonce_invented,
    ),
    signing(
        "aud-wrong",
        "aud is another client",
        "oidcc-server",
        tokens::aud_wrong,
    ),
    signing(
        "aud-more",
        "aud names another client too",
        "oidcc-server",
        tokens::aud_more,
    ),
    signing(
        "azp-wrong",
        "azp is another client",
        "oidcc-server",
        tokens::azp_wrong,
    ),
    signing(
        "iss-wrong",
        "iss is another provider",
        "oidcc-server",
        tokens::iss_wrong,
    ),
    signing(
        "sub-missing",
        "the ID token has no sub",
        "oidcc-server",
        tokens::sub_missing,
    ),
    signing(
        "exp-missing",
        "the ID token has no exp",
        "oidcc-server",
        tokens::exp_missing,
    ),
    signing(
        "iat-missing",
        "the ID token has no iat",
        "oidcc-server",
        tokens::iat_missing,
    ),
    signing(
        "expired",
        "the ID token expired an hour ago",
        "oidcc-server",
        tokens::expired,
    ),
    signing("exp-text", "exp is text", "oidcc-server", tokens::exp_text),
    signing(
        "at-hash-wrong",
        "at_hash is of another token",
        "oidcc-server",
        tokens::at_hash_wrong,
    ),
    signing(
        "auth-time-missing",
        "max_age was sent, and auth_time is missing",
        "oidcc-max-age-1",
        tokens::auth_time_missing,
    ),
    signing(
        "auth-time-stands",
        "auth_time stays though the person signs in again",
        "oidcc-prompt-login",
        tokens::auth_time_stands,
    ),
    signing(
        "kid-unknown",
        "the key's name is in no key set",
        "oidcc-idtoken-signature",
        tokens::kid_unknown,
    ),
    signing(
        "key-in-token",
        "the token brings its own key",
        "oidcc-idtoken-signature",
        tokens::key_in_token,
    ),
    giving(
        "key-unpublished",
        "signed by a key outside the key set",
        "oidcc-idtoken-signature",
        tokens::key_unpublished,
    ),
    giving(
        "unsigned",
        "the ID token has alg none",
        "oidcc-idtoken-signature",
        tokens::unsigned,
    ),
    giving(
        "signature-broken",
        "a letter of the signature is another",
        "oidcc-idtoken-signature",
        tokens::signature_broken,
    ),
    giving(
        "private-key-published",
        "a key is published with its private member",
        "oidcc-discovery-endpoint-verification",
        tokens::private_key_published,
    ),
    giving(
        "metadata-without-rs256",
        "the metadata does not list RS256",
        "oidcc-discovery-endpoint-verification",
        tokens::metadata_without_rs256,
    ),
    // Token answers.
    giving(
        "token-stored",
        "token answers may be stored",
        "oidcc-server",
        tokens::token_stored,
    ),
    giving(
        "token-type-missing",
        "token_type is missing",
        "oidcc-server",
        tokens::token_type_missing,
    ),
    giving(
        "token-type-wrong",
        "token_type is mac",
        "oidcc-server",
        tokens::token_type_wrong,
    ),
    giving(
        "id-token-missing",
        "no ID token comes",
        "oidcc-server",
        tokens::id_token_missing,
    ),
    giving(
        "error-code-wrong",
        "invalid_grant is called server_error",
        "attack-code-changed",
        tokens::error_code_wrong,
    ),
    giving(
        "error-with-200",
        "errors come with 200",
        "attack-code-changed",
        tokens::error_with_200,
    ),
    giving(
        "error-as-page",
        "errors come as HTML",
        "attack-code-changed",
        tokens::error_as_page,
    ),
    // Codes, PKCE, clients.
    asking(
        "code-works-twice",
        "a code works twice",
        "attack-code-twice",
        tokens::works_twice,
    ),
    Fault {
        after: tokens::raced,
        ..asking(
            "code-raced",
            "a code works for all who come at once",
            "attack-code-race",
            tokens::works_twice,
        )
    },
    asking(
        "code-for-anyone",
        "a code works for every client",
        "attack-code-of-another-client",
        tokens::for_anyone,
    ),
    asking(
        "pkce-unchecked",
        "any verifier will do",
        "attack-pkce-wrong-verifier",
        auth::pkce_ours,
    ),
    asking(
        "pkce-verifier-optional",
        "no verifier will do",
        "attack-pkce-no-verifier",
        auth::pkce_ours,
    ),
    asking(
        "pkce-plain",
        "plain is taken",
        "attack-pkce-plain",
        auth::pkce_ours,
    ),
    asking(
        "pkce-downgrade",
        "a verifier without challenge is taken",
        "attack-pkce-downgrade",
        auth::pkce_ours,
    ),
    asking(
        "secret-unchecked",
        "any secret will do",
        "attack-client-wrong-secret",
        tokens::secret_unchecked,
    ),
    asking(
        "secret-in-query",
        "credentials in the address are taken",
        "attack-client-secret-in-query",
        tokens::secret_in_query,
    ),
    asking(
        "two-methods",
        "two ways of authentication at once are taken",
        "attack-client-two-methods",
        tokens::two_methods,
    ),
    asking(
        "parameters-doubled",
        "the first of two parameters counts",
        "attack-token-duplicate-parameters",
        tokens::parameters_doubled,
    ),
    asking(
        "token-by-get",
        "tokens are given by GET",
        "attack-token-methods",
        tokens::token_by_get,
    ),
    asking(
        "refresh-for-anyone",
        "a refresh token works for every client",
        "oidcc-refresh-token",
        tokens::for_anyone,
    ),
    asking(
        "refresh-replayed",
        "used refresh tokens work on",
        "attack-refresh-replay",
        tokens::works_twice,
    ),
    // Userinfo.
    giving(
        "userinfo-other-sub",
        "sub differs at userinfo",
        "oidcc-userinfo-get",
        tokens::userinfo_other_sub,
    ),
    giving(
        "userinfo-wrong-type",
        "email_verified is text",
        "oidcc-scope-email",
        tokens::userinfo_wrong_type,
    ),
    asking(
        "userinfo-any-token",
        "any access token will do",
        "attack-userinfo-bad-tokens",
        tokens::userinfo_any_token,
    ),
    asking(
        "userinfo-token-in-query",
        "the token in the address is taken",
        "attack-userinfo-token-in-query",
        tokens::userinfo_token_in_query,
    ),
    // Authorization responses.
    giving(
        "state-dropped",
        "state does not come back",
        "oidcc-server",
        auth::state_dropped,
    ),
    giving(
        "state-changed",
        "state comes back in small letters",
        "oidcc-server",
        auth::state_changed,
    ),
    giving(
        "state-decoded",
        "state comes back with + for space read twice",
        "attack-state-echo",
        auth::state_decoded,
    ),
    giving(
        "iss-missing",
        "iss is missing from the response",
        "oidcc-server",
        auth::iss_missing,
    ),
    giving(
        "iss-parameter-wrong",
        "iss in the response is another provider",
        "oidcc-server",
        auth::iss_wrong,
    ),
    giving(
        "token-in-front",
        "an access token comes in front",
        "oidcc-server",
        auth::token_in_front,
    ),
    giving(
        "code-in-fragment",
        "the code comes in the fragment",
        "oidcc-server",
        auth::code_in_fragment,
    ),
    Fault {
        after: auth::stray_after,
        ..asking(
            "redirect-prefix",
            "what begins with a registered redirect_uri is taken",
            "oidcc-ensure-registered-redirect-uri",
            auth::redirect_prefix,
        )
    },
    Fault {
        after: auth::stray_after,
        ..asking(
            "redirect-any-case",
            "redirect URIs are compared without regard to case",
            "attack-redirect-near-misses",
            auth::redirect_any_case,
        )
    },
    giving(
        "error-to-stranger",
        "errors are sent to an unregistered redirect_uri",
        "oidcc-ensure-registered-redirect-uri",
        auth::error_to_stranger,
    ),
    // The person.
    giving(
        "prompt-none-page",
        "prompt=none shows a page",
        "oidcc-prompt-none-not-logged-in",
        auth::prompt_none_page,
    ),
    giving(
        "prompt-none-error",
        "prompt=none gives server_error",
        "oidcc-prompt-none-not-logged-in",
        auth::prompt_none_error,
    ),
    asking(
        "prompt-login-ignored",
        "prompt=login is ignored",
        "oidcc-prompt-login",
        auth::prompt_ignored,
    ),
    asking(
        "max-age-ignored",
        "max_age is ignored",
        "oidcc-max-age-1",
        auth::max_age_ignored,
    ),
    asking(
        "hint-ignored",
        "id_token_hint is ignored",
        "attack-other-persons-hint",
        auth::hint_ignored,
    ),
    asking(
        "unknown-refused",
        "an undefined parameter is refused",
        "oidcc-ensure-request-with-unknown-parameter-succeeds",
        auth::unknown_refused,
    ),
    asking(
        "post-refused",
        "a POST request is refused",
        "oidcc-ensure-post-request-succeeds",
        auth::post_refused,
    ),
    // Signing out.
    asking(
        "logout-anywhere",
        "any post_logout_redirect_uri is followed",
        "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
        pages::logout_anywhere,
    ),
    asking(
        "logout-keeps-session",
        "the session outlives the sign-out",
        "oidcc-rp-initiated-logout",
        pages::logout_anywhere,
    ),
    giving(
        "logout-state-dropped",
        "state does not come back from the sign-out",
        "oidcc-rp-initiated-logout",
        pages::logout_state_dropped,
    ),
    // Pages.
    giving(
        "cookie-for-scripts",
        "cookies lack HttpOnly",
        "attack-cookie-attributes",
        pages::cookie_for_scripts,
    ),
    giving(
        "framing-allowed",
        "pages may be framed",
        "attack-page-headers",
        pages::framing_allowed,
    ),
    giving(
        "pages-stored",
        "pages may be stored",
        "attack-page-headers",
        pages::pages_stored,
    ),
    giving(
        "markup-reflected",
        "an error page repeats what was sent",
        "attack-reflected-markup",
        pages::markup_reflected,
    ),
    giving(
        "host-believed",
        "a forwarding header changes the metadata",
        "attack-host-headers",
        pages::host_believed,
    ),
    giving(
        "cors-for-all",
        "any origin is let in with credentials",
        "attack-cors",
        pages::cors_for_all,
    ),
    giving(
        "nul-breaks",
        "a NUL is answered 500",
        "attack-hostile-parameters",
        pages::nul_breaks,
    ),
    giving(
        "names-told",
        "an unknown name is told apart",
        "attack-enumeration-text",
        pages::names_told,
    ),
    asking(
        "forged-forms-taken",
        "forms from other sites are taken",
        "attack-forged-forms",
        pages::forged_forms,
    ),
    giving(
        "inside-told",
        "error pages tell where the code broke",
        "attack-error-pages",
        pages::inside_told,
    ),
];
