//! Mounts the residents' face.

use fengtu::browser::page;
use leptos::prelude::*;

fn main() {
    page::install_panic_hook();
    page::remove_boot();
    mount_to_body(fengtu::portal::page::App);
}
