//! A portal of real processes: what they share, how they are started, stopped and killed.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use idp::config::Settings;

use crate::stores::durable::fresh_postgres;
use crate::stores::redis_url;
use crate::support::{Browser, Nodes, TestApp};

/// One at a time: each of these tests wants the machine.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// How long a start or an end may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A portal of one or several nodes.
pub struct Stage {
    folder: tempfile::TempDir,
    database: Option<String>,
    redis: Option<String>,
    nodes: Vec<Node>,
    _alone: tokio::sync::MutexGuard<'static, ()>,
}

/// One process.
pub struct Node {
    pub port: u16,
    config: PathBuf,
    log: PathBuf,
    child: Option<Child>,
}

impl Stage {
    /// One node on SQLite and memory; not started yet.
    pub async fn embedded() -> Self {
        Self::new(None, None, 1).await
    }

    /// `count` nodes on a fresh PostgreSQL database and the Redis database `index`; not started yet. Nothing where this run
    /// has no servers.
    pub async fn shared(count: usize, index: u8) -> Option<Self> {
        let Some(redis) = redis_url() else {
            println!("skipped: no HOMEROOM_TEST_REDIS_URL");
            return None;
        };
        let Some(database) = fresh_postgres().await else {
            println!("skipped: no HOMEROOM_TEST_POSTGRES_URL");
            return None;
        };
        let mut redis = url::Url::parse(&redis).unwrap();
        redis.set_path(&index.to_string());
        let stage = Self::new(Some(database), Some(redis.into()), count).await;
        stage.redis_command("FLUSHDB");
        Some(stage)
    }

    async fn new(database: Option<String>, redis: Option<String>, count: usize) -> Self {
        let mut stage = Self {
            folder: tempfile::tempdir().unwrap(),
            database,
            redis,
            nodes: Vec::new(),
            _alone: ALONE.lock().await,
        };
        for index in 0..count {
            let node = stage.node(index);
            stage.nodes.push(node);
        }
        stage
    }

    fn node(&self, index: usize) -> Node {
        let folder = self.folder.path();
        let (config, log) = (
            folder.join(format!("node{index}.toml")),
            folder.join(format!("node{index}.log")),
        );
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .unwrap()
            .port();
        let mut lines = format!(
            "listen = \"127.0.0.1:{port}\"\ndata_dir = {:?}\nlog = \"info\"\n\
             [testing]\nthrottling = \"off\"\n[keys]\nkek_file = {:?}\n",
            self.data_dir(index),
            self.kek_file(),
        );
        if let Some(url) = &self.database {
            lines.push_str(&format!("[database]\nurl = {url:?}\n"));
        }
        if let Some(url) = &self.redis {
            lines.push_str(&format!("[ephemeral]\nurl = {url:?}\n"));
        }
        std::fs::write(&config, lines).unwrap();
        Node {
            port,
            config,
            log,
            child: None,
        }
    }

    fn data_dir(&self, index: usize) -> PathBuf {
        self.folder.path().join(format!("node{index}"))
    }

    fn kek_file(&self) -> PathBuf {
        self.folder.path().join("kek")
    }

    /// A file beside the nodes' own.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The application in this process over the same stores and keys, to put people into them.
    pub async fn backstage(&self) -> TestApp {
        TestApp::with(|settings: &mut Settings| {
            settings.data_dir = self.data_dir(0);
            settings.database.url.clone_from(&self.database);
            settings.ephemeral.url.clone_from(&self.redis);
            settings.keys.kek_file = Some(self.kek_file());
        })
        .await
    }

    /// Starts all nodes at once and waits until they serve.
    pub async fn start(&mut self) {
        for node in &mut self.nodes {
            node.start();
        }
        for node in &self.nodes {
            node.ready().await;
        }
    }

    /// The nodes.
    pub fn nodes(&mut self) -> &mut [Node] {
        &mut self.nodes
    }

    /// All of them as one portal.
    pub fn portal(&self) -> Nodes {
        let ports: Vec<_> = self.nodes.iter().map(|node| node.port).collect();
        Nodes::new(&ports)
    }

    /// A browser whose every request goes to the other node than the one before.
    pub fn browser(&self) -> Browser {
        Browser::at_nodes(self.portal())
    }

    /// Runs a command of the binary with the first node's settings.
    pub fn command(&self, arguments: &[&str]) {
        let output = Command::new(env!("CARGO_BIN_EXE_idp"))
            .arg("--config")
            .arg(&self.nodes[0].config)
            .args(arguments)
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {printed}");
    }

    /// Sends one command without arguments to this stage's Redis database.
    pub fn redis_command(&self, command: &str) {
        let url = url::Url::parse(self.redis.as_deref().unwrap()).unwrap();
        let database = url.path().trim_start_matches('/');
        let mut connection =
            std::net::TcpStream::connect((url.host_str().unwrap(), url.port().unwrap_or(6379)))
                .unwrap();
        let mut answer = [0_u8; 64];
        for line in [format!("SELECT {database}\r\n"), format!("{command}\r\n")] {
            use std::io::{Read as _, Write as _};
            connection.write_all(line.as_bytes()).unwrap();
            let length = connection.read(&mut answer).unwrap();
            assert!(answer[..length].starts_with(b"+OK"), "{line}");
        }
    }

    /// What all nodes logged at level ERROR.
    pub fn errors_logged(&self) -> Vec<String> {
        self.nodes
            .iter()
            .flat_map(|node| node.logged().lines().map(str::to_owned).collect::<Vec<_>>())
            .filter(|line| line.contains("\"level\":\"ERROR\""))
            .collect()
    }
}

impl Node {
    /// Starts the process.
    pub fn start(&mut self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_idp"))
            .arg("--config")
            .arg(&self.config)
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    /// Waits until the node says that it can serve.
    pub async fn ready(&self) {
        let nodes = Nodes::new(&[self.port]);
        let asked = async {
            loop {
                let request = http::Request::get("/readyz").body(axum::body::Body::empty());
                if nodes.send(request.unwrap()).await.status() == http::StatusCode::OK {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, asked).await.is_err() {
            panic!("the node does not start:\n{}", self.logged());
        }
    }

    /// kill -9, and waits for the end.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM, without waiting.
    pub fn tell_to_stop(&self) {
        let pid = self.child.as_ref().unwrap().id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(told.success());
    }

    /// Waits for the end of the process.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut child = self.child.take().unwrap();
        let status = tokio::task::spawn_blocking(move || child.wait());
        tokio::time::timeout(PATIENCE, status)
            .await
            .expect("the node does not stop")
            .unwrap()
            .unwrap()
    }

    /// What the node printed so far.
    pub fn logged(&self) -> String {
        read(&self.log)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}
