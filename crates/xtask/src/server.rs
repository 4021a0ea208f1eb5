//! Builds, starts and stops the reference backend.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::place;
use crate::shell::sh;

static STOPPED: AtomicBool = AtomicBool::new(false);

/// How long a first start may take: it makes the demo district.
const PATIENCE: Duration = Duration::from_secs(300);

/// Builds the server with its own profile (the client's is made for size, not for speed) and returns the binary.
pub fn build() -> Result<PathBuf> {
    println!("Server 服务端: building");
    let args = ["build", "--profile", "server", "--package", "fengtu-server"];
    sh("cargo", args).run()?;
    Ok(place::target().join("server/fengtu-server"))
}

/// Several programs that stop together.
#[derive(Default)]
pub struct Group(Vec<Child>);

impl Group {
    /// Adds a started program.
    pub fn add(&mut self, child: Child) {
        self.0.push(child);
    }

    /// Waits until one of them ends or the person stops us, then stops all.
    pub fn wait(&mut self) -> Result<()> {
        while !stopped() {
            for child in &mut self.0 {
                if let Some(status) = child.try_wait()? {
                    bail!("a program ended by itself with {status}");
                }
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Waits until an address answers over HTTP.
    pub fn wait_for(&mut self, address: &str) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE && !stopped() {
            if answers(address) {
                return Ok(());
            }
            for child in &mut self.0 {
                if let Some(status) = child.try_wait()? {
                    bail!("the server ended with {status} before it answered; what it said is above");
                }
            }
            sleep(Duration::from_millis(100));
        }
        bail!("nothing answers on {address}")
    }
}

impl Drop for Group {
    /// Asks each to end, and makes those end that have not within five seconds.
    fn drop(&mut self) {
        for child in &self.0 {
            let pid = child.id().to_string();
            let _ = sh("kill", ["-TERM", pid.as_str()]).capture();
        }
        let deadline = Instant::now() + Duration::from_secs(5);
        for child in &mut self.0 {
            while child.try_wait().is_ok_and(|status| status.is_none()) && Instant::now() < deadline {
                sleep(Duration::from_millis(20));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Makes Ctrl-C and SIGTERM stop what we started rather than only ourselves.
pub fn stop_on_signal() -> Result<()> {
    ctrlc::set_handler(|| STOPPED.store(true, Ordering::SeqCst))?;
    Ok(())
}

/// Tells whether the person has stopped us.
pub fn stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

/// Fails with a sentence when the address is taken: the new server could not listen and the old one would answer for it.
pub fn check_free(address: &str) -> Result<()> {
    if TcpStream::connect(address).is_ok() {
        bail!("{address} is in use by another program; stop it or choose another with --listen");
    }
    Ok(())
}

fn answers(address: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /api/v1/config HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.starts_with(b"HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}
