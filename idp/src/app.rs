//! The application: settings, stores, keys, clock, randomness. Built once at start, shared by every request.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::Settings;
use crate::credentials::Passwords;
use crate::ephemeral::Ephemeral;
use crate::flows::batch::BatchWriter;
use crate::flows::browser_clients::Origins;
use crate::flows::directory::Directory;
use crate::flows::live::Known;
use crate::flows::manage_clients::SecretUses;
use crate::flows::signing::SigningKeys;
use crate::flows::{self, server_secrets};
use crate::random::Random;
use crate::store::Store;
use crate::web::brand::Brand;

/// What every flow works with.
#[derive(Debug)]
pub struct App {
    /// The settings.
    pub settings: Settings,
    /// What lasts.
    pub store: Store,
    /// What expires.
    pub ephemeral: Ephemeral,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Where tokens come from.
    pub random: Random,
    /// The district's name, crest and colors.
    pub brand: Arc<Brand>,
    /// Keys for hashing and masking that all nodes share.
    pub secrets: ServerSecrets,
    /// The issuer's signing keys.
    pub keys: SigningKeys,
    /// Hashing of passwords and answers.
    pub passwords: Passwords,
    /// The batching writer.
    pub batch: BatchWriter,
    /// Which client secrets were noted as used within the hour.
    pub secret_uses: SecretUses,
    /// Schools, resources and where people belong, for seconds.
    pub directory: Directory,
    /// Clients and people, in memory by version.
    pub known: Known,
    /// From which pages scripts may call.
    pub origins: Origins,
    /// What the provider says of itself, made at the first question.
    pub metadata: std::sync::OnceLock<Arc<[u8]>>,
    /// Names this process in the audit log.
    pub node: String,
    /// Cancelled when the node begins to stop.
    pub stopping: CancellationToken,
}

/// Keys for hashing and masking, 256 bits each, kept sealed in the database so that all nodes share them.
#[derive(Clone)]
pub struct ServerSecrets {
    /// Tokens of forms.
    pub csrf: [u8; 32],
    /// Device cookies.
    pub device: [u8; 32],
    /// The pepper of passwords and answers.
    pub pepper: [u8; 32],
    /// Pairwise subjects (OIDC Core §8.1).
    pub pairwise: [u8; 32],
    /// Masks typed usernames and numbers in counters and logs.
    pub names: [u8; 32],
    /// Chooses the questions that unknown usernames are shown.
    pub decoys: [u8; 32],
    /// Seals the audit log.
    pub audit: [u8; 32],
}

impl std::fmt::Debug for ServerSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerSecrets(…)")
    }
}

/// Clock and randomness: the machine's, or a test's.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Where `now` comes from.
    pub clock: Clock,
    /// Where tokens come from.
    pub random: Random,
}

impl Default for Sources {
    fn default() -> Self {
        Self {
            clock: Clock::System,
            random: Random::Os,
        }
    }
}

impl App {
    /// Connects both stores, brings the schema up to date, unseals the keys. Every error is one clear line.
    pub async fn start(settings: Settings, sources: Sources) -> anyhow::Result<Arc<Self>> {
        let Sources { clock, random } = sources;
        std::fs::create_dir_all(&settings.data_dir).with_context(|| {
            format!(
                "cannot make the folder {} (`data_dir`)",
                settings.data_dir.display()
            )
        })?;
        let brand = Brand::load(&settings)?;
        let store = Store::connect(&settings.database_url(), settings.database.connections)
            .await
            .context("cannot open the database (`database.url`)")?;
        store
            .migrate()
            .await
            .context("cannot bring the database's schema up to date")?;
        let ephemeral = match &settings.ephemeral.url {
            Some(url) => Ephemeral::redis(url)
                .await
                .context("cannot reach Redis (`ephemeral.url`)")?,
            None => Ephemeral::embedded(Some(settings.data_dir.join("sessions.snapshot"))),
        };
        let kek = server_secrets::key_encryption_key(&store, &settings).await?;
        let secrets = server_secrets::open(&store, &kek, &random, clock.now()).await?;
        let passwords = Passwords::new(&[secrets.pepper], &settings.throttling)?;
        let node = node_name(&settings, &random)?;
        let batch = BatchWriter::start(store.clone(), node.clone(), secrets.audit).await?;
        let app = Arc::new(Self {
            settings,
            store,
            ephemeral,
            clock,
            random,
            brand,
            secrets,
            keys: SigningKeys::new(kek),
            passwords,
            batch,
            secret_uses: SecretUses::default(),
            directory: Directory::default(),
            known: Known::default(),
            origins: Origins::default(),
            metadata: std::sync::OnceLock::new(),
            node,
            stopping: CancellationToken::new(),
        });
        let cx = flows::Context::of_command(&app, "start");
        flows::rotate_keys::keep_schedule(&cx)
            .await
            .context("cannot make or open the signing keys")?;
        Ok(app)
    }

    /// Writes what waits and closes the stores, after the last request has been answered.
    pub async fn close(&self) {
        self.stopping.cancel();
        self.batch.close().await;
        if let Err(error) = self.ephemeral.close(self.clock.now()) {
            tracing::warn!(%error, "the snapshot of sessions was not written");
        }
        self.store.clone().close().await;
    }
}

/// A short name for this node, kept in `data_dir` so that its audit chain goes on after a restart.
fn node_name(settings: &Settings, random: &Random) -> anyhow::Result<String> {
    let path: PathBuf = settings.data_dir.join("node");
    if let Ok(name) = std::fs::read_to_string(&path)
        && !name.trim().is_empty()
    {
        return Ok(name.trim().to_owned());
    }
    let name = random.spoken_code(8);
    std::fs::write(&path, &name)
        .with_context(|| format!("cannot write {} (`data_dir`)", path.display()))?;
    Ok(name)
}
