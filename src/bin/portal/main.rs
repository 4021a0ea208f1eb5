//! Mounts the portal.

use fengtu::browser::page;
use fengtu::portal;

fn main() {
    page::install_panic_hook();
    page::remove_boot();
    leptos::mount::mount_to_body(portal::App);
}
