//! The mapping studio: a sample of what a server sends beside what Fengtu understands of it, under a config file that can be opened,
//! edited, tried out, taken away, and put on the site where the server keeps one of its own.

use leptos::prelude::*;

use super::about::{self, Fault, Row, Sample};
use super::resource_word;
use super::sampled::{faulty, sampled};
use crate::api::{ApiError, PublicApi};
use crate::browser::{history, open, save};
use crate::reactive::part;
use crate::state::spawn_scoped;
use crate::ui::button::{Button, Look};
use crate::ui::message::{ErrorMessage, error_words};
use crate::{say, tr};

/// Resources that a mapping can speak of.
const MAPPED: [&str; 8] = ["cases", "stations", "grids", "places", "buildings", "warnings", "services", "reports"];

/// What came of a try.
type Tried = Result<Result<Sample, Vec<Fault>>, ApiError>;

/// What the studio holds.
#[derive(Clone, Copy)]
pub(super) struct Bench {
    api: StoredValue<PublicApi, LocalStorage>,
    text: RwSignal<String>,
    /// What stands on the site, as far as is known here.
    there: StoredValue<String>,
    /// Whether the next press puts the text on the site.
    sure: RwSignal<bool>,
    resource: RwSignal<String>,
    sample: RwSignal<Option<Tried>>,
    /// Which record of the sample is shown.
    pub shown: RwSignal<usize>,
    busy: RwSignal<bool>,
    said: RwSignal<String>,
}

impl Bench {
    /// Takes another text: a press that came before was for the one before.
    fn write(self, text: String) {
        self.text.set(text);
        if self.sure.get_untracked() {
            self.sure.set(false);
            self.said.set(String::new());
        }
    }
}

/// The studio.
#[component]
pub fn Studio(
    /// Whom to ask.
    api: PublicApi,
    /// Who serves what as the site stands.
    rows: RwSignal<Vec<Row>>,
    /// Whether the viewer may put a file on the site.
    may_put: bool,
) -> impl IntoView {
    let file = String::from_utf8_lossy(api.backends().file()).into_owned();
    let bench = Bench {
        api: StoredValue::new_local(api),
        text: RwSignal::new(file.clone()),
        there: StoredValue::new(file),
        sure: RwSignal::new(false),
        resource: RwSignal::new("cases".to_owned()),
        sample: RwSignal::new(None),
        shown: RwSignal::new(0),
        busy: RwSignal::new(false),
        said: RwSignal::default(),
    };
    let on_try = Callback::new(move |()| try_out(bench, bench.api.get_value(), rows));
    let choices = MAPPED.map(|name| view! { <option value=name>{move || resource_word(name)}</option> }).collect_view();
    let result = part(move || match bench.sample.get() {
        None => view! { <p class="quiet">{say!(desk.be_no_sample)}</p> }.into_any(),
        Some(Err(error)) => view! { <ErrorMessage error /> }.into_any(),
        Some(Ok(Err(faults))) => faulty(faults),
        Some(Ok(Ok(sample))) => sampled(bench, &bench.resource.get_untracked(), sample),
    });
    view! {
        <section class="studio" aria-labelledby="studio-title">
            <h2 id="studio-title">{say!(desk.be_studio)}</h2>
            <p class="quiet">{say!(desk.be_studio_hint)}</p>
            <div class="studio-tools">
                <label>{say!(desk.be_resource)}" "
                    <select class="input" on:change=move |event| bench.resource.set(event_target_value(&event))>{choices}</select>
                </label>
                <Button label=say!(desk.be_try) on_press=on_try look=Look::Primary disabled=bench.busy />
            </div>
            <div class="studio-both">
                <div class="studio-file">
                    {file_tools(bench, may_put)}
                    <textarea class="input" aria-label="config.json" spellcheck="false" autocomplete="off" prop:value=bench.text
                        on:input=move |event| bench.write(event_target_value(&event))></textarea>
                    {whereto()}
                </div>
                <div class="studio-result" role="status">{result}</div>
            </div>
        </section>
    }
}

fn try_out(bench: Bench, api: PublicApi, rows: RwSignal<Vec<Row>>) {
    let (resource, file) = (bench.resource.get_untracked(), bench.text.get_untracked());
    bench.busy.set(true);
    bench.shown.set(0);
    spawn_scoped(async move {
        let sample = about::sample(&api, &resource, file.as_bytes()).await;
        if let Ok(Ok(now)) = about::try_rows(&api, file.as_bytes()).await {
            rows.set(now);
        }
        bench.sample.set(Some(sample));
        bench.busy.set(false);
    });
}

/// To open a file that is there already, and to take along what has become of it.
fn file_tools(bench: Bench, may_put: bool) -> AnyView {
    let choose = move |event: leptos::ev::Event| {
        let text = open::chosen_text(&event);
        spawn_scoped(async move {
            match text.await {
                Some(text) => {
                    bench.write(text);
                    bench.said.set(tr!(desk.be_opened).to_owned());
                }
                None => bench.said.set(tr!(desk.be_not_opened).to_owned()),
            }
        });
    };
    let take = Callback::new(move |()| {
        let text = bench.text.get_untracked();
        let is_saved = save::file("config.json", "application/json", text.as_bytes());
        bench.said.set(if is_saved { tr!(desk.be_taken) } else { tr!(desk.be_not_taken) }.to_owned());
    });
    let copy = Callback::new(move |()| {
        spawn_scoped(async move {
            let is_copied = save::copy(&bench.text.get_untracked()).await;
            bench.said.set(if is_copied { tr!(desk.be_copied) } else { tr!(desk.be_not_copied) }.to_owned());
        });
    });
    view! {
        <div class="studio-tools">
            <strong>"config.json"</strong>
            <label class="button studio-open">{say!(desk.be_open)}<input type="file" class="sr-only" accept=".json,application/json" on:change=choose /></label>
            <Button label=say!(desk.be_copy) on_press=copy />
            <Button label=say!(desk.be_take) on_press=take />
            {may_put.then(|| put_button(bench))}
            <span class="quiet" role="status">{bench.said}</span>
        </div>
    }
    .into_any()
}

/// To put the file on the site: everybody who works here gets it, so it is pressed twice.
fn put_button(bench: Bench) -> AnyView {
    let press = move |event: leptos::ev::MouseEvent| {
        // The second of a double click is none of its own.
        if event.detail() > 1 {
            return;
        }
        let was_sure = bench.sure.get_untracked();
        bench.sure.set(!was_sure);
        if was_sure {
            bench.busy.set(true);
            spawn_scoped(async move {
                let said = put(bench).await;
                bench.said.set(said.to_owned());
                bench.busy.set(false);
            });
        } else {
            bench.said.set(tr!(desk.be_put_first).to_owned());
        }
    };
    let word = move || if bench.sure.get() { tr!(desk.be_put_sure) } else { tr!(desk.be_put) };
    view! { <button type="button" class="button" prop:disabled=bench.busy on:click=press>{word}</button> }.into_any()
}

/// Puts the file on the site if nothing in it is wrong; returns what is said of it.
async fn put(bench: Bench) -> &'static str {
    let (api, text, there) = (bench.api.get_value(), bench.text.get_untracked(), bench.there.get_value());
    match about::try_rows(&api, text.as_bytes()).await {
        Ok(Ok(_)) => {}
        Ok(Err(faults)) => {
            bench.sample.set(Some(Ok(Err(faults))));
            return tr!(desk.be_put_faults);
        }
        Err(error) => return error_words(&error),
    }
    if let Err(error) = PublicApi::check_file(&text) {
        bench.sample.set(Some(Err(error)));
        return tr!(desk.be_put_faults);
    }
    match api.write_file(&there, &text).await {
        Ok(()) => {
            bench.there.set_value(text);
            tr!(desk.be_put_done)
        }
        Err(error) => refused(&error),
    }
}

/// Returns what is said where the site did not take the file. A server of files alone answers 405 or 501, or 404.
fn refused(error: &ApiError) -> &'static str {
    match error.status() {
        Some(404 | 405 | 501) => tr!(desk.be_put_not_here),
        Some(412) => tr!(desk.be_put_changed),
        _ => error_words(error),
    }
}

/// Where the file goes, and what to run.
fn whereto() -> AnyView {
    let origin = history::href().split('/').take(3).collect::<Vec<_>>().join("/");
    let check = format!("cargo xtask conform --config config.json --origin {origin}");
    view! {
        <section class="studio-whereto" aria-labelledby="studio-whereto">
            <h3 id="studio-whereto">{say!(desk.be_whereto)}</h3>
            <ol>
                <li>{say!(desk.be_whereto_check)}<pre tabindex="0">{check}</pre></li>
                <li>{say!(desk.be_whereto_put)}<pre tabindex="0">"cp config.json dist/config.json"</pre></li>
                <li>{say!(desk.be_whereto_reload)}</li>
            </ol>
        </section>
    }
    .into_any()
}
