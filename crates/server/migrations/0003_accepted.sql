-- A case that was passed up before anybody accepted it is accepted when the office above takes it, not when it was passed.
UPDATE cases SET accepted_at = (
    SELECT MIN(e.at) FROM case_events e
    WHERE e.number = cases.number
      AND e.to_state NOT IN ('draft', 'reported', 'returned', 'transferred', 'escalated', 'withdrawn')
)
WHERE EXISTS (SELECT 1 FROM case_events e WHERE e.number = cases.number AND e.to_state = 'escalated');
