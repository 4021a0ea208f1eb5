//! A conversation: one request of our contract is answered by asking foreign servers, step by step.
//!
//! Inside it is a future that waits for outcomes instead of sockets; whoever holds it polls by handing them in. Paging, fetching
//! a token, renewing it in the middle of paging and following links are plain code that way.

use std::cell::RefCell;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::exchange::{Answer, Call, Failure, Outcome};
use crate::record::reason::Reason;

/// Most steps of one conversation: a server whose pages never end is not asked for ever.
pub const MAX_STEPS: u32 = 400;

/// What a conversation wants next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// These calls made, in any order or at once; the outcomes go to [`Conversation::go_on`] in the order of the calls.
    Ask(Vec<Call>),
    /// Nothing of the outside: another conversation signs in, and a second log-in might end the token of the first. Call
    /// [`Conversation::go_on`] without outcomes when any other has gone on, ended or been dropped.
    Wait,
    /// Nothing: this is the answer to the request.
    Done(Answer),
}

/// One request on its way to its answer.
pub struct Conversation {
    line: Line,
    future: Option<Pin<Box<dyn Future<Output = Answer>>>>,
    waits_for: usize,
    steps: u32,
}

impl Conversation {
    pub(crate) fn new(begin: impl FnOnce(Line) -> Pin<Box<dyn Future<Output = Answer>>>) -> Self {
        let line = Line::default();
        let future = begin(line.clone());
        Self { line, future: Some(future), waits_for: 0, steps: 0 }
    }

    /// Returns the first step.
    pub fn start(&mut self) -> Step {
        self.poll()
    }

    /// Hands in what came of the calls of the last step, one outcome a call, and returns the next step.
    ///
    /// Outcomes that are missing count as calls without an answer. After [`Step::Done`] there is nothing to go on with: a
    /// problem is returned.
    pub fn go_on(&mut self, mut outcomes: Vec<Outcome>) -> Step {
        outcomes.resize(self.waits_for, Outcome::Failed(Failure::Unreachable));
        self.line.0.borrow_mut().back = Some(outcomes);
        self.poll()
    }

    fn poll(&mut self) -> Step {
        self.steps += 1;
        self.line.0.borrow_mut().left = MAX_STEPS.saturating_sub(self.steps);
        let Some(future) = self.future.as_mut().filter(|_| self.steps <= MAX_STEPS) else {
            self.future = None;
            let zh = format!("问了 {MAX_STEPS} 次还没有问完");
            let why = Reason::new(zh, format!("after {MAX_STEPS} questions there is still more to ask"));
            return Step::Done(crate::problem::unreadable(why).answer());
        };
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => {
                self.future = None;
                Step::Done(answer)
            }
            Poll::Pending => {
                let Some(calls) = self.line.0.borrow_mut().out.take() else {
                    (self.waits_for, self.steps) = (0, self.steps - 1);
                    return Step::Wait;
                };
                self.waits_for = calls.len();
                Step::Ask(calls)
            }
        }
    }
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversation").field("steps", &self.steps).finish_non_exhaustive()
    }
}

/// The inner end of a conversation.
#[derive(Clone, Default)]
pub(crate) struct Line(Rc<RefCell<Slots>>);

#[derive(Default)]
struct Slots {
    out: Option<Vec<Call>>,
    back: Option<Vec<Outcome>>,
    /// How many steps are left.
    left: u32,
}

impl Line {
    /// Has calls made and waits for what comes of them, in the order of the calls.
    pub async fn ask(&self, calls: Vec<Call>) -> Vec<Outcome> {
        self.0.borrow_mut().out = Some(calls);
        self.back().await
    }

    /// Returns how many more questions one after another are answered.
    pub fn left(&self) -> u32 {
        self.0.borrow().left
    }

    /// Waits until another conversation has gone on.
    pub async fn wait(&self) {
        self.back().await;
    }

    async fn back(&self) -> Vec<Outcome> {
        poll_fn(|_| self.0.borrow_mut().back.take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Has one call made.
    pub async fn call(&self, call: Call) -> Outcome {
        let mut outcomes = self.ask(vec![call]).await;
        outcomes.pop().unwrap_or(Outcome::Failed(Failure::Unreachable))
    }
}
