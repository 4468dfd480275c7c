//! A small HTTP/1.1 client (RFC 9112) on one kept connection: no more than a load generator needs, so that it is never the
//! limit. Plain TCP, loopback only.

use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A head longer than this is not read.
const MAX_HEAD: usize = 32 * 1024;
/// A body longer than this is not read.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// One connection to the portal, opened anew when the portal closes it.
pub struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    input: Vec<u8>,
}

/// An answer: status, headers with lower-case names, body.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> anyhow::Result<&str> {
        std::str::from_utf8(&self.body).context("an answer is no UTF-8")
    }

    /// Fails unless the status is `expected`; the message holds the start of the body.
    pub fn expect(self, expected: u16, what: &str) -> anyhow::Result<Self> {
        if self.status == expected {
            return Ok(self);
        }
        let body: String = String::from_utf8_lossy(&self.body)
            .chars()
            .take(300)
            .collect();
        let location = self.header("location").unwrap_or_default();
        bail!(
            "{what}: status {} instead of {expected} {location} {body}",
            self.status
        )
    }
}

impl Connection {
    /// Connects at the first request.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            input: Vec::with_capacity(16 * 1024),
        }
    }

    /// Sends `request` as it is and reads the answer. A kept connection that the portal has closed meanwhile is opened
    /// again, once.
    pub async fn send(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        if self.stream.is_some() {
            match self.attempt(request).await {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => self.stream = None,
                Err(error) => {
                    self.stream = None;
                    return Err(error);
                }
            }
        }
        let stream = TcpStream::connect(self.address)
            .await
            .with_context(|| format!("cannot connect to {}", self.address))?;
        stream.set_nodelay(true)?;
        self.stream = Some(stream);
        let answer = self.attempt(request).await?;
        answer.context("the portal closed a fresh connection without an answer")
    }

    /// `None` when the connection ended before the first byte of an answer.
    async fn attempt(&mut self, request: &[u8]) -> anyhow::Result<Option<Answer>> {
        let Some(stream) = &mut self.stream else {
            return Ok(None);
        };
        self.input.clear();
        if stream.write_all(request).await.is_err() {
            return Ok(None);
        }
        let head = loop {
            if let Some(end) = find(&self.input, b"\r\n\r\n") {
                break end;
            }
            ensure!(self.input.len() < MAX_HEAD, "an answer's head is too long");
            match stream.read_buf(&mut self.input).await {
                Ok(0) | Err(_) if self.input.is_empty() => return Ok(None),
                Ok(0) => bail!("the connection ended within an answer's head"),
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
        };
        let (status, headers) = parse_head(self.input.get(..head).unwrap_or_default())?;
        self.input.drain(..head + 4);
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        let chunked = answer
            .header("transfer-encoding")
            .is_some_and(|coding| coding == "chunked");
        answer.body = if chunked {
            read_chunks(stream, &mut self.input).await?
        } else {
            let length = answer.header("content-length").map_or(Ok(0), str::parse)?;
            read_exactly(stream, &mut self.input, length).await?
        };
        if answer
            .header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"))
        {
            self.stream = None;
        }
        Ok(Some(answer))
    }
}

async fn fill(stream: &mut TcpStream, input: &mut Vec<u8>) -> anyhow::Result<()> {
    ensure!(
        stream.read_buf(input).await? > 0,
        "the connection ended within a body"
    );
    Ok(())
}

async fn read_exactly(
    stream: &mut TcpStream,
    input: &mut Vec<u8>,
    length: usize,
) -> anyhow::Result<Vec<u8>> {
    ensure!(length <= MAX_BODY, "an answer's body is too long");
    while input.len() < length {
        fill(stream, input).await?;
    }
    Ok(input.drain(..length).collect())
}

/// RFC 9112 §7.1.
async fn read_chunks(stream: &mut TcpStream, input: &mut Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = loop {
            match find(input, b"\r\n") {
                Some(end) => break end,
                None => fill(stream, input).await?,
            }
        };
        let line: Vec<u8> = input.drain(..end + 2).collect();
        let line = std::str::from_utf8(&line)?.trim();
        let size = usize::from_str_radix(line.split(';').next().unwrap_or_default(), 16)?;
        ensure!(
            body.len() + size <= MAX_BODY,
            "an answer's body is too long"
        );
        let chunk = read_exactly(stream, input, size + 2).await?;
        if size == 0 {
            return Ok(body);
        }
        body.extend(chunk.iter().take(size));
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn parse_head(head: &[u8]) -> anyhow::Result<(u16, Vec<(String, String)>)> {
    let head = std::str::from_utf8(head).context("an answer's head is no UTF-8")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default();
    let status = status
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3))
        .and_then(|code| code.parse().ok())
        .with_context(|| format!("no HTTP/1.1 status line: {status:?}"))?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Ok((status, headers))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answered(bytes: &'static [u8]) -> anyhow::Result<Answer> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).await.unwrap();
            // In two parts, as a network may.
            let (first, second) = bytes.split_at(bytes.len() / 2);
            stream.write_all(first).await.unwrap();
            tokio::task::yield_now().await;
            stream.write_all(second).await.unwrap();
            let _ = stream.read(&mut request).await;
        });
        Connection::new(address)
            .send(b"GET / HTTP/1.1\r\n\r\n")
            .await
    }

    #[tokio::test]
    async fn bodies_of_both_framings_are_read() {
        let plain = answered(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello").await;
        let plain = plain.unwrap();
        assert_eq!((plain.status, plain.text().unwrap()), (200, "hello"));
        assert_eq!(plain.header("x-a"), Some("b"));
        let chunked = answered(
            b"HTTP/1.1 303 See Other\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
        );
        let chunked = chunked.await.unwrap();
        assert_eq!((chunked.status, chunked.text().unwrap()), (303, "hello"));
    }

    #[tokio::test]
    async fn what_is_no_answer_is_an_error() {
        for bytes in [b"HTTP/2 200\r\n\r\n".as_slice(), b"hello\r\n\r\n"] {
            assert!(answered(bytes).await.is_err());
        }
    }
}
