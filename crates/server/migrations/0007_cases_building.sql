-- The cases of one building, by the period.

CREATE INDEX cases_building ON cases (building, reported_at);
