//! The remote: the page on the phone of somebody who has signed in and has read the code off the wall. Large targets, one
//! sentence that says what became of the last press.

use fengtu_wire::ids::{PlaceId, RemoteId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::session::Role;
use fengtu_wire::walls::{PERIODS, Remote as Paired, WallAction, WallCommand, WallScene};
use leptos::prelude::*;

use super::app::begin;
use super::handed;
use super::sign_in::{Face, SignIn};
use crate::api::places::PlacesQuery;
use crate::api::walls::{RemotesQuery, WallAct};
use crate::api::{ApiError, StaffApi, Trouble};
use crate::browser::history;
use crate::i18n::{Locale, locale};
use crate::reactive::{effect, memo, part, words};
use crate::scene::atlas::place_name;
use crate::state::opening::open;
use crate::state::{SessionStore, use_store};
use crate::ui::button::{Button, Look};
use crate::ui::field::Field;
use crate::ui::message::error_words;
use crate::{say, tr};

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    /// The wall that it steers.
    paired: RwSignal<Option<Paired>>,
    /// The code as far as it is typed.
    code: RwSignal<String>,
    /// What became of the last press.
    said: RwSignal<String>,
    streets: RwSignal<Vec<(PlaceId, String)>>,
    /// What the address hands over, until the wall has it.
    handed: RwSignal<Vec<WallCommand>>,
    /// How many of these the wall has taken.
    taken: RwSignal<usize>,
    is_handing: RwSignal<bool>,
    session: RwSignal<SessionStore>,
}

/// The remote.
#[component]
pub fn Remote() -> impl IntoView {
    begin(|| tr!(wall.remote_title));
    let failed = RwSignal::new(None::<ApiError>);
    open(failed);
    let session = use_store::<SessionStore>();
    let page = Page {
        paired: RwSignal::new(None),
        code: RwSignal::new(history::fragment().chars().filter(char::is_ascii_digit).take(6).collect()),
        said: RwSignal::new(String::new()),
        streets: RwSignal::new(Vec::new()),
        handed: RwSignal::new(handed::commands(&history::location().1)),
        taken: RwSignal::new(0),
        is_handing: RwSignal::new(false),
        session,
    };
    let is_known = memo(move || session.with(SessionStore::is_known));
    let role = memo(move || session.with(|s| s.staff().map(|staff| staff.session().role)));
    effect(move || {
        if role.get().is_some_and(may_hold) {
            page.begin();
        }
    });
    let trouble = words(move || failed.get().map(|error| error_words(&error).to_owned()).unwrap_or_default());
    let body = part(move || match (role.get(), is_known.get()) {
        (Some(role), _) if may_hold(role) => pad(page),
        (Some(_), _) if !session.with(|s| s.public().has_sessions()) => {
            view! { <p role="status">{say!(common.err_not_offered)}</p> }.into_any()
        }
        (Some(_), _) => view! { <p role="alert">{say!(wall.remote_forbidden)}</p> }.into_any(),
        (None, true) => view! { <SignIn face=Face::Remote /> }.into_any(),
        (None, false) => view! { <p role="status">{say!(common.connecting)}</p> }.into_any(),
    });
    view! { <main class="remote"><h1>{say!(wall.remote_title)}</h1><p class="field-error" role="alert">{trouble}</p>{body}</main> }
}

/// Whether a role may hold a remote, as the server decides it: the page does not offer what would be refused.
fn may_hold(role: Role) -> bool {
    fengtu_domain::sight::access("POST", "/api/v1/walls/remotes", role)
        .is_some_and(fengtu_domain::sight::Access::is_granted)
}

impl Page {
    /// Finds what was paired before, and pairs with the code of the address.
    fn begin(self) {
        self.run(move |staff| async move {
            let query = PlacesQuery { level: Some(PlaceLevel::Street), ..PlacesQuery::default() };
            if let Ok(places) = staff.ask(&query).await {
                let english = locale() == Locale::en;
                let named = |f: &fengtu_wire::geojson::Feature<fengtu_wire::places::Place>| {
                    (f.properties.id.clone(), place_name(&f.properties, english))
                };
                self.streets.set(places.items.iter().map(named).collect());
            }
            if self.code.with_untracked(|code| code.len() == 6) {
                return self.claim(&staff).await;
            }
            self.find(&staff).await;
        });
    }

    /// Finds the wall that it is paired with.
    async fn find(self, staff: &StaffApi) {
        if let Ok(all) = staff.ask(&RemotesQuery).await {
            // It may be another wall than before, which has taken nothing.
            self.taken.set(0);
            self.paired.set(all.into_iter().next());
        }
    }

    /// Puts what the address brought on the wall. A press does so, never the address alone: whoever makes somebody open a link
    /// must not steer a wall by it.
    fn hand_over(self) {
        let Some(id) = self.wall() else { return };
        self.run(move |staff| async move {
            // A second press while it is on its way would tell it twice.
            if self.is_handing.get_untracked() {
                return;
            }
            self.is_handing.set(true);
            self.said.set(tr!(wall.remote_sending).to_owned());
            if self.tell_rest(&staff, &id).await {
                self.handed.set(Vec::new());
                self.tidy();
            }
            self.is_handing.set(false);
        });
    }

    /// Tells the wall what is handed over, but for what it has taken already: after an error the next press goes on there. Returns
    /// whether it has all of it.
    async fn tell_rest(self, staff: &StaffApi, id: &RemoteId) -> bool {
        let taken = self.taken.get_untracked();
        let rest: Vec<WallCommand> = self.handed.with_untracked(|all| all.iter().skip(taken).cloned().collect());
        for command in rest {
            let answer = staff.ask(&WallAct::Tell(id.clone(), command)).await;
            let is_taken = answer.is_ok();
            self.settle(answer, tr!(wall.remote_sent));
            if !is_taken {
                return false;
            }
            self.taken.update(|n| *n += 1);
        }
        true
    }

    /// Takes out of the address what has done its work: a page that is loaded again neither tries the code again nor offers again
    /// what the wall has.
    fn tidy(self) {
        let path = crate::routes::Page::Remote.path();
        let is_handed = self.handed.with_untracked(|all| !all.is_empty());
        let address = if is_handed { format!("{path}?{}", history::location().1) } else { path.to_owned() };
        history::show(&address, false);
    }

    async fn claim(self, staff: &StaffApi) {
        let code = self.code.get_untracked();
        match staff.ask(&WallAct::Claim(code)).await {
            Ok(()) => {
                self.code.set(String::new());
                self.said.set(String::new());
                self.tidy();
                self.find(staff).await;
            }
            Err(error) => self.said.set(match error.trouble() {
                Trouble::NotFound => tr!(wall.remote_unknown).to_owned(),
                _ => error_words(&error).to_owned(),
            }),
        }
    }

    fn wall(self) -> Option<RemoteId> {
        self.paired.with_untracked(|paired| paired.as_ref().map(|paired| paired.id.clone()))
    }

    fn tell(self, command: WallCommand) {
        let Some(id) = self.wall() else { return };
        self.said.set(tr!(wall.remote_sending).to_owned());
        self.act(WallAct::Tell(id, command), tr!(wall.remote_sent));
    }

    /// Does something and says what became of it.
    fn act(self, act: WallAct, done: &'static str) {
        self.run(move |staff| async move { self.settle(staff.ask(&act).await, done) });
    }

    fn settle(self, answer: Result<(), ApiError>, done: &'static str) {
        match answer {
            Ok(()) => self.said.set(done.to_owned()),
            Err(error) if error.is_signed_out() => self.session.update(|s| s.settle(None)),
            Err(error) if error.trouble() == Trouble::NotFound => {
                self.paired.set(None);
                self.said.set(tr!(wall.remote_ended).to_owned());
            }
            Err(error) => self.said.set(error_words(&error).to_owned()),
        }
    }

    fn run<F: Future<Output = ()> + 'static>(self, work: impl FnOnce(StaffApi) -> F) {
        if let Some(staff) = self.session.with_untracked(|s| s.staff().cloned()) {
            leptos::task::spawn_local(work(staff));
        }
    }
}

fn pad(page: Page) -> AnyView {
    let is_paired = memo(move || page.paired.with(Option::is_some));
    let body = part(move || if is_paired.get() { buttons(page) } else { entry(page) });
    view! { <p class="remote-said" role="status">{words(move || page.said.get())}</p>{body} }.into_any()
}

/// Where the code is typed.
fn entry(page: Page) -> AnyView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        page.code.update(|code| code.retain(|c| c.is_ascii_digit()));
        page.run(move |staff| async move { page.claim(&staff).await });
    };
    let call = move |()| page.act(WallAct::Call, tr!(wall.remote_called));
    let handed = words(move || {
        let is_handed = page.handed.with(|told| !told.is_empty());
        if is_handed { tr!(wall.remote_handed).to_owned() } else { String::new() }
    });
    view! {
        <p>{handed}</p>
        <form class="entry-form" novalidate on:submit=submit>
            <Field id="remote-code" label=say!(wall.remote_code) value=page.code kind="tel" autocomplete="one-time-code" />
            <button class="button primary" type="submit">{say!(wall.remote_claim)}</button>
        </form>
        <p class="quiet">{say!(wall.remote_code_hint)}</p>
        <Button label=say!(wall.remote_call) on_press=call />
    }
    .into_any()
}

/// A press: its word, and what it tells the wall.
type Press = (String, WallCommand);

fn buttons(page: Page) -> AnyView {
    let name = words(move || {
        let name = page.paired.with(|paired| paired.as_ref().map(|paired| paired.wall.clone())).unwrap_or_default();
        tr!(wall.remote_connected, name = name)
    });
    let leave = move |()| {
        if let Some(paired) = page.paired.get_untracked() {
            page.act(WallAct::EndRemote(paired.id), "");
            page.paired.set(None);
        }
    };
    let is_handed = memo(move || page.handed.with(|told| !told.is_empty()));
    let handed = part(move || if is_handed.get() { offer(page) } else { ().into_any() });
    view! {
        <p class="remote-wall"><span>{name}</span><Button label=say!(wall.remote_leave) look=Look::Bare on_press=leave /></p>
        {handed}
        {part(move || group(page, tr!(wall.remote_play), playback()))}
        {part(move || group(page, tr!(wall.remote_scene), scenes()))}
        {part(move || group(page, tr!(wall.remote_streets), page.streets.with(|streets| streets.iter().map(street).collect())))}
        {part(move || group(page, tr!(wall.remote_period), PERIODS.into_iter().map(period).collect()))}
        {part(move || group(page, tr!(wall.remote_screen), screen()))}
    }
    .into_any()
}

/// What the address hands over, and the press that sends it.
fn offer(page: Page) -> AnyView {
    let what = words(move || {
        let known = page.streets.get();
        page.handed.with(|told| handed::name(told, &known)).unwrap_or_default()
    });
    view! {
        <section class="remote-group"><h2>{say!(wall.remote_view)}</h2>
            <p>{what}</p>
            <div class="remote-keys"><Button label=say!(wall.remote_send) look=Look::Primary on_press=move |()| page.hand_over() /></div>
        </section>
    }
    .into_any()
}

fn group(page: Page, title: &'static str, presses: Vec<Press>) -> AnyView {
    let one = |(label, command): Press| view! { <Button label on_press=move |()| page.tell(command.clone()) /> };
    view! {
        <section class="remote-group"><h2>{title}</h2><div class="remote-keys">{presses.into_iter().map(one).collect_view()}</div></section>
    }
    .into_any()
}

fn plain(label: &str, action: WallAction) -> Press {
    (label.to_owned(), WallCommand::of(action))
}

fn playback() -> Vec<Press> {
    vec![
        plain(tr!(wall.remote_back), WallAction::Back),
        plain(tr!(wall.remote_next), WallAction::Next),
        plain(tr!(wall.remote_pause), WallAction::Pause),
        plain(tr!(wall.remote_resume), WallAction::Resume),
    ]
}

fn screen() -> Vec<Press> {
    vec![
        plain(tr!(wall.remote_blank), WallAction::Blank),
        plain(tr!(wall.remote_light), WallAction::Light),
        plain(tr!(wall.remote_sound), WallAction::Sound),
        plain(tr!(wall.remote_mute), WallAction::Mute),
    ]
}

fn scenes() -> Vec<Press> {
    let of_district = WallScene::ALL.iter().filter(|scene| **scene != WallScene::Street);
    of_district.map(|scene| (scene_word(*scene).to_owned(), to(*scene, None))).collect()
}

/// Returns the word of a scene; a street's is its own name.
pub fn scene_word(scene: WallScene) -> &'static str {
    match scene {
        WallScene::District | WallScene::Street => tr!(wall.scene_district),
        WallScene::Heat => tr!(wall.scene_heat),
        WallScene::Warnings => tr!(wall.scene_warnings),
        WallScene::Stations => tr!(wall.scene_stations),
        WallScene::Mediation => tr!(wall.scene_mediation),
        WallScene::Psychological => tr!(wall.scene_psychological),
    }
}

fn street((id, name): &(PlaceId, String)) -> Press {
    (name.clone(), to(WallScene::Street, Some(id.clone())))
}

fn period(days: u16) -> Press {
    let command = WallCommand { days: Some(days), ..WallCommand::of(WallAction::Period) };
    (tr!(wall.remote_days, n = days), command)
}

fn to(scene: WallScene, place: Option<PlaceId>) -> WallCommand {
    WallCommand { scene: Some(scene), place, ..WallCommand::of(WallAction::Show) }
}
