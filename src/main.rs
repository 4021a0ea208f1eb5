//! Mounts desk and wall.

use fengtu::browser::page;
use fengtu::desk;

fn main() {
    page::install_panic_hook();
    page::remove_boot();
    leptos::mount::mount_to_body(desk::App);
}
