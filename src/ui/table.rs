//! A table that is sorted by its heads and walked with the arrow keys.

use std::cmp::Ordering;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::icon::{Glyph, Icon};
use crate::browser::page;

type Compare<T> = Arc<dyn Fn(&T, &T) -> Ordering + Send + Sync>;
type Cell<T> = Arc<dyn Fn(&T) -> AnyView + Send + Sync>;

/// One column.
#[derive(Clone)]
pub struct Column<T> {
    head: TextProp,
    is_figure: bool,
    cell: Cell<T>,
    compare: Option<Compare<T>>,
}

impl<T> Column<T> {
    /// Builds a column from its head (with the unit) and what a row shows in it.
    pub fn new<V: IntoView + 'static>(
        head: impl Into<TextProp>,
        cell: impl Fn(&T) -> V + Send + Sync + 'static,
    ) -> Self {
        Self { head: head.into(), is_figure: false, cell: Arc::new(move |row| cell(row).into_any()), compare: None }
    }

    /// Lets people sort by it.
    #[must_use]
    pub fn sorted_by(mut self, compare: impl Fn(&T, &T) -> Ordering + Send + Sync + 'static) -> Self {
        self.compare = Some(Arc::new(compare));
        self
    }

    /// Aligns it to the end, as figures are.
    #[must_use]
    pub const fn figure(mut self) -> Self {
        self.is_figure = true;
        self
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Order {
    column: usize,
    descending: bool,
}

/// A table of at most a few hundred rows. Up and down move through the rows, Enter opens one.
#[component]
pub fn Table<T: Clone + Send + Sync + 'static>(
    /// What the table is about, for those who cannot see it.
    #[prop(into)]
    caption: TextProp,
    columns: Vec<Column<T>>,
    #[prop(into)] rows: Signal<Vec<T>>,
    /// Names a row among the others.
    key: fn(&T) -> String,
    /// The key of the row that is selected.
    #[prop(optional, into)]
    selected: Signal<Option<String>>,
    #[prop(into)] on_open: Callback<T>,
) -> impl IntoView {
    let order = RwSignal::new(None::<Order>);
    let columns = StoredValue::new(columns);
    let sorted = move || columns.with_value(|columns| sorted(rows.get(), columns, order.get()));
    let heads = move || columns.get_value().into_iter().enumerate().map(|(i, c)| head(i, c, order)).collect_view();
    let line = move |row: T| {
        let (opened, name) = (row.clone(), key(&row));
        let cells = columns.with_value(|columns| columns.iter().map(|c| cell(c, &row)).collect_view());
        view! {
            <tr tabindex="0" aria-selected=move || (selected.get().as_deref() == Some(name.as_str())).to_string()
                on:click={ let row = row.clone(); move |_| on_open.run(row.clone()) }
                on:keydown=move |event| walk(&event, || on_open.run(opened.clone()))>
                {cells}
            </tr>
        }
    };
    view! {
        <table class="table">
            <caption class="sr-only">{move || caption.get()}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{move || sorted().into_iter().map(line).collect_view()}</tbody>
        </table>
    }
}

fn sorted<T>(mut rows: Vec<T>, columns: &[Column<T>], order: Option<Order>) -> Vec<T> {
    let Some(order) = order else { return rows };
    if let Some(compare) = columns.get(order.column).and_then(|c| c.compare.clone()) {
        fengtu_geo::order::sort_by(&mut rows, |a, b| if order.descending { compare(b, a) } else { compare(a, b) });
    }
    rows
}

fn cell<T>(column: &Column<T>, row: &T) -> AnyView {
    view! { <td class:figure=column.is_figure>{(column.cell)(row)}</td> }.into_any()
}

fn head<T>(index: usize, column: Column<T>, order: RwSignal<Option<Order>>) -> AnyView {
    let text = column.head;
    if column.compare.is_none() {
        return view! { <th scope="col" class:figure=column.is_figure>{move || text.get()}</th> }.into_any();
    }
    let now = move || order.get().filter(|o| o.column == index);
    let state = move || now().map_or("none", |o| if o.descending { "descending" } else { "ascending" });
    let turn = move |_| {
        let descending = now().is_some_and(|o| !o.descending);
        order.set(Some(Order { column: index, descending }));
    };
    view! {
        <th scope="col" class:figure=column.is_figure aria-sort=state>
            <button type="button" class="table-sort" on:click=turn>{move || text.get()}<Glyph icon=Icon::Up /></button>
        </th>
    }
    .into_any()
}

fn walk(event: &leptos::ev::KeyboardEvent, open: impl Fn()) {
    match event.key().as_str() {
        "Enter" | " " => open(),
        "ArrowDown" => page::focus_sibling(event, true),
        "ArrowUp" => page::focus_sibling(event, false),
        _ => return,
    }
    event.prevent_default();
}
