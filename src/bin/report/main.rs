//! Mounts the residents' page for reporting.

use fengtu::browser::page;
use leptos::prelude::*;

fn main() {
    page::install_panic_hook();
    page::remove_boot();
    mount_to_body(fengtu::portal::report::page::App);
}
