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
    /// Tells whether time is all that is lost without it, for which nobody's tests fail.
    fn saves_time_only(&self) -> bool {
        false
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

/// Lists what the tests take beside the client.
pub fn for_tests() -> Vec<Box<dyn Tool>> {
    vec![
        Box::new(components::Components),
        Box::new(npm::Packages::end2end()),
        Box::new(chromium::Chromium),
        Box::new(chromium::HeadlessShell),
        Box::new(chromium::Fonts),
        Box::new(package::CURL),
        Box::new(postgres::POSTGRES),
        Box::new(schemathesis::Schemathesis),
        Box::new(npm::Packages::servers()),
        Box::new(mapserver::MAPSERVER),
        Box::new(pygeoapi::Pygeoapi),
        Box::new(unpacked::NGINX),
    ]
}

/// Lists what all the tests take.
pub fn everything() -> Vec<Box<dyn Tool>> {
    for_client().into_iter().chain(for_tests()).collect()
}

/// What becomes of a tool that cannot be had and without which there is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// What is lost is said, and all else goes on.
    Tolerated,
    /// It is a failure: whoever tests wants to know of everything.
    Fails,
}

/// Installs each tool that is missing; fails when one that cannot be done without is still missing.
pub fn ensure(tools: &[Box<dyn Tool>], lack: Lack) -> Result<()> {
    println!("Set-up 环境");
    let lost: Vec<String> = tools.iter().filter_map(|tool| provide(&**tool, lack)).collect();
    if lost.is_empty() {
        return Ok(());
    }
    bail!("cannot go on without: {}\n{}", lost.join(", "), "each is named above with the command that would help");
}

/// Provides one tool; returns its name when it is missing for good and needed.
fn provide(tool: &dyn Tool, lack: Lack) -> Option<String> {
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
    match tool.without() {
        Some(loss) if lack == Lack::Tolerated || tool.saves_time_only() => {
            println!("    going on without it: {loss}");
            None
        }
        _ => Some(tool.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tool that is nowhere: what is lost without it, and whether that is time alone.
    struct Nowhere(Option<&'static str>, bool);

    impl Tool for Nowhere {
        fn name(&self) -> String {
            "nowhere".to_owned()
        }

        fn why(&self) -> &'static str {
            "nothing"
        }

        fn found(&self) -> Option<String> {
            None
        }

        fn install(&self) -> Result<()> {
            Ok(())
        }

        fn by_hand(&self) -> String {
            "nothing".to_owned()
        }

        fn without(&self) -> Option<&'static str> {
            self.0
        }

        fn saves_time_only(&self) -> bool {
            self.1
        }
    }

    #[test]
    fn what_tests_take_must_be_there_and_what_can_be_done_without_may_lack_where_that_is_said() {
        let needed = |loss, lack| provide(&Nowhere(loss, false), lack).is_some();
        assert!(needed(None, Lack::Tolerated) && needed(None, Lack::Fails));
        assert!(needed(Some("less"), Lack::Fails) && !needed(Some("less"), Lack::Tolerated));
        assert!(provide(&Nowhere(Some("slower"), true), Lack::Fails).is_none());
    }
}
