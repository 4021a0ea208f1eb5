//! What came of a try: everything that is wrong in the file, or the sample with every field that could not be read.

use leptos::prelude::*;

use super::about::{Fault, Record, Sample};
use super::studio::Bench;
use crate::i18n::{local, told};
use crate::reactive::{part, words};
use crate::ui::button::Button;
use crate::{say, tr};

/// All that is wrong in the file, each at its place.
pub(super) fn faulty(faults: Vec<Fault>) -> AnyView {
    let n = faults.len();
    let row = |Fault { pointer, says }: Fault| {
        let place = if pointer.is_empty() { "/".to_owned() } else { pointer };
        view! { <tr class="wrong"><th scope="row"><code>{place}</code></th><td>{words(move || local(&says))}</td></tr> }
    };
    view! {
        <p role="alert">{words(move || tr!(desk.be_faults, n = n))}</p>
        <table class="table studio-faults">
            <thead><tr><th scope="col">{say!(desk.be_pointer)}</th><th scope="col">{say!(desk.be_why)}</th></tr></thead>
            <tbody>{faults.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// How many came and were understood; the fields that were not, and why; one record after another.
pub(super) fn sampled(bench: Bench, resource: &str, sample: Sample) -> AnyView {
    let (records, unreadable) = (sample.records, sample.unreadable);
    let counted = words(move || tr!(desk.be_counted, n = records, m = unreadable));
    let resources = format!("/backends/{}/mapping/resources", sample.backend);
    let why = (!sample.why.is_empty()).then(|| unread(&resources, resource, sample.why));
    let has_list = sample.records > 0;
    let what = words(move || if has_list { tr!(desk.be_unshown) } else { tr!(desk.be_no_list) }.to_owned());
    let answer = sample.answer.map(|answer| view! { <p>{what}</p><pre tabindex="0">{answer}</pre> });
    let (count, rows) = (sample.rows.len(), sample.rows);
    let step =
        move |by: usize| Callback::new(move |()| bench.shown.update(|shown| *shown = (*shown + by) % count.max(1)));
    let record = part(move || rows.get(bench.shown.get()).map_or_else(|| ().into_any(), beside));
    let place = words(move || format!("{} / {count}", bench.shown.get() + 1));
    let turn = (count > 1).then(|| {
        view! {
            <div class="studio-turn">
                <Button label=say!(desk.be_before) on_press=step(count - 1) /><span>{place}</span><Button label=say!(desk.be_next) on_press=step(1) />
            </div>
        }
    });
    view! { <p>{counted}</p><p class="quiet studio-url">{sample.url}</p>{why}{answer}{turn}{record} }.into_any()
}

/// The fields that could not be read, how often, why, and where in the file they are mapped.
fn unread(resources: &str, resource: &str, why: Vec<(String, String, u64)>) -> AnyView {
    let row = |(field, why, n): (String, String, u64)| {
        let pointer = pointer(resources, resource, &field);
        view! {
            <tr class="wrong">
                <th scope="row"><code>{field}</code></th><td class="figure">{n}</td><td>{words(move || told(&why).to_owned())}<br /><code>{pointer}</code></td>
            </tr>
        }
    };
    view! {
        <table class="table studio-faults">
            <thead><tr>
                <th scope="col">{say!(desk.be_field)}</th><th scope="col" class="figure">{say!(desk.be_count)}</th>
                <th scope="col">{say!(desk.be_why_where)}</th>
            </tr></thead>
            <tbody>{why.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// Where in the file a field is mapped: that of another resource has its name before it, as what reports are about is told by cases.
fn pointer(resources: &str, resource: &str, field: &str) -> String {
    let (of, field) = field.split_once('/').unwrap_or((resource, field));
    format!("{resources}/{of}/fields/{field}")
}

/// A raw record beside what was understood of it, field by field.
fn beside(record: &Record) -> AnyView {
    let lines = record.fields.iter().map(|(name, value, why)| {
        let (name, is_wrong) = (name.clone(), why.is_some());
        let said = why.as_ref().or(value.as_ref()).map_or("–", String::as_str).to_owned();
        let said = words(move || if is_wrong { told(&said) } else { &said }.to_owned());
        view! {
            <tr class:wrong=is_wrong><th scope="row"><code>{name}</code></th><td>{said}</td></tr>
        }
    });
    let verdict = if record.is_read { say!(desk.be_is_read) } else { say!(desk.be_is_refused) };
    view! {
        <div class="studio-record">
            <figure><figcaption>{say!(desk.be_raw)}</figcaption><pre tabindex="0">{record.raw.clone()}</pre></figure>
            <figure><figcaption>{say!(desk.be_understood)}" "{verdict}</figcaption>
                <table class="table"><tbody>{lines.collect_view()}</tbody></table>
            </figure>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::pointer;

    #[test]
    fn a_fault_stands_where_it_is_mended() {
        let at = |field| pointer("/backends/x/mapping/resources", "reports", field);
        assert_eq!(at("category"), "/backends/x/mapping/resources/reports/fields/category");
        assert_eq!(at("cases/category"), "/backends/x/mapping/resources/cases/fields/category");
    }
}
