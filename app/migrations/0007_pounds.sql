-- Pounds. A weight is kept in kilos, to the hundredth of a gram: 135 lb are 61.23497 kg, and come back as 135 lb.
-- Without a precision in the type no row is written anew: a table written anew looks empty to who has just waited for it.

ALTER TABLE users
  ADD COLUMN unit        VARCHAR(2) NOT NULL DEFAULT 'kg' CHECK (unit IN ('kg', 'lb')),
  ADD COLUMN weight_step NUMERIC(3,2) CHECK (weight_step IN (1.25, 2.5, 5)),  -- in pounds twice as many; NULL: the list
  ALTER COLUMN own_weights TYPE NUMERIC[];

ALTER TABLE training
  ALTER COLUMN weight TYPE NUMERIC,
  ALTER COLUMN former_weight TYPE NUMERIC,
  ADD CHECK (scale(weight) <= 5);

ALTER TABLE exercise_stats ALTER COLUMN record_weight TYPE NUMERIC;
