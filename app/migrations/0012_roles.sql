-- What a role of little power needs (app/roles.sql): to go its way past tables that it must not touch.

-- What admins changed of a person's, without which admin did it; nothing of the admins themselves.
CREATE VIEW corrections AS
SELECT a.id, a.at, a.action, a.kind, a.thing_id, a.person_id, a.before, a.after
  FROM audit AS a
 WHERE a.person_id IS NOT NULL;

-- Who erases themselves is erased in the audit and in the counts too, by the owner's right and in the owner's tables.
ALTER FUNCTION forget_in_audit() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION forget_in_counts() SECURITY DEFINER SET search_path = public, pg_temp;
