//! The language that a person chose: it comes along to every device, and apps that may know it are told.

use super::{Context, FlowError};
use crate::district::person::Account;
use crate::store::{StoreError, accounts};

/// Keeps `tag` as the language of `account`.
pub async fn choose(cx: &Context, account: &Account, tag: &str) -> Result<(), FlowError> {
    if account.locale.as_deref() == Some(tag) {
        return Ok(());
    }
    let tx = cx.app.store.begin_relaxed().await?;
    accounts::set_locale(&tx, &account.person_id, tag).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}
