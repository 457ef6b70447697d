-- Every part of the ledger on a PostgreSQL server that decides what is stored or what is read: a name and what
-- it is, in two columns. Whose it is, is told beside the owner of `events`.
WITH ours AS (
  SELECT class.oid, relname AS name, relkind, relpersistence, relrowsecurity, relowner, relacl
  FROM pg_class AS class JOIN pg_namespace AS schema ON schema.oid = relnamespace
  WHERE nspname = 'public' AND relname = ANY (%s)
), owner AS (
  SELECT max(relowner::bigint)::oid AS oid FROM ours WHERE name = 'events'
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
SELECT 'function ' || proname || '(' || pg_get_function_identity_arguments(pg_proc.oid) || ')',
  concat_ws(' ', pg_get_function_result(pg_proc.oid), lanname, prokind, provolatile, proisstrict, prosecdef,
    array_to_string(proconfig, ' '),
    CASE WHEN proowner <> owner.oid THEN 'owner ' || pg_get_userbyid(proowner) END, prosrc)
FROM pg_proc JOIN pg_namespace AS schema ON schema.oid = pronamespace
  JOIN pg_language ON pg_language.oid = prolang, owner
WHERE nspname = 'public' AND NOT EXISTS (
  SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e'  -- of an extension
)
UNION ALL
SELECT 'right to ' || privilege_type || ' ' || name, ''
FROM ours, owner, aclexplode(relacl)
WHERE grantee <> owner.oid AND privilege_type <> 'SELECT'
