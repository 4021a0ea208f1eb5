//! Installs what is missing: one small module per tool, each of which checks first and says what it does and why.

pub mod apt;
mod bindgen;
pub mod chromium;
mod components;
mod crates;
pub mod mapserver;
mod node;
pub mod npm;
mod package;
pub mod postgres;
pub mod pygeoapi;
mod python;
pub mod schemathesis;
pub mod target;
mod trunk;
pub mod unpacked;

use anyhow::{Result, bail};

/// Something that building, running or testing needs.
pub trait Tool {
    /// Says what it is, for people.
    fn name(&self) -> String;
    /// Says what it is needed for.
    fn why(&self) -> &'static str;
    /// Returns what is there already, or `None`.
    fn found(&self) -> Option<String>;
    /// Installs it, with its progress on the terminal.
    fn install(&self) -> Result<()>;
    /// Names the command that would help where [`Tool::install`] cannot.
    fn by_hand(&self) -> String;
    /// Says what is lost without it, or `None` when there is no going on.
    fn without(&self) -> Option<&'static str> {
        None
    }
}

/// Lists what building the client takes.
pub fn for_client() -> Vec<Box<dyn Tool>> {
    vec![
        Box::new(target::Wasm),
        Box::new(node::Node),
        Box::new(npm::Packages::build()),
        Box::new(bindgen::Bindgen),
        Box::new(trunk::Trunk),
    ]
}

/// Lists what all the tests take.
pub fn everything() -> Vec<Box<dyn Tool>> {
    let mut all = for_client();
    all.push(Box::new(components::Components));
    all.push(Box::new(npm::Packages::end2end()));
    all.push(Box::new(chromium::Chromium));
    all.push(Box::new(chromium::Fonts));
    all.push(Box::new(package::CURL));
    all.push(Box::new(postgres::POSTGRES));
    all.push(Box::new(schemathesis::Schemathesis));
    all.push(Box::new(npm::Packages::servers()));
    all.push(Box::new(mapserver::MAPSERVER));
    all.push(Box::new(pygeoapi::Pygeoapi));
    all.push(Box::new(unpacked::NGINX));
    all
}

/// Installs each tool that is missing; fails when one that cannot be done without is still missing.
pub fn ensure(tools: &[Box<dyn Tool>]) -> Result<()> {
    println!("Set-up 环境");
    let lost: Vec<String> = tools.iter().filter_map(|tool| provide(&**tool)).collect();
    if lost.is_empty() {
        return Ok(());
    }
    bail!("cannot go on without: {}\n{}", lost.join(", "), "each is named above with the command that would help");
}

/// Provides one tool; returns its name when it is missing for good and needed.
fn provide(tool: &dyn Tool) -> Option<String> {
    if let Some(version) = tool.found() {
        println!("  ✓ {} ({version})", tool.name());
        return None;
    }
    println!("  … {} is missing; it is for {}", tool.name(), tool.why());
    let error = match tool.install() {
        Ok(()) if tool.found().is_some() => {
            println!("  ✓ {} installed", tool.name());
            return None;
        }
        Ok(()) => "it is still not found after the installation".to_owned(),
        Err(error) => format!("{error:#}"),
    };
    println!("  ✗ {} could not be installed: {error}", tool.name());
    println!("    this would help: {}", tool.by_hand());
    if let Some(loss) = tool.without() {
        println!("    going on without it: {loss}");
        return None;
    }
    Some(tool.name())
}
