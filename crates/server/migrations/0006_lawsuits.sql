-- Civil lawsuits that the courts took in, by place (all below it included) and local month: counts, and nobody's case.

-- month: such as 2026-03.
CREATE TABLE lawsuits (
    place TEXT NOT NULL,
    month TEXT NOT NULL,
    filed BIGINT NOT NULL,
    PRIMARY KEY (place, month)
);
