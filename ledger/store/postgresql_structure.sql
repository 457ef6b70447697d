-- Every part of the ledger on a PostgreSQL server that decides what is stored or what is read: a name and what
-- it is, in two columns. Whose it is, is told beside the owner of `events`.
WITH ours AS (
  SELECT class.oid, relname AS name, relkind, relpersistence, relrowsecurity, relowner, relacl
  FROM pg_class AS class JOIN pg_namespace AS schema ON schema.oid = relnamespace
  WHERE nspname = 'public' AND relname = ANY (%s)
), owner AS (
  SELECT max(relowner::bigint)::oid AS oid FROM ours WHERE name = 'events'
), functions AS (
  SELECT * FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
    SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e'  -- of an extension
  )
), beside AS (
  SELECT * FROM pg_class WHERE relnamespace = to_regnamespace('projections')
), everybody AS (
  SELECT rolname::text AS grantee FROM pg_roles, owner
  WHERE rolname NOT LIKE 'pg\_%%' AND NOT rolsuper AND NOT pg_has_role(pg_roles.oid, owner.oid, 'MEMBER')
  UNION ALL SELECT 'public'
), can AS (
  -- In whatever way: by a grant of its own, of everybody's, or of a role that it is in. Superusers and those who
  -- are the owner can do everything.
  SELECT grantee, concat(may, ' ', ours.name) AS what
  FROM everybody, ours, unnest(ARRAY['INSERT', 'UPDATE', 'REFERENCES']) AS may
  WHERE has_any_column_privilege(grantee, ours.oid, may)
  UNION ALL
  SELECT grantee, concat(may, ' ', ours.name)
  FROM everybody, ours, unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) AS may
  WHERE has_table_privilege(grantee, ours.oid, may)
  UNION ALL
  SELECT grantee, 'EXECUTE ' || proname FROM everybody, functions
  WHERE has_function_privilege(grantee, functions.oid, 'EXECUTE')
  UNION ALL
  SELECT grantee, 'CREATE in ' || nspname FROM everybody, pg_namespace
  WHERE nspname IN ('public', 'projections') AND has_schema_privilege(grantee, pg_namespace.oid, 'CREATE')
)
SELECT 'table ' || name,
  concat_ws(' ', relkind, relpersistence, relrowsecurity,
    CASE WHEN relowner <> owner.oid THEN 'owner ' || pg_get_userbyid(relowner) END)
FROM ours, owner
UNION ALL
SELECT 'column ' || name || '.' || attname,
  concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
    collname, pg_get_expr(adbin, adrelid))
FROM ours JOIN pg_attribute ON attrelid = ours.oid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  LEFT JOIN pg_collation ON pg_collation.oid = attcollation
WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint ' || conname, concat_ws(' ', name, pg_get_constraintdef(pg_constraint.oid), convalidated)
FROM ours JOIN pg_constraint ON conrelid = ours.oid WHERE contype <> 'n'
UNION ALL
SELECT 'index ' || class.relname,
  concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisready, indislive)
FROM ours JOIN pg_index ON indrelid = ours.oid JOIN pg_class AS class ON class.oid = indexrelid
UNION ALL
SELECT 'trigger ' || tgname, concat_ws(' ', pg_get_triggerdef(pg_trigger.oid), tgenabled)
FROM ours JOIN pg_trigger ON tgrelid = ours.oid WHERE NOT tgisinternal
UNION ALL
SELECT 'rule ' || rulename, concat_ws(' ', pg_get_ruledef(pg_rewrite.oid), ev_enabled)
FROM ours JOIN pg_rewrite ON ev_class = ours.oid
UNION ALL
SELECT 'policy ' || polname, name FROM ours JOIN pg_policy ON polrelid = ours.oid
UNION ALL
SELECT 'inheritance ' || inhrelid::regclass, inhparent::regclass::text
FROM pg_inherits WHERE inhrelid IN (SELECT oid FROM ours) OR inhparent IN (SELECT oid FROM ours)
UNION ALL
SELECT 'function ' || proname || '(' || pg_get_function_identity_arguments(functions.oid) || ')',
  concat_ws(' ', pg_get_function_result(functions.oid), lanname, prokind, provolatile, proisstrict, prosecdef,
    array_to_string(proconfig, ' '),
    CASE WHEN proowner <> owner.oid THEN 'owner ' || pg_get_userbyid(proowner) END, prosrc)
FROM functions JOIN pg_language ON pg_language.oid = prolang, owner
UNION ALL
SELECT concat('right of ', grantee, ' to ', what), CASE WHEN role IS NULL THEN '' ELSE 'registered' END
FROM can LEFT JOIN public.database_roles ON role = grantee
WHERE grantee = 'public' OR what NOT IN (SELECT what FROM can WHERE grantee = 'public')
UNION ALL
SELECT 'role ' || rolname, concat_ws(' ', rolsuper, rolcreaterole, rolreplication, rolbypassrls)
FROM pg_roles JOIN public.database_roles ON role = rolname, owner
WHERE rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls
  OR pg_has_role(pg_roles.oid, owner.oid, 'MEMBER')
UNION ALL
-- Tables of projections are the owner's, so that whoever reads or writes them runs nothing of another's.
SELECT 'schema ' || nspname, 'owner ' || pg_get_userbyid(nspowner)
FROM pg_namespace, owner WHERE nspname = 'projections' AND nspowner <> owner.oid
UNION ALL
SELECT 'table projections.' || relname, concat_ws(' ', relkind, 'owner ' || pg_get_userbyid(relowner))
FROM beside, owner WHERE relowner <> owner.oid OR relkind NOT IN ('r', 'i')
UNION ALL
SELECT 'trigger projections.' || tgname, relname
FROM beside JOIN pg_trigger ON tgrelid = beside.oid WHERE NOT tgisinternal
UNION ALL
SELECT 'rule projections.' || rulename, relname FROM beside JOIN pg_rewrite ON ev_class = beside.oid
UNION ALL
SELECT 'policy projections.' || polname, relname FROM beside JOIN pg_policy ON polrelid = beside.oid
UNION ALL
SELECT 'function projections.' || proname, prosrc
FROM pg_proc WHERE pronamespace = to_regnamespace('projections')
UNION ALL
-- What runs by itself, and what names could come to mean.
SELECT 'event trigger ' || evtname, concat_ws(' ', evtevent, evtfoid::regprocedure, evtenabled)
FROM pg_event_trigger WHERE NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_event_trigger.oid AND deptype = 'e')
UNION ALL
SELECT concat('operator ', oprname, ' (', oprleft::regtype, ', ', oprright::regtype, ')'), oprcode::text
FROM pg_operator WHERE oprnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_operator.oid AND deptype = 'e')
UNION ALL
SELECT concat('cast ', castsource::regtype, ' to ', casttarget::regtype), castmethod::text
FROM pg_cast WHERE oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_cast.oid AND deptype = 'e')
UNION ALL
SELECT concat_ws(' ', 'setting', CASE WHEN setrole <> 0 THEN 'of ' || setrole::regrole::text END, setting), ''
FROM pg_db_role_setting, unnest(setconfig) AS setting
WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND setting ~* '^session_replication_role='
