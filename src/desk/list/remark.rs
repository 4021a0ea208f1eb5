//! What a list says of how it came about: records of the backend that could not be understood, and filters that it does not
//! know and that were applied here. A quiet line; the reasons are behind it.

use leptos::prelude::*;

use super::data::Lists;
use crate::api::lenient::Refused;
use crate::desk::beside::{sentences, why as silence};
use crate::i18n::told;
use crate::routes::Layer;
use crate::tr;
use crate::ui::number::grouped;

/// What is to be said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Remark {
    refused: Refused,
    applied_here: Vec<String>,
}

impl Lists {
    /// Returns what is to be said of a layer's list.
    pub fn remark(self, layer: Layer) -> Remark {
        let refused = match layer {
            Layer::Stations | Layer::AppealCircles | Layer::LegalCircles | Layer::PsychologicalCircles => {
                self.stations.with(|s| s.all.refused().cloned())
            }
            Layer::Warnings => self.district.with(|d| both(d.tree.refused(), d.grids.refused())),
            Layer::Cases => {
                // Both tell of the same backend's cases: what was heard with the list is not counted again.
                let Remark { refused: heard, applied_here } = self.of_cases();
                let mut refused = heard.clone();
                refused.add_beyond(&heard, &self.map.unread.get());
                return Remark { refused, applied_here };
            }
            Layer::Heat => return self.of_cases(),
            Layer::Buildings | Layer::Coverage | Layer::Labels => None,
        };
        Remark { refused: refused.unwrap_or_default(), applied_here: Vec::new() }
    }

    fn of_cases(self) -> Remark {
        self.cases.answer.with(|answer| {
            let Some(listed) = answer.value() else { return Remark::default() };
            let refused = self.rest.with(|rest| both(Some(&listed.refused), Some(&rest.refused)));
            Remark { refused: refused.unwrap_or_default(), applied_here: listed.applied_here.clone() }
        })
    }
}

fn both(one: Option<&Refused>, other: Option<&Refused>) -> Option<Refused> {
    let mut all = one.or(other)?.clone();
    if let (Some(_), Some(other)) = (one, other) {
        all.add_all(other);
    }
    Some(all)
}

/// Says it; nothing where all is as it should be.
pub fn remark(remark: &Remark, offset: i32) -> AnyView {
    let line = line(remark, offset);
    if line.is_empty() {
        return ().into_any();
    }
    let reasons = reasons(&remark.refused).into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view();
    let why = (!remark.applied_here.is_empty()).then(|| view! { <p>{tr!(desk.list_applied_why)}</p> });
    view! { <details class="list-remark"><summary>{line}</summary>{why}<ul>{reasons}</ul></details> }.into_any()
}

/// What is behind it, in the reader's language as far as it has both.
fn reasons(refused: &Refused) -> Vec<String> {
    let silent = refused.silent.iter().map(silence);
    silent.chain(refused.reasons.iter().map(|why| told(why).to_owned())).collect()
}

fn line(remark: &Remark, offset: i32) -> String {
    let count = remark.refused.count - remark.refused.unread.min(remark.refused.count);
    let refused = (count > 0).then(|| tr!(desk.list_refused, n = grouped(count as u64)));
    let names: Vec<&str> = remark.applied_here.iter().map(|name| filter_word(name)).collect();
    let applied = (!names.is_empty()).then(|| tr!(desk.list_applied, names = names.join(tr!(desk.map_comma))));
    let said = sentences(&remark.refused, offset).into_iter().chain(refused).chain(applied);
    said.collect::<Vec<_>>().join(tr!(desk.semicolon))
}

fn filter_word(name: &str) -> &str {
    match name {
        "place" => tr!(desk.filter_place),
        "from" => tr!(desk.filter_from),
        "to" => tr!(desk.filter_to),
        "category" => tr!(desk.filter_category),
        "state" => tr!(desk.filter_state),
        "class" => tr!(desk.filter_class),
        "channel" => tr!(desk.filter_channel),
        "bbox" => tr!(desk.filter_bbox),
        "q" => tr!(desk.filter_q),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Locale, set_locale};

    #[test]
    fn a_line_says_both_and_nothing_where_there_is_nothing_to_say() {
        assert_eq!(line(&Remark::default(), 0), "");
        let refused = Refused { count: 1_203, reasons: vec!["#1".to_owned()], ..Refused::default() };
        let remark = Remark { refused, applied_here: vec!["place".to_owned(), "from".to_owned(), "odd".to_owned()] };
        let said = line(&remark, 28_800);
        assert!(said.contains("1203") && said.contains("地点") && said.contains("odd"), "{said}");
    }

    #[test]
    fn what_was_not_read_is_not_said_to_be_misunderstood() {
        let refused = Refused { count: 602, unread: 600, ..Refused::default() };
        let said = line(&Remark { refused, applied_here: Vec::new() }, 0);
        assert!(said.contains("600") && said.contains("2 条没有读懂"), "{said}");
    }

    #[test]
    fn reasons_are_said_in_the_readers_language() {
        let told = ["#3: state: 对应表中没有“7” ‖ #3: state: the table has no “7”", "#4: a text of its own"];
        let refused = Refused { reasons: Vec::from(told.map(str::to_owned)), ..Refused::default() };
        assert_eq!(reasons(&refused), ["#3: state: 对应表中没有“7”", "#4: a text of its own"]);
        set_locale(Locale::en);
        assert_eq!(reasons(&refused), ["#3: state: the table has no “7”", "#4: a text of its own"]);
    }

    #[test]
    fn two_counts_are_added() {
        let refused = |count| Refused { count, reasons: vec![count.to_string()], ..Refused::default() };
        let all = both(Some(&refused(1)), Some(&refused(2)));
        assert_eq!(all.map(|all| (all.count, all.reasons.len())), Some((3, 2)));
        assert_eq!(both(None, Some(&refused(2))).map(|all| all.count), Some(2));
        assert_eq!(both(None, None), None);
    }
}
