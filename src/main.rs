//! Mounts the desk or the wall, as the address says.

use fengtu::browser::{history, page};
use fengtu::routes::Page;
use fengtu::{desk, wall};

fn main() {
    page::install_panic_hook();
    page::remove_boot();
    match Page::from_path(&history::location().0) {
        Some(Page::Wall) => leptos::mount::mount_to_body(wall::App),
        _ => leptos::mount::mount_to_body(desk::App),
    }
}
