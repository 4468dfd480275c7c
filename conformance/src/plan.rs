//! Which modules each plan runs, and how often: made up as the official suite's certification plans are, so that the
//! counts can be laid side by side.

use clap::ValueEnum;

use crate::bench::Bench;
use crate::modules;
use crate::provider::Provider;
use crate::stop::Running;

/// One assertion, named after the suite's module.
#[derive(Clone, Copy)]
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// The plans it belongs to: B basic, I implicit, H hybrid, D dynamic, C config, 3 third-party initiation,
    /// R RP-initiated, F front-channel and K back-channel logout, P FAPI 2.0, X security.
    pub letters: &'static str,
    /// Where the rule stands.
    pub section: &'static str,
    /// What it asserts.
    pub asserts: &'static str,
    /// Does it.
    pub run: for<'a> fn(&'a mut Bench) -> Running<'a>,
}

/// Writes a row of a module table.
macro_rules! module {
    ($name:literal, $letters:literal, $section:literal, $asserts:literal, $run:expr) => {
        $crate::plan::Module {
            name: $name,
            letters: $letters,
            section: $section,
            asserts: $asserts,
            run: |bench| Box::pin($run(bench)),
        }
    };
}
pub(crate) use module;

/// How a module is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// `response_type` of its requests.
    pub response_type: &'static str,
    /// `response_mode`, where one is sent.
    pub response_mode: Option<&'static str>,
    /// How its clients authenticate.
    pub auth: &'static str,
    /// Whether its clients must be registered dynamically.
    pub is_dynamic: bool,
    /// Whether FAPI 2.0 is followed: pushed requests, DPoP.
    pub is_fapi: bool,
}

impl Variant {
    /// Code flow with `client_secret_basic`.
    pub const BASIC: Self = Self {
        response_type: "code",
        response_mode: None,
        auth: "client_secret_basic",
        is_dynamic: false,
        is_fapi: false,
    };

    /// Whether a code comes.
    pub fn has_code(&self) -> bool {
        self.response_type.contains("code")
    }

    /// Whether an ID token comes from the authorization endpoint.
    pub fn has_front_id_token(&self) -> bool {
        self.response_type.split(' ').any(|word| word == "id_token")
    }

    /// Whether an access token comes from anywhere.
    pub fn has_access_token(&self) -> bool {
        self.response_type != "id_token"
    }

    /// In a few words.
    pub fn label(&self) -> String {
        let mode = self
            .response_mode
            .map(|mode| format!(", {mode}"))
            .unwrap_or_default();
        format!("{}{mode}, {}", self.response_type, self.auth)
    }
}

/// A plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Plan {
    /// oidcc-config-certification-test-plan.
    Config,
    /// oidcc-basic-certification-test-plan.
    Basic,
    /// oidcc-implicit-certification-test-plan.
    Implicit,
    /// oidcc-hybrid-certification-test-plan.
    Hybrid,
    /// oidcc-dynamic-certification-test-plan.
    Dynamic,
    /// The three oidcc-formpost certification plans.
    Formpost,
    /// oidcc-3rdparty-init-login-certification-test-plan.
    ThirdPartyInit,
    /// oidcc-rp-initiated-logout-certification-test-plan.
    RpLogout,
    /// oidcc-frontchannel-rp-initiated-logout-certification-test-plan.
    FrontChannel,
    /// oidcc-backchannel-rp-initiated-logout-certification-test-plan.
    BackChannel,
    /// fapi2-security-profile-final-test-plan with `private_key_jwt` and DPoP.
    Fapi2,
    /// Attacks from outside; ours.
    Security,
    /// All of the above.
    All,
}

/// One module, to be run in one way.
pub type Run = (Module, Variant);

impl Plan {
    /// The plans that a choice stands for.
    pub fn expanded(self) -> Vec<Self> {
        if self != Self::All {
            return vec![self];
        }
        let all = Self::value_variants().iter().copied();
        all.filter(|plan| *plan != Self::All).collect()
    }

    /// Its name on the command line.
    pub fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    /// How many module runs the official suite has in it, August 2026.
    pub fn official_count(self) -> Option<usize> {
        Some(match self {
            Self::Config => 1,
            Self::Basic => 38,
            Self::Implicit => 58,
            Self::Hybrid => 102,
            Self::Dynamic => 23,
            Self::Formpost => 198,
            Self::ThirdPartyInit | Self::FrontChannel | Self::BackChannel => 2,
            Self::RpLogout => 11,
            Self::Fapi2 => 62,
            Self::Security | Self::All => return None,
        })
    }

    /// Why the provider cannot be meant by this plan, going by its metadata. Asked only for `all`: a plan that is
    /// chosen by name is run whatever the metadata says.
    pub fn unoffered(self, provider: &Provider) -> Option<String> {
        let types = |wanted: &[&str]| {
            wanted
                .iter()
                .any(|item| provider.offers_response_type(item))
        };
        let (offered, what) = match self {
            Self::Implicit => (
                types(&["id_token", "id_token token"]),
                "response_types_supported",
            ),
            Self::Hybrid => (
                types(&["code id_token", "code token", "code id_token token"]),
                "response_types_supported",
            ),
            Self::Formpost => (
                provider.lists("response_modes_supported", "form_post"),
                "response_modes_supported",
            ),
            Self::Dynamic | Self::ThirdPartyInit => (
                provider.metadata.get("registration_endpoint").is_some(),
                "registration_endpoint",
            ),
            Self::RpLogout => (
                provider.metadata.get("end_session_endpoint").is_some(),
                "end_session_endpoint",
            ),
            Self::FrontChannel => (
                provider.flag("frontchannel_logout_supported", false),
                "frontchannel_logout_supported",
            ),
            Self::BackChannel => (
                provider.flag("backchannel_logout_supported", false),
                "backchannel_logout_supported",
            ),
            Self::Fapi2 => (
                provider
                    .metadata
                    .get("pushed_authorization_request_endpoint")
                    .is_some(),
                "pushed_authorization_request_endpoint",
            ),
            Self::Config | Self::Basic | Self::Security | Self::All => return None,
        };
        (!offered).then(|| format!("not offered, by {what} of the metadata"))
    }

    /// What it runs, in order.
    pub fn runs(self) -> Vec<Run> {
        let basic = Variant::BASIC;
        match self {
            Self::Config => with("C", basic),
            Self::Basic => with("B", basic),
            Self::Implicit => implicit(None),
            Self::Hybrid => hybrid(None),
            Self::Dynamic => with(
                "D",
                Variant {
                    auth: "private_key_jwt",
                    is_dynamic: true,
                    ..basic
                },
            ),
            Self::Formpost => {
                let mode = Some("form_post");
                let mut runs = with(
                    "B",
                    Variant {
                        response_mode: mode,
                        ..basic
                    },
                );
                runs.extend(implicit(mode));
                runs.extend(hybrid(mode));
                runs
            }
            Self::ThirdPartyInit => with(
                "3",
                Variant {
                    is_dynamic: true,
                    ..basic
                },
            ),
            Self::RpLogout => with("R", basic),
            Self::FrontChannel => with("F", basic),
            Self::BackChannel => with("K", basic),
            Self::Fapi2 => with(
                "P",
                Variant {
                    auth: "private_key_jwt",
                    is_fapi: true,
                    ..basic
                },
            ),
            Self::Security => with("X", basic),
            Self::All => Vec::new(),
        }
    }
}

/// All modules of a letter in one variant; the module for `client_secret_post` in that.
fn with(letter: &str, variant: Variant) -> Vec<Run> {
    let modules = modules::all().filter(|module| module.letters.contains(letter));
    modules
        .map(|module| {
            let auth = if module.name == "oidcc-server-client-secret-post" {
                "client_secret_post"
            } else {
                variant.auth
            };
            (module, Variant { auth, ..variant })
        })
        .collect()
}

/// Modules that the suite runs with one response type of a profile only.
const ONCE: [&str; 3] = [
    "oidcc-userinfo-get",
    "oidcc-userinfo-post-body",
    "oidcc-userinfo-post-header",
];

fn implicit(response_mode: Option<&'static str>) -> Vec<Run> {
    let id_token = Variant {
        response_type: "id_token",
        response_mode,
        ..Variant::BASIC
    };
    let both = Variant {
        response_type: "id_token token",
        ..id_token
    };
    let mut runs = with("I", id_token);
    runs.retain(|(module, _)| {
        !ONCE.contains(&module.name) && module.name != "oidcc-response-type-missing"
    });
    runs.extend(with("I", both));
    runs
}

fn hybrid(response_mode: Option<&'static str>) -> Vec<Run> {
    let mut runs = Vec::new();
    for response_type in ["code id_token", "code token", "code id_token token"] {
        let variant = Variant {
            response_type,
            response_mode,
            ..Variant::BASIC
        };
        let needs_nonce = variant.has_front_id_token();
        runs.extend(
            with("H", variant)
                .into_iter()
                .filter(|(module, _)| match module.name {
                    "oidcc-ensure-request-without-nonce-fails" => needs_nonce,
                    "oidcc-ensure-request-without-nonce-succeeds-for-code-flow" => !needs_nonce,
                    name => response_type == "code id_token" || !ONCE.contains(&name),
                }),
        );
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn every_plan_has_as_many_runs_as_the_official_one() {
        for plan in Plan::All.expanded() {
            let Some(official) = plan.official_count() else {
                continue;
            };
            assert_eq!(plan.runs().len(), official, "{plan:?}");
        }
    }

    #[test]
    fn module_names_are_unique() {
        let mut names: Vec<_> = crate::modules::all().map(|module| module.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
