//! A case's way along the closed loop, with delays that mostly keep its clocks. Every step is one of `fengtu_domain::states`.

use chrono::{DateTime, TimeDelta, Utc};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_domain::clocks::due_at;
use fengtu_wire::cases::{CaseState as S, Class, ClockKind};
use fengtu_wire::config::{ClassRule, Limit};
use fengtu_wire::ids::PlaceId;

use super::dice::Dice;
use super::rhythm::offset;
use crate::dataset::CaseEventRow;

/// Who can have a case: its community, street and district, and the department whose business it is.
#[derive(Debug, Clone)]
pub struct Offices {
    /// The community.
    pub community: PlaceId,
    /// The street.
    pub street: PlaceId,
    /// The district.
    pub district: PlaceId,
    /// The department.
    pub department: &'static str,
}

/// What a case's way depends on.
#[derive(Debug, Clone, Copy)]
pub struct Nature {
    /// Its class.
    pub class: Class,
    /// Whether it is handed to a counsellor.
    pub mental: bool,
    /// Whether it is a dispute that can be mediated.
    pub dispute: bool,
    /// How hard it is, 0–1: the harder, the later, and the more often it comes back.
    pub hard: f64,
}

/// The way of a case, step by step.
pub struct Journey<'a> {
    rules: &'a [ClassRule],
    calendar: &'a WorkCalendar,
    offices: &'a Offices,
    nature: Nature,
    dice: &'a mut Dice,
    at: DateTime<Utc>,
    holder: (PlaceId, String),
    events: Vec<CaseEventRow>,
}

/// The office of a community that has a case.
pub const STATION: &str = "群众诉求服务站";
/// The office of a street that has a case.
pub const STREET_OFFICE: &str = "综治办";

/// Of so many calls for a department one is an order: Guangming gave 515 since 2022.
const WHISTLES: i64 = 43;

impl<'a> Journey<'a> {
    /// Opens the way of a case reported at `at`.
    pub fn new(
        rules: &'a [ClassRule],
        calendar: &'a WorkCalendar,
        offices: &'a Offices,
        nature: Nature,
        dice: &'a mut Dice,
        at: DateTime<Utc>,
    ) -> Self {
        let holder = (offices.community.clone(), STATION.to_owned());
        Self { rules, calendar, offices, nature, dice, at, holder, events: Vec::new() }
    }

    /// Walks to the end, as if there were all the time in the world; whoever asks cuts off what is yet to come.
    pub fn walk(mut self) -> Vec<CaseEventRow> {
        self.step(S::Reported, "居民", None);
        if self.dice.chance(0.025) {
            self.amend();
        }
        if self.dice.chance(0.012) {
            self.after_minutes(12.0, 0.6);
            self.step(S::Withdrawn, "居民", Some("当事人已自行协商解决"));
            return self.events;
        }
        self.accept();
        let mut due = self.work();
        if self.moves_up() {
            due = self.move_up();
        }
        self.methods(due);
        self.resolve(due);
        let mut again = 0.008 + 0.22 * self.nature.hard;
        while self.dice.chance(again) {
            self.reopen();
            again *= 0.3;
        }
        self.close();
        self.events
    }

    fn step(&mut self, to: S, by: &str, note: Option<&str>) {
        let holder = Some(self.holder.clone());
        self.events.push(CaseEventRow { at: self.at, to, by: by.to_owned(), note: note.map(str::to_owned), holder });
    }

    fn after_minutes(&mut self, median: f64, spread: f64) {
        let seconds = (self.dice.log_normal(median, spread) * 60.0).max(20.0);
        self.at += TimeDelta::seconds(seconds as i64);
    }

    fn amend(&mut self) {
        self.after_minutes(15.0, 0.5);
        self.step(S::Returned, STATION, Some("材料不全,请补充相关证明后重新提交"));
        self.after_minutes(240.0, 0.8);
        self.step(S::Reported, "居民", Some("已补充材料"));
    }

    /// Accepts inside the class's minutes, but for about one in a hundred.
    fn accept(&mut self) {
        let late = 1.0 + 0.9 * self.nature.hard;
        if self.nature.class == Class::Urgent {
            self.after_minutes(3.6 * late, 0.42);
        } else {
            self.after_minutes(13.0 * late, 0.58);
        }
        let by = self.holder.1.clone();
        self.step(S::Accepted, &by, None);
    }

    /// Begins to work, and returns by when it should be settled.
    fn work(&mut self) -> DateTime<Utc> {
        let due = self.due();
        let left = (due - self.at).num_seconds().max(60) as f64;
        self.at += TimeDelta::seconds((left * self.dice.between(0.02, 0.12)) as i64);
        let by = if self.holder.1 == STATION { "网格员".to_owned() } else { self.holder.1.clone() };
        let note = first_note(self.dice);
        self.step(S::Handling, &by, Some(note));
        due
    }

    /// Returns when the settle clock that begins now runs out; the same day where the calendar is not known.
    fn due(&self) -> DateTime<Utc> {
        let rule = self.rules.iter().find(|r| r.class == self.nature.class);
        let limit = rule
            .and_then(|r| r.clocks.iter().find(|c| c.kind == ClockKind::Settle))
            .map_or(Limit::SameDay, |c| c.limit);
        let started = self.at.with_timezone(&offset());
        due_at(limit, started, self.calendar).map_or(self.at + TimeDelta::days(3), |due| due.to_utc())
    }

    fn moves_up(&mut self) -> bool {
        let often = match self.nature.class {
            Class::Urgent => 0.04,
            Class::Ordinary => 0.02,
            Class::Departmental => 0.55,
            Class::Major => 0.75,
        };
        self.dice.chance(often)
    }

    /// Passes the case up or on; the new holder accepts and works.
    fn move_up(&mut self) -> DateTime<Utc> {
        let left = (self.due() - self.at).num_seconds().max(600) as f64;
        self.at += TimeDelta::seconds((left * self.dice.between(0.05, 0.30)) as i64);
        if self.dice.chance(0.30) {
            self.holder = (self.offices.district.clone(), self.offices.department.to_owned());
            self.step(S::Transferred, STATION, Some("属部门职责范围,转相关部门办理"));
        } else if self.nature.class == Class::Major && self.dice.chance(0.3) {
            self.holder = (self.offices.district.clone(), "区委政法委".to_owned());
            self.step(S::Escalated, STATION, Some("涉及面广,提级至区级统筹化解"));
        } else {
            self.holder = (self.offices.street.clone(), STREET_OFFICE.to_owned());
            self.step(S::Escalated, STATION, Some("超出社区职权,提级至街道办理"));
        }
        self.accept();
        self.work()
    }

    /// Orders, mediates or refers, some of the time to left.
    fn methods(&mut self, due: DateTime<Utc>) {
        let hard = self.nature.hard;
        if self.nature.mental && self.dice.chance(0.6) {
            self.turn(S::Referred, "转介心理服务站跟进", due);
            return;
        }
        if self.dice.chance(0.05 + 0.15 * hard) {
            let before = self.events.len();
            self.turn(S::Ordered, "社区发令,请相关部门到场", due);
            // Many ask a department by telephone, one in some forty whistles for it. Told by the second and not by the
            // dice, which fall for the others as they did.
            let whistles = self.at.timestamp() % WHISTLES == 0;
            self.turn(S::Handling, "部门已报到,现场办理", due);
            if !whistles {
                self.events.truncate(before);
            }
        }
        let mut tries = if self.nature.dispute { 0.52 + 0.3 * hard } else { 0.03 };
        while self.dice.chance(tries) {
            self.turn(S::Mediating, "组织双方调解", due);
            if !self.dice.chance(0.05 + 0.45 * hard) {
                return;
            }
            self.turn(S::Handling, "调解未达成一致,继续办理", due);
            tries = 0.6;
        }
    }

    /// Takes a step after a part of the time that is left.
    fn turn(&mut self, to: S, note: &str, due: DateTime<Utc>) {
        let left = (due - self.at).num_seconds().max(900) as f64;
        self.at += TimeDelta::seconds((left * self.dice.between(0.04, 0.25)) as i64);
        let by = match to {
            S::Mediating => "调解员".to_owned(),
            S::Ordered | S::Referred => STATION.to_owned(),
            _ => self.holder.1.clone(),
        };
        self.step(to, &by, Some(note));
    }

    /// Settles in time, but for one or two in a hundred, and more where it is hard.
    fn resolve(&mut self, due: DateTime<Utc>) {
        let left = (due - self.at).num_seconds();
        if left < 60 || self.dice.chance(0.012 + 0.05 * self.nature.hard) {
            let days = self.dice.exponential(4.0 + 10.0 * self.nature.hard);
            self.at = self.at.max(due) + TimeDelta::seconds((days * 86_400.0) as i64 + 600);
        } else {
            let part = 1.0 - self.dice.unit() * self.dice.between(0.4, 1.0);
            self.at += TimeDelta::seconds(((left as f64) * part.clamp(0.05, 0.985)) as i64);
        }
        let by = self.holder.1.clone();
        let note = last_note(self.nature.dispute, self.dice);
        self.step(S::Resolved, &by, Some(note));
    }

    fn reopen(&mut self) {
        self.after_minutes(2600.0, 0.9);
        self.step(S::Reopened, "居民", Some("问题反弹,要求重新办理"));
        let due = self.work();
        if self.nature.dispute && self.dice.chance(0.5) {
            self.turn(S::Mediating, "再次组织双方调解", due);
        }
        self.resolve(due);
    }

    fn close(&mut self) {
        self.after_minutes(300.0, 1.2);
        if self.dice.chance(0.86) {
            self.step(S::Confirmed, "居民", None);
        } else {
            self.step(S::Confirmed, STATION, Some("电话回访,居民口头确认"));
        }
        if self.dice.chance(0.62) {
            self.after_minutes(90.0, 1.4);
            self.step(S::Rated, "居民", None);
        }
        self.after_minutes(10_500.0, 0.3);
        self.step(S::Archived, STATION, None);
    }
}

/// Draws a rating: mostly 4 and 5, lower where the case was hard.
pub fn rating(hard: f64, dice: &mut Dice) -> u8 {
    let low = 1.0 + 3.0 * hard;
    1 + dice.weighted(&[0.8 * low, 0.7 * low, 2.2 * low, 17.0, 79.0]) as u8
}

fn first_note(dice: &mut Dice) -> &'static str {
    dice.pick(&["已联系当事人了解情况", "已到现场核实", "已电话联系双方", "已派网格员上门核实", "已调取相关材料核查"])
}

/// Writes how it ended.
pub fn last_note(dispute: bool, dice: &mut Dice) -> &'static str {
    if dispute {
        dice.pick(&[
            "双方达成一致并签订调解协议",
            "经调解双方和解",
            "款项已当场支付,双方无异议",
            "已达成分期支付协议",
            "当事人表示理解并接受",
        ])
    } else {
        dice.pick(&["已现场处理完毕", "已整改到位并复查", "已答复并获居民认可", "已协调解决", "已落实帮扶措施"])
    }
}
