//! Cuts connections whose other end has stopped reading.
//!
//! A stream is written for as long as it lasts, so no time-out on the request fits; what marks a dead reader is a
//! write that cannot go on. The body is not even polled then, so only the socket itself can notice.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::{Connected, IntoMakeServiceWithConnectInfo};
use axum::extract::{ConnectInfo, Request};
use axum::middleware::map_request;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::time::{Instant, Sleep, sleep};

/// Seconds for which a write may hang before the connection is cut.
pub const WRITE_STALL_S: u64 = 30;

/// A listener whose connections are cut when a write hangs longer than a limit.
#[derive(Debug)]
pub struct StallGuard<L> {
    inner: L,
    limit: Duration,
}

impl<L> StallGuard<L> {
    /// Guards a listener.
    pub const fn new(inner: L, limit: Duration) -> Self {
        Self { inner, limit }
    }
}

impl<L: Listener> Listener for StallGuard<L>
where
    L::Io: Unpin,
{
    type Io = Guarded<L::Io>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (io, address) = self.inner.accept().await;
        (Guarded { io, limit: self.limit, stalled: None }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

/// Who is at the other end of a guarded connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(SocketAddr);

impl Connected<IncomingStream<'_, StallGuard<TcpListener>>> for Peer {
    fn connect_info(stream: IncomingStream<'_, StallGuard<TcpListener>>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Makes a router ready for a guarded listener; handlers read `ConnectInfo<SocketAddr>` as behind any other.
pub fn service(router: Router) -> IntoMakeServiceWithConnectInfo<Router, Peer> {
    let tell = |mut request: Request| async {
        if let Some(&ConnectInfo(Peer(address))) = request.extensions().get() {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        request
    };
    router.layer(map_request(tell)).into_make_service_with_connect_info()
}

/// One guarded connection.
#[derive(Debug)]
pub struct Guarded<T> {
    io: T,
    limit: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<T> Guarded<T> {
    /// Passes a write's outcome on; a pending one starts the clock, any other stops it.
    fn watch<R>(&mut self, outcome: Poll<io::Result<R>>, cx: &mut Context<'_>) -> Poll<io::Result<R>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let limit = self.limit;
        let clock = self.stalled.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(clock.as_mut().poll(cx));
        // A fresh clock, should the caller poll again after the error.
        clock.as_mut().reset(Instant::now() + limit);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Guarded<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Guarded<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.io).poll_write(cx, buf);
        self.watch(outcome, cx)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.io).poll_flush(cx);
        self.watch(outcome, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.watch(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_write_that_hangs_is_cut_and_one_that_moves_is_not() {
        let (mut far, near) = tokio::io::duplex(8);
        let limit = Duration::from_secs(2);
        let mut near = Guarded { io: near, limit, stalled: None };
        let reading = tokio::spawn(async move {
            let mut bytes = [0; 8];
            for _ in 0..4 {
                // Slow, but never for as long as the limit; all four together take longer.
                sleep(limit / 3).await;
                far.read_exact(&mut bytes).await.unwrap();
            }
            far
        });
        near.write_all(&[0; 32]).await.unwrap();
        let _stopped_reading = reading.await.unwrap();
        near.write_all(&[0; 8]).await.unwrap();
        assert_eq!(near.write_all(&[0; 8]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
