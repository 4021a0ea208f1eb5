//! One question at a time: the frame around each, and the first two, what kind and where.

use leptos::prelude::*;

use super::contact::contact;
use super::draft::{Spot, Step};
use super::fields::summary;
use super::store::Filing;
use super::what::{questions, what};
use crate::api::reports::Service;
use crate::portal::store::Here;
use crate::portal::whereabouts::Whereabouts;
use crate::reactive::{flag, part};
use crate::tr;
use crate::ui::button::Button;

/// More kinds than these can be searched.
const MANY: usize = 8;

/// The question that is shown.
#[component]
pub(super) fn Steps() -> impl IntoView {
    let filing: Filing = expect_context();
    part(move || framed(filing, filing.step.get()))
}

/// Title, where one is, what is wrong, the question, and the ways on and back. The place has a form of its own to search with.
fn framed(filing: Filing, step: Step) -> AnyView {
    let (steps, here) = filing.steps();
    let inside = match step {
        Step::Kind => kind(filing),
        Step::Place => place(filing),
        Step::What => what(filing),
        Step::Questions => questions(filing),
        Step::Contact => contact(filing),
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        filing.next();
    };
    let is_last = step == Step::Contact;
    let on = (!is_last).then(|| tr!(report.next));
    let back = (here > 0).then(|| view! { <Button label=tr!(report.previous) on_press=move |()| filing.back() /> });
    let head = view! {
        <p class="quiet">{tr!(report.step, n = here + 1, m = steps.len())}</p>
        <h2 id="step-title" tabindex="-1">{title(step)}</h2>
        {summary(filing)}
    };
    let next = on.map(|label| next_button(filing, step, label));
    let clear = is_last.then(|| {
        view! { <button type="button" class="link" on:click=move |_| filing.clear()>{tr!(report.clear)}</button> }
    });
    let ways = view! { <div class="report-ways">{next}{back}{clear}</div> };
    if step == Step::Place {
        return view! { <section class="ask-step" aria-labelledby="step-title">{head}{inside}{ways}</section> }
            .into_any();
    }
    view! {
        <form class="ask-step" aria-labelledby="step-title" novalidate on:submit=submit>{head}{inside}{ways}</form>
    }
    .into_any()
}

/// The way on. Where a place has a form of its own it sends none, and is not the first thing to press before there is a place.
fn next_button(filing: Filing, step: Step, label: &'static str) -> AnyView {
    if step != Step::Place {
        return view! { <button type="submit" class="button primary">{label}</button> }.into_any();
    }
    let is_found = flag(move || filing.draft.with(|draft| draft.spot.is_some()));
    view! { <button type="button" class="button" class:primary=is_found on:click=move |_| filing.next()>{label}</button> }.into_any()
}

fn title(step: Step) -> &'static str {
    match step {
        Step::Kind => tr!(report.kind_title),
        Step::Place => tr!(report.place_title),
        Step::What => tr!(report.what_title),
        Step::Questions => tr!(report.questions_title),
        Step::Contact => tr!(report.contact_title),
    }
}

/// The kinds by their group; many of them can be searched.
fn kind(filing: Filing) -> AnyView {
    let services = filing.services.with_untracked(|services| services.value().cloned().unwrap_or_default());
    let (count, refused) = (services.items.len(), services.refused);
    let text = RwSignal::new(String::new());
    let search = (count > MANY).then(|| {
        view! {
            <label for="kind-search">{tr!(report.kind_search, n = count)}</label>
            <input id="kind-search" class="ask-input" type="search" enterkeyhint="search" autocomplete="off" bind:value=text />
        }
    });
    let partial = (refused > 0).then(|| view! { <p class="quiet">{tr!(common.partial, n = refused)}</p> });
    let list = part(move || {
        let groups = grouped(&services.items, &text.get());
        if groups.is_empty() {
            return view! { <p role="status">{tr!(report.kind_none)}</p> }.into_any();
        }
        let is_single = groups.len() == 1;
        groups
            .into_iter()
            .map(|(name, items)| group(filing, name.filter(|_| !is_single), items))
            .collect_view()
            .into_any()
    });
    view! { {search} {partial} <div id="kind" tabindex="-1" class="kinds">{list}</div> }.into_any()
}

/// Returns the kinds that match, by group, both in the server's order.
fn grouped(all: &[Service], text: &str) -> Vec<(Option<String>, Vec<Service>)> {
    let wanted = text.trim().to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    let is_wanted = |service: &&Service| {
        has(&service.name) || has(&service.description) || service.group.as_deref().is_some_and(has)
    };
    let mut groups: Vec<(Option<String>, Vec<Service>)> = Vec::new();
    for service in all.iter().filter(is_wanted) {
        match groups.iter_mut().find(|(name, _)| *name == service.group) {
            Some((_, items)) => items.push(service.clone()),
            None => groups.push((service.group.clone(), vec![service.clone()])),
        }
    }
    groups
}

fn group(filing: Filing, name: Option<String>, items: Vec<Service>) -> AnyView {
    let rows = items.into_iter().map(|service| option(filing, service)).collect_view();
    let legend = match name {
        Some(name) => view! { <legend>{name}</legend> }.into_any(),
        None => view! { <legend class="sr-only">{tr!(report.kind_title)}</legend> }.into_any(),
    };
    view! { <fieldset class="options">{legend}{rows}</fieldset> }.into_any()
}

fn option(filing: Filing, service: Service) -> AnyView {
    let Service { code, name, description, .. } = service;
    let is_chosen = filing.draft.with_untracked(|draft| draft.service == code);
    let more =
        (!description.is_empty() && description != name).then(|| view! { <span class="quiet">{description}</span> });
    let choose = move |_| {
        filing.faults.set(Vec::new());
        filing.change(|draft| draft.choose(&code));
    };
    view! {
        <label class="option">
            <input type="radio" name="kind" checked=is_chosen on:change=choose />
            <span class="option-words"><b>{name}</b>{more}</span>
        </label>
    }
    .into_any()
}

/// Where: a place that is taken up, or the ways to find one.
fn place(filing: Filing) -> AnyView {
    let text = RwSignal::new(String::new());
    let inside = part(move || match filing.draft.with(|draft| draft.spot.clone()) {
        Some(spot) => taken_up(filing, &spot),
        None => view! {
            <Whereabouts title=tr!(report.place_find) text />
            {part(move || by_words(filing, text))}
        }
        .into_any(),
    });
    view! { <div class="place">{inside}</div> <p class="quiet">{tr!(report.place_sent)}</p> }.into_any()
}

fn taken_up(filing: Filing, spot: &Spot) -> AnyView {
    let words = match spot.at {
        _ if !spot.words.is_empty() => spot.words.clone(),
        Some([lon, lat]) => tr!(report.place_point, lat = format!("{lat:.5}"), lon = format!("{lon:.5}")),
        None => String::new(),
    };
    let again = move |()| {
        filing.portal.store.update(|store| store.set_here(Here::Unknown));
        filing.change(|draft| draft.spot = None);
    };
    view! {
        <p class="circles" id="found-title" tabindex="-1">{tr!(report.place_as, name = words)}</p>
        <Button label=tr!(report.place_again) on_press=again />
    }
    .into_any()
}

/// An address that nobody knows is still an address.
fn by_words(filing: Filing, text: RwSignal<String>) -> AnyView {
    let words: String = text.get().trim().chars().take(200).collect();
    let is_asked =
        filing.portal.store.with(|store| matches!(store.here, Here::NoMatch | Here::Failed(_) | Here::Choices(_)));
    let takes = untrack(|| filing.with_terms(|_, terms| terms.takes("address") && !terms.needs("at")));
    if !is_asked || !takes || words.chars().count() < 2 {
        return ().into_any();
    }
    let label = tr!(report.place_words, text = words.clone());
    let take = move |()| filing.change(|draft| draft.spot = Some(Spot { at: None, words: words.clone() }));
    view! { <Button label on_press=take /> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_stand_in_their_groups_and_are_found_by_any_word_of_theirs() {
        let service = |code: &str, name: &str, group: Option<&str>| Service {
            code: code.to_owned(),
            name: name.to_owned(),
            group: group.map(str::to_owned),
            ..Service::default()
        };
        let all = [
            service("1", "路灯", Some("市政")),
            service("2", "噪声", Some("环境")),
            service("3", "井盖", Some("市政")),
            service("4", "Other", None),
        ];
        let names = |text: &str| {
            let groups = grouped(&all, text).into_iter();
            groups.map(|(_, items)| items.into_iter().map(|item| item.code).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        assert_eq!(names(""), [vec!["1", "3"], vec!["2"], vec!["4"]]);
        assert_eq!(names(" 市政 "), [["1", "3"]]);
        assert_eq!(names("OTHER"), [["4"]]);
        assert!(names("x").is_empty());
    }
}
