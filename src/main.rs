//! Mounts the desk, the wall or its remote, as the address says.

use fengtu::browser::{history, page};
use fengtu::routes::Page;
use fengtu::{desk, wall};

fn main() {
    page::install_panic_hook();
    page::remove_boot();
    match Page::from_path(&history::location().0) {
        Some(Page::Wall) => leptos::mount::mount_to_body(wall::App),
        Some(Page::Remote) => leptos::mount::mount_to_body(wall::Remote),
        _ => leptos::mount::mount_to_body(desk::App),
    }
}
