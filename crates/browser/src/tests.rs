//! What only a real browser can answer: storage, title, address, clocks, the next frame.

use futures::channel::oneshot;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::buffer::Buffer;
use crate::{clock, history, page};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_title_and_the_root_are_the_documents_own() {
    page::set_title("枫图");
    page::set_root("data-theme", "night");
    let document = crate::document().unwrap();
    assert_eq!(document.title(), "枫图");
    let theme = || document.document_element().unwrap().get_attribute("data-theme");
    assert_eq!(theme().as_deref(), Some("night"));
    page::remove_root("data-theme");
    assert_eq!(theme(), None);
}

#[wasm_bindgen_test]
fn an_address_that_is_shown_is_the_one_that_is_read() {
    history::show("?place=440311&level=street", false);
    assert_eq!(history::location().1, "place=440311&level=street");
    assert!(history::href().ends_with("level=street"));
}

#[wasm_bindgen_test]
async fn time_goes_forward_and_a_frame_comes() {
    let before = clock::monotonic_ms();
    let (send, receive) = oneshot::channel();
    clock::next_frame(move || {
        let _ = send.send(());
    });
    receive.await.unwrap();
    assert!(clock::monotonic_ms() >= before);
    assert!(clock::wall_ms() > 1.7e12);
    assert!((0.0..1.0).contains(&clock::random()));
}

#[wasm_bindgen_test]
fn the_focus_walks_from_row_to_row() {
    let document = crate::document().unwrap();
    let list = document.create_element("div").unwrap();
    for id in ["first", "second"] {
        let row = document.create_element("button").unwrap();
        row.set_id(id);
        list.append_child(&row).unwrap();
    }
    document.body().unwrap().append_child(&list).unwrap();
    page::focus("second");
    assert_eq!(document.active_element().unwrap().id(), "second");
    page::focus("first");
    assert_eq!(document.active_element().unwrap().id(), "first");
}

#[wasm_bindgen_test]
fn what_the_browser_holds_is_still_there_when_a_copy_was_given_away() {
    let held = Buffer::from([1, 2, 3].as_slice());
    let given = held.to_give();
    given.fill(9, 0, 3);
    assert_eq!((held.len(), held.head(2), held.to_vec(), given.to_vec()), (3, vec![1, 2], vec![1, 2, 3], vec![9; 3]));
    assert!(Buffer::default().is_empty() && held == held.clone() && held != Buffer::from([1, 2, 4].as_slice()));
}

#[wasm_bindgen_test]
async fn the_body_of_an_answer_is_held_whole() {
    let answer = web_sys::Response::new_with_opt_str(Some("光明")).unwrap();
    // The same answer, not one of its own as its `clone` makes.
    let same = Clone::clone(&answer);
    let held = Buffer::of(answer).await.unwrap();
    assert_eq!(held.to_vec(), "光明".as_bytes());
    assert!(Buffer::of(same).await.is_none(), "a body is read once");
}
