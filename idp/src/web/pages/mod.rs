//! The pages: a view struct with samples above the handlers of each. Words come from the frame, never from here.

pub mod app_data;
pub mod change_password;
pub mod claim;
pub mod confirm;
pub mod error;
pub mod forgot;
pub mod form_post;
pub mod help;
pub mod help_desk;
pub mod landing;
pub mod language;
pub mod launchpad;
pub mod no_access;
pub mod pending;
pub mod questions;
pub mod sign_in;
pub mod signed_out;

use askama::Template as _;

use crate::texts::Language;

/// A page of samples: its name and its HTML.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Unique among the samples, as `claim-name-failed`.
    pub name: &'static str,
    /// The whole page.
    pub html: String,
}

/// Every page with everything that can be seen on it, for snapshots, screenshots and the accessibility checks.
pub fn samples(language: Language) -> Result<Vec<Sample>, askama::Error> {
    let mut samples = Vec::new();
    macro_rules! draw {
        ($($page:ty),* $(,)?) => {
            $(for (name, page) in <$page>::samples(language) {
                samples.push(Sample { name, html: page.render()? });
            })*
        };
    }
    draw!(
        landing::LandingPage,
        sign_in::PasswordPage,
        claim::ClaimNamePage,
        claim::ClaimPasswordPage,
        claim::ClaimQuestionsPage,
        claim::ClaimDonePage,
        questions::QuestionsPage,
        launchpad::LaunchpadPage,
        app_data::AppDataPage,
        no_access::NoAccessPage,
        error::ErrorPage,
        signed_out::SignedOutPage,
        signed_out::EndSessionPage,
        form_post::FormPostPage,
        help::HelpPage,
        help_desk::HelpDeskPage,
        help_desk::HelpPersonPage,
        help_desk::HelpClassPage,
        confirm::ConfirmPage,
        forgot::ForgotPage,
        forgot::ForgotQuestionsPage,
        forgot::ForgotPasswordPage,
        forgot::ForgotDonePage,
        change_password::ChangePasswordPage,
    );
    Ok(samples)
}
