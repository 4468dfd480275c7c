//! Forms of pages, read strictly: one content type, no field twice, no control characters, a token of this browser.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use http::{HeaderMap, StatusCode, header};

use super::browser::Browser;
use super::csrf;
use super::error::Failed;
use super::state::AppState;
use crate::flows::Context;
use crate::protocol::form::{self, Params};

/// The fields of a page's form, posted by this browser from a page of ours.
#[derive(Clone, Debug)]
pub struct PageForm(pub Params);

impl FromRequest<AppState> for PageForm {
    type Rejection = Failed;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Failed> {
        let (mut parts, body) = request.into_parts();
        let Ok(cx) = Context::from_request_parts(&mut parts, app).await;
        let browser = Browser::from_request_parts(&mut parts, app).await?;
        if !is_form(&parts.headers) {
            return Err(Failed::BadRequest);
        }
        if !csrf::is_same_origin(&parts.headers, &app.settings.public_url) {
            return Err(Failed::FormExpired);
        }
        let request = Request::from_parts(parts, body);
        let params = read(request, app).await?;
        let token = params.get(csrf::FIELD).unwrap_or_default();
        if !browser.owns_form(&cx, token) {
            return Err(Failed::FormExpired);
        }
        Ok(Self(params))
    }
}

/// Reads and parses a body as form fields.
pub async fn read(request: Request, app: &AppState) -> Result<Params, Failed> {
    let body = Bytes::from_request(request, app)
        .await
        .map_err(|rejection| match rejection.into_response_status() {
            StatusCode::PAYLOAD_TOO_LARGE => Failed::TooLarge,
            _ => Failed::BadRequest,
        })?;
    form::parse(&body).map_err(|_| Failed::BadRequest)
}

/// Whether the body says that it is a form.
pub fn is_form(headers: &HeaderMap) -> bool {
    let Some(Ok(kind)) = headers
        .get(header::CONTENT_TYPE)
        .map(http::HeaderValue::to_str)
    else {
        return false;
    };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

trait RejectionStatus {
    fn into_response_status(self) -> StatusCode;
}

impl RejectionStatus for axum::extract::rejection::BytesRejection {
    fn into_response_status(self) -> StatusCode {
        axum::response::IntoResponse::into_response(self).status()
    }
}
