-- What the bot and the admin API may do with the tables, and nothing else; the owner, who migrates, may do everything.
-- Read by `python -m app.manage migrate` when DB_BOT_PASSWORD and DB_ADMIN_PASSWORD are set; every time anew, so that a
-- right that is taken out here is taken back there. A new table needs a line here.

REVOKE ALL ON DATABASE {database} FROM PUBLIC, {bot}, {admin};
REVOKE CREATE ON SCHEMA public FROM PUBLIC, {bot}, {admin};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {bot}, {admin};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {bot}, {admin};
GRANT CONNECT ON DATABASE {database} TO {bot}, {admin};
GRANT USAGE ON SCHEMA public TO {bot}, {admin};
GRANT SELECT ON schema_migrations TO {bot}, {admin};

-- Nobody but the bot sees the updates of Telegram. It sees nothing of the admins, and of the audit only `corrections`.
GRANT SELECT, INSERT, UPDATE, DELETE
   ON users, muscles, exercises, training, exercise_stats, exercise_notes, updates_parked
   TO {bot};
GRANT SELECT, INSERT, DELETE ON user_hidden_muscles, user_hidden_exercises, entries_spent, updates_seen TO {bot};
GRANT SELECT, INSERT, UPDATE ON webhook_registration TO {bot};
GRANT INSERT ON changed_days TO {bot};
GRANT SELECT ON corrections TO {bot};

-- The API makes no account and no person, records no set, and takes nothing out of the audit.
GRANT SELECT, INSERT, UPDATE, DELETE
   ON muscles, exercises, exercise_stats, counted_days, counted_exercises, admin_sessions, admin_guesses
   TO {admin};
GRANT SELECT, UPDATE, DELETE ON training TO {admin};
GRANT SELECT, INSERT, DELETE ON user_hidden_muscles, user_hidden_exercises, changed_days TO {admin};
GRANT SELECT, INSERT, UPDATE, DELETE ON exercise_notes TO {admin};
GRANT SELECT, UPDATE (own_weights, hidden_muscles, hidden_exercises) ON users TO {admin};
GRANT SELECT, UPDATE (password_hash) ON admins TO {admin};
GRANT SELECT, INSERT ON audit TO {admin};
