//! Mediation 调解 and how it ends: the words; the figures of it are in [`crate::statistics`].

crate::wire_enum!(
    /// The three kinds of mediation, reachable from one another 三调联动.
    MediationKind {
        /// People's 人民调解.
        People = "people",
        /// Administrative 行政调解.
        Administrative = "administrative",
        /// Judicial 司法调解.
        Judicial = "judicial",
    }
);

crate::wire_enum!(
    /// How an attempt to mediate ended.
    MediationOutcome {
        /// The parties agreed 达成协议.
        Agreed = "agreed",
        /// They did not 调解不成.
        Failed = "failed",
        /// Withdrawn before it ended 撤回.
        Withdrawn = "withdrawn",
    }
);
