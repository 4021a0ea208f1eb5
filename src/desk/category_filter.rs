//! Which cases the heat counts: the two levels of the category tree, searchable, as native check boxes.

use std::collections::BTreeSet;

use fengtu_wire::config::Category;
use fengtu_wire::ids::CategoryId;
use leptos::prelude::*;

use crate::i18n::local;
use crate::state::{DistrictStore, ViewStore, use_store};
use crate::{say, tr};

/// One first-level category with those below it that are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The first level.
    pub head: Category,
    /// The second.
    pub below: Vec<Category>,
}

/// Returns the tree cut to what a search finds in either language; a head that is found keeps all below it.
pub fn branches(categories: &[Category], search: &str) -> Vec<Branch> {
    let wanted = search.trim().to_lowercase();
    let found =
        |c: &Category| wanted.is_empty() || c.name.zh.contains(&wanted) || c.name.en.to_lowercase().contains(&wanted);
    let heads = categories.iter().filter(|c| c.parent.is_none());
    let branch = |head: &Category| {
        let all = found(head);
        let below = categories.iter().filter(|c| c.parent.as_ref() == Some(&head.id) && (all || found(c)));
        Branch { head: head.clone(), below: below.cloned().collect() }
    };
    heads.map(branch).filter(|b| found(&b.head) || !b.below.is_empty()).collect()
}

/// Switches a category; a head and what is below it are never both in the list, for one says the other.
pub fn choose(chosen: &mut BTreeSet<CategoryId>, id: &CategoryId, on: bool, categories: &[Category]) {
    if on {
        let parent = categories.iter().find(|c| c.id == *id).and_then(|c| c.parent.clone());
        chosen.retain(|other| Some(other) != parent.as_ref() && !is_below(other, id, categories));
        chosen.insert(id.clone());
    } else {
        chosen.remove(id);
    }
}

fn is_below(id: &CategoryId, head: &CategoryId, categories: &[Category]) -> bool {
    categories.iter().any(|c| c.id == *id && c.parent.as_ref() == Some(head))
}

/// The filter.
#[component]
pub fn CategoryFilter() -> impl IntoView {
    let (view, district) = (use_store::<ViewStore>(), use_store::<DistrictStore>());
    let search = RwSignal::new(String::new());
    let tree =
        Memo::new(move |_| district.with(|d| d.config.value().map(|c| c.categories.clone()).unwrap_or_default()));
    let chosen = Memo::new(move |_| view.with(|v| v.state.categories.clone()));
    let branches = move || tree.with(|tree| search.with(|search| branches(tree, search)));
    let title = move || match chosen.with(BTreeSet::len) {
        0 => tr!(desk.category_all).to_owned(),
        n => tr!(desk.category_some, n = n),
    };
    let clear = move |_| view.update(|v| v.state.categories.clear());
    view! {
        <details class="category-filter">
            <summary><span class="layer-hint">{say!(desk.category_title)}</span><span>{title}</span></summary>
            <input type="search" class="field-input" placeholder=say!(desk.category_search)
                aria-label=say!(desk.category_search) prop:value=search on:input=move |e| search.set(event_target_value(&e)) />
            <ul class="category-tree">{move || branches().into_iter().map(|b| view! { <BranchRows branch=b tree chosen /> }).collect_view()}</ul>
            <button type="button" class="button bare" on:click=clear prop:disabled=move || chosen.with(BTreeSet::is_empty)>
                {say!(common.clear)}
            </button>
        </details>
    }
}

#[component]
fn BranchRows(branch: Branch, tree: Memo<Vec<Category>>, chosen: Memo<BTreeSet<CategoryId>>) -> impl IntoView {
    let below =
        branch.below.into_iter().map(|c| view! { <li><CategoryBox category=c tree chosen /></li> }).collect_view();
    view! { <li><CategoryBox category=branch.head tree chosen /><ul>{below}</ul></li> }
}

#[component]
fn CategoryBox(category: Category, tree: Memo<Vec<Category>>, chosen: Memo<BTreeSet<CategoryId>>) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let (id, parent) = (category.id.clone(), category.parent.clone());
    let own = id.clone();
    let on = move || chosen.with(|c| c.contains(&own) || parent.as_ref().is_some_and(|p| c.contains(p)));
    let set = move |e| {
        let on = event_target_checked(&e);
        tree.with_untracked(|tree| view.update(|v| choose(&mut v.state.categories, &id, on, tree)));
    };
    view! {
        <label class="layer-sub"><input type="checkbox" prop:checked=on on:change=set /><span>{move || local(&category.name)}</span></label>
    }
}

#[cfg(test)]
mod tests {
    use fengtu_wire::cases::Sensitivity;
    use fengtu_wire::text::LocalText;

    use super::*;

    fn category(id: &str, parent: Option<&str>, zh: &str, en: &str) -> Category {
        Category {
            id: id.into(),
            parent: parent.map(CategoryId::from),
            name: LocalText::new(zh, en),
            sensitivity: Sensitivity::Public,
        }
    }

    fn tree() -> Vec<Category> {
        vec![
            category("mediation", None, "纠纷调处", "Mediation"),
            category("wages", Some("mediation"), "劳资欠薪", "Wages"),
            category("noise", Some("mediation"), "噪声", "Noise"),
            category("legal", None, "法律服务", "Legal service"),
        ]
    }

    #[test]
    fn a_search_finds_in_both_languages_and_keeps_the_head_of_what_it_finds() {
        let found = |search: &str| {
            branches(&tree(), search).iter().map(|b| (b.head.id.0.clone(), b.below.len())).collect::<Vec<_>>()
        };
        assert_eq!(found("欠薪"), [("mediation".to_owned(), 1)]);
        assert_eq!(found("LEGAL"), [("legal".to_owned(), 0)]);
        assert_eq!(found("纠纷"), [("mediation".to_owned(), 2)]);
        assert_eq!(found("").len(), 2);
    }

    #[test]
    fn a_head_takes_the_place_of_what_is_below_it_and_the_other_way_round() {
        let mut chosen = BTreeSet::new();
        choose(&mut chosen, &"wages".into(), true, &tree());
        choose(&mut chosen, &"legal".into(), true, &tree());
        choose(&mut chosen, &"mediation".into(), true, &tree());
        assert_eq!(chosen, BTreeSet::from(["legal".into(), "mediation".into()]));
        choose(&mut chosen, &"noise".into(), true, &tree());
        assert_eq!(chosen, BTreeSet::from(["legal".into(), "noise".into()]));
        choose(&mut chosen, &"noise".into(), false, &tree());
        assert_eq!(chosen, BTreeSet::from(["legal".into()]));
    }
}
