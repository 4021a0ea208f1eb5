//! The composed wall: title and clock, heroes, panels around the map, and what is always visible.

use fengtu_wire::ids::PlaceId;
use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use super::card::{Mark, aged_text};
use super::context::{HEROES, Wall, provide_wall};
use super::fit::Fit;
use super::hand::hand;
use super::panel::Panel;
use super::panels::{self, Cards, mark};
use super::scenes::{Scene, Show};
use super::silent::{self, Told};
use super::{data, facts, heroes, map, pairing, press, watch};
use crate::api::dialect::Resource;
use crate::browser::page;
use crate::i18n::{Locale, local, locale};
use crate::map::{Hit, MapEvent, MapView};
use crate::reactive::{effect, flag, memo, part, words};
use crate::scene::atlas::place_name;
use crate::state::live::Freshness;
use crate::state::{DistrictStore, LiveStore, SessionStore, StationsStore, live, use_store};
use crate::ui::legend::HeatLegend;
use crate::ui::number::grouped;
use crate::ui::status::DemoBadge;
use crate::ui::time::{day_and_time, hour_and_minute};
use crate::ui::watermark::Tiled;
use crate::{say, tr};

/// The wall of who has signed in.
#[component]
pub fn Board() -> impl IntoView {
    let session = use_store::<SessionStore>();
    if let Some(staff) = session.with_untracked(|s| s.staff().cloned()) {
        // A device whose login was revoked waits for somebody to sign it in again.
        live::start(staff, Callback::new(move |()| session.update(|s| s.settle(None))));
    }
    let wall = provide_wall();
    let drawing = map::drawing(wall);
    data::load(wall, drawing);
    watch::start(wall);
    let cards = panels::cards(wall);
    let scene = map::scene(wall, drawing);
    set_sizes(wall);
    let shown = memo(move || wall.fit.with(|fit| if fit.hero_rows == 0 { 0 } else { fit.figures(HEROES) }));
    view! {
        <div class="wall" class:held=flag(move || wall.held.get()) class:dark=flag(move || wall.show.with(Show::is_dark)) class:tall=flag(move || wall.fit.with(|fit| fit.tall))>
            {top(wall)}
            <main class="wall-main">
                {part(move || (shown.get() > 0).then(|| heroes::row(cards.heroes, shown.get())).into_any())}
                <div class="wall-body">
                    {part(move || columns(wall, cards, true).into_any())}
                    <div class="wall-map" class:aged=flag(move || is_map_old(wall))><MapView scene on_event=on_map(wall) />{lacking()}</div>
                    {part(move || columns(wall, cards, false).into_any())}
                </div>
            </main>
            {foot(wall)}
        </div>
        {hand(wall)}
        {pairing::card(wall)}
        {watermark(wall)}
    }
}

/// Hands the sizes to the style sheet.
fn set_sizes(wall: Wall) {
    effect(move || {
        let fit = wall.fit.get();
        let sizes = fit.sizes;
        let px = [
            ("--t", sizes.text),
            ("--f", sizes.figure),
            ("--h", sizes.hero),
            ("--c", fit.column_px),
            ("--m", fit.map_px),
            ("--over", fit.over_px),
        ];
        for (name, value) in px {
            page::set_property(name, &format!("{}px", value.round()));
        }
        page::set_property("--heroes", &fit.heroes.to_string());
        // Rounded up: no name is smaller than the text.
        page::set_property("--map-scale", &format!("{:.2}", (sizes.text / MAP_TEXT_PX * 100.0).ceil() / 100.0));
    });
    effect(move || page::set_property("--drift", &watch::drift(&wall.minute.get())));
}

/// Size of the map's smaller names at a desk, CSS pixels: on the wall they are as large as all other text.
const MAP_TEXT_PX: f64 = 12.0;

/// A street that is touched is spoken of.
fn on_map(wall: Wall) -> Callback<MapEvent> {
    let speak_of = press::speak_of(wall);
    Callback::new(move |event| match event {
        MapEvent::Click { hit: Hit::Area(place), .. } => speak_of.run(place),
        MapEvent::HeatLegend(legend) => wall.legend.set(legend),
        _ => {}
    })
}

/// The columns on one side of the map; where panels stand under it, all of them.
fn columns(wall: Wall, cards: Cards, before: bool) -> Vec<AnyView> {
    let fit = wall.fit.get();
    let left = if fit.tall { 0 } else { fit.columns.len().div_ceil(2) };
    let one = |slots: &Vec<_>| {
        let panels = slots.iter().map(|slot| cards.panel(*slot)).collect_view();
        view! { <div class="wall-column">{panels}</div> }.into_any()
    };
    let chosen = fit.columns.iter().enumerate().filter(|(index, _)| (*index < left) == before);
    let columns: Vec<_> = chosen.map(|(_, slots)| one(slots)).collect();
    if fit.tall && !before { vec![view! { <div class="wall-under">{columns}</div> }.into_any()] } else { columns }
}

fn top(wall: Wall) -> AnyView {
    let (district, live) = (use_store::<DistrictStore>(), use_store::<LiveStore>());
    let red = memo(move || wall.scene.with(|scene| scene.red().is_some()));
    // Whose figures stand below: a street's are not the district's.
    let street = move || wall.node.get().and_then(|street| named(&street));
    let beside = words(move || {
        let other = |name: &String| red.get() && !scene_name(wall).contains(name);
        street().filter(other).unwrap_or_default()
    });
    let more = words(move || match wall.more_red.get() {
        0 => String::new(),
        n => tr!(wall.more_red, n = grouped(n as u64)),
    });
    let title = words(move || {
        // What has come in between says so where everybody looks first.
        if red.get() {
            return scene_name(wall);
        }
        let whole = || district.with(|d| d.config.value().map(|c| local(&c.name))).unwrap_or_default();
        tr!(wall.heading, name = street().unwrap_or_else(whole))
    });
    let date = words(move || {
        let now = wall.minute.get();
        format!("{} {}", crate::ui::time::day(&now), weekday(chrono::Datelike::weekday(&now)))
    });
    let time = words(move || {
        let now = wall.now.get();
        format!("{}:{:02}", hour_and_minute(&now), chrono::Timelike::second(&now))
    });
    let zone = words(move || zone(district.with(DistrictStore::utc_offset_s)));
    let is_demo = part(move || {
        district.with(|d| d.config.value().is_some_and(|c| c.demo)).then(|| view! { <DemoBadge /> }).into_any()
    });
    let freshness = memo(move || live.with(|live| live.freshness));
    let state = move || match freshness.get() {
        Freshness::Connecting => "wall-fresh connecting",
        Freshness::Live => "wall-fresh live",
        Freshness::Delayed => "wall-fresh delayed",
        Freshness::Stopped => "wall-fresh stopped",
    };
    let word = words(move || {
        let age = live.with(|live| live.age_s);
        match freshness.get() {
            Freshness::Connecting => tr!(common.connecting).to_owned(),
            Freshness::Live => match live.with(|live| live.polled_s) {
                None => tr!(common.live).to_owned(),
                Some(n) => tr!(common.polled, n = n),
            },
            Freshness::Delayed => tr!(wall.delayed, n = age),
            Freshness::Stopped => tr!(wall.stopped, n = age),
        }
    });
    view! {
        <header class="wall-top">
            <h1 class:alarm=flag(move || red.get())>{part(move || red.get().then(|| mark(Mark::Level(Level::Red))).into_any())}{title}</h1>
            <p class="wall-of">{beside}</p>
            <p class="wall-of more">{more}</p>
            {is_demo}
            <span class=state role="status"><i class="freshness-mark" aria-hidden="true"></i>{word}</span>
            <p class="wall-clock"><span>{date}</span><time class="wall-figure">{time}</time><span>{zone}</span></p>
        </header>
    }
    .into_any()
}

fn weekday(day: chrono::Weekday) -> &'static str {
    match day {
        chrono::Weekday::Mon => tr!(wall.monday),
        chrono::Weekday::Tue => tr!(wall.tuesday),
        chrono::Weekday::Wed => tr!(wall.wednesday),
        chrono::Weekday::Thu => tr!(wall.thursday),
        chrono::Weekday::Fri => tr!(wall.friday),
        chrono::Weekday::Sat => tr!(wall.saturday),
        chrono::Weekday::Sun => tr!(wall.sunday),
    }
}

/// Writes an offset as people read it, such as `UTC+8` or `UTC+5:30`.
pub fn zone(utc_offset_s: i32) -> String {
    let (sign, minutes) = (if utc_offset_s < 0 { '−' } else { '+' }, utc_offset_s.abs() / 60);
    let part = if minutes % 60 == 0 { String::new() } else { format!(":{:02}", minutes % 60) };
    format!("UTC{sign}{}{part}", minutes / 60)
}

/// What the wall speaks of, what the map shows of it, and what has no room.
fn foot(wall: Wall) -> AnyView {
    let district = use_store::<DistrictStore>();
    let scene = words(move || scene_name(wall));
    let hint = words(move || {
        let hint = if is_map_lacking(wall) {
            tr!(wall.retrying).to_owned()
        } else {
            wall.scene.with(|scene| hint(scene, district.with(facts::fewest), wall.days.get()))
        };
        match map_since(wall) {
            Some(at) => format!("{hint} {}", wall.minute.with(|now| aged_text(Some(at), now))),
            None => hint,
        }
    });
    let is_hot = memo(move || wall.scene.with(map::has_heat) && wall.heat.with(|heat| heat.value().is_some()));
    let most = move || wall.legend.with(|legend| grouped(legend.max_per_km2.round() as u64));
    let legend = part(move || is_hot.get().then(|| view! { <HeatLegend most unit=say!(wall.per_km2) /> }).into_any());
    let left_out = words(move || wall.fit.with(left_out));
    let left = memo(move || {
        wall.now.track();
        let far =
            |show: &Show| show.paused_s(watch::seconds()).filter(|_| !show.is_at_hand()).map(|left| left.ceil() as u32);
        wall.show.with(far)
    });
    let far = words(move || left.get().map(|n| tr!(wall.far, n = n)).unwrap_or_default());
    let sound = words(move || if wall.sound.get() { tr!(wall.sounds).to_owned() } else { String::new() });
    let refused = wall.settings.with_value(|settings| settings.refused.join("、"));
    let refused =
        words(move || if refused.is_empty() { String::new() } else { tr!(wall.refused, names = refused.as_str()) });
    view! {
        <footer class="wall-foot">
            <p class="wall-scene">{scene}</p>
            // What colours mean is seen wherever there are some.
            {legend}
            // Before what may go to the second line: nothing is left out without a word.
            <p role="status">{silent_backends(wall)}</p>
            <p>{left_out}</p>
            <p class="wall-hint">{hint}</p>
            <p>{far}</p>
            <p>{sound}</p>
            <p>{refused}</p>
        </footer>
    }
    .into_any()
}

/// Says how many panels and how many of the great figures have no room.
fn left_out(fit: &Fit) -> String {
    let panels = fit.dropped.iter().filter(|panel| **panel != Panel::Heroes).count();
    match (panels, HEROES - fit.figures(HEROES)) {
        (0, 0) => String::new(),
        (panels, 0) => tr!(wall.left_out_panels, n = panels),
        (0, figures) => tr!(wall.left_out_figures, n = figures),
        (panels, figures) => tr!(wall.left_out, panels = panels, figures = figures),
    }
}

/// The backends that do not answer, where there is more than our own: a server alone that is gone is said beside the clock.
fn silent_backends(wall: Wall) -> impl IntoView {
    let (district, stations) = (use_store::<DistrictStore>(), use_store::<StationsStore>());
    let live = use_store::<LiveStore>();
    let configured = use_store::<SessionStore>().with_untracked(|session| {
        let backends = session.public().backends();
        if backends.has_foreign() { silent::configured(backends.file()) } else { Vec::new() }
    });
    words(move || {
        let mut told = Told::default();
        district.with(|d| (told.take(&d.tree), told.take(&d.grids)));
        stations.with(|s| told.take(&s.all));
        wall.month.with(|month| told.take(month));
        wall.heat.with(|heat| told.take(heat));
        live.with(|live| told.beside.extend(live.silent.iter().cloned()));
        silent::line(&silent::names(&configured, &told.beside, &told.failed))
    })
}

/// Whether what the map shows is older than it may be: its heat, its stations, or the levels that the stream tells.
fn is_map_old(wall: Wall) -> bool {
    map_since(wall).is_some() || (wall.stopped.get() && wall.scene.with(map::has_levels))
}

/// When the heat or the stations that the scene speaks of came, where that is longer ago than may be.
fn map_since(wall: Wall) -> Option<chrono::DateTime<chrono::Utc>> {
    let (is_hot, has_circles) = wall.scene.with(|scene| (map::has_heat(scene), map::has_circles(scene)));
    let of_heat = is_hot.then(|| wall.heat.with(|heat| panels::old(wall, heat))).flatten();
    let stations = use_store::<StationsStore>();
    of_heat.or_else(|| has_circles.then(|| stations.with(|s| panels::old(wall, &s.all))).flatten())
}

/// Whether what the scene speaks of could not be had: an empty map looks as if there were none.
fn is_map_lacking(wall: Wall) -> bool {
    let (is_hot, has_circles) = wall.scene.with(|scene| (map::has_heat(scene), map::has_circles(scene)));
    (is_hot && wall.heat.with(|heat| heat.lack().is_some()))
        || (has_circles && use_store::<StationsStore>().with(|s| s.all.lack().is_some()))
}

/// Over a map that nobody gives any ground for: an empty one looks like a fault.
fn lacking() -> AnyView {
    if panels::reads(Resource::Grids) {
        return ().into_any();
    }
    view! { <p class="wall-lack">{say!(wall.ground_absent)}</p> }.into_any()
}

/// Says what the map shows of a scene.
fn hint(scene: &Scene, k: u32, days: i64) -> String {
    let fixed = match scene {
        _ if map::has_levels(scene) && !panels::reads(Resource::Grids) => return String::new(),
        _ if map::has_circles(scene) && !panels::reads(Resource::Stations) => return String::new(),
        Scene::Heat => return tr!(wall.hint_heat, days = days, k = k),
        Scene::Mediation => return tr!(wall.hint_mediation, days = days, k = k),
        Scene::District | Scene::Street(_) | Scene::Warnings | Scene::Red(_) => tr!(wall.hint_levels),
        Scene::Stations => tr!(wall.hint_stations),
        Scene::Psychological => tr!(wall.hint_psychological),
    };
    fixed.to_owned()
}

/// Returns the name of what the wall speaks of.
pub fn scene_name(wall: Wall) -> String {
    wall.scene.with(|scene| match scene {
        Scene::District => tr!(wall.scene_district).to_owned(),
        Scene::Street(place) => named(place).unwrap_or_default(),
        Scene::Heat => tr!(wall.scene_heat).to_owned(),
        Scene::Warnings => tr!(wall.scene_warnings).to_owned(),
        Scene::Stations => tr!(wall.scene_stations).to_owned(),
        Scene::Mediation => tr!(wall.scene_mediation).to_owned(),
        Scene::Psychological => tr!(wall.scene_psychological).to_owned(),
        Scene::Red(place) => tr!(wall.scene_red, name = named(place).unwrap_or_default()),
    })
}

/// A place's name, where it is known.
fn named(place: &PlaceId) -> Option<String> {
    let english = locale() == Locale::en;
    use_store::<DistrictStore>().with(|d| d.place(place).map(|place| place_name(place, english)))
}

/// Whose wall it is, and when: a photograph of it then says so.
fn watermark(wall: Wall) -> AnyView {
    let session = use_store::<SessionStore>();
    let text = Signal::derive(move || {
        let unit = session.with(|s| Some(s.staff()?.session().account.as_ref()?.display_name.clone()));
        format!("{} {}", unit.unwrap_or_default(), day_and_time(&wall.minute.get()))
    });
    view! { <Tiled text /> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wall::fit::{Seats, Window, fit};

    #[test]
    fn the_foot_says_how_many_panels_and_how_many_figures_have_no_room() {
        let wall = Window { width: 1_920.0, height: 1_080.0 };
        let seen = |farthest_m| {
            let seats = Seats { height_mm: 1_350.0, farthest_m };
            left_out(&fit(wall, Some(seats), &[], HEROES))
        };
        assert_eq!(seen(1.0), "");
        assert_eq!(seen(3.0), "放不下 5 块内容");
        assert_eq!(seen(4.0), "放不下 7 块内容、2 个大数字");
        assert_eq!(seen(6.0), "放不下 8 块内容、4 个大数字", "the panel of figures is no panel that is left out");
    }

    #[test]
    fn offsets_are_read_in_hours() {
        assert_eq!([zone(28_800), zone(19_800), zone(-12_600), zone(0)], ["UTC+8", "UTC+5:30", "UTC−3:30", "UTC+0"]);
    }
}
