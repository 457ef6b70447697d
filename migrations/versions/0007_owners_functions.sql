-- What a role without rights on the tables may have done by their owner on a PostgreSQL server, beside the
-- functions of 0004. Each runs with the owner's rights, so it names everything in full and believes nothing
-- that it is given.

-- Refuse those who act as a person: a ledger is filled by its owner and by the program's role.
CREATE FUNCTION public.demand_program() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known public.database_roles;
BEGIN
  SELECT * INTO known FROM public.database_roles WHERE role = session_user;
  IF known.through IS NOT NULL
    OR known.role IS NULL AND NOT pg_has_role(session_user, current_user, 'MEMBER')
  THEN
    RAISE insufficient_privilege USING MESSAGE = format(
      '数据库角色 %s 不能导入整个账本 / the database role %1$s may not fill a ledger', session_user);
  END IF;
END $$;

-- Store events in the order given; the ids of their rows.
--
-- What the server knows of whoever is connected is what each entry says of its author: the role of a person
-- appends acts of its account and calls them so, a gateway's calls them its own. What the program's role
-- appends has been proven by nobody, and does not say otherwise. The owner may restore anything.
CREATE FUNCTION public.store(case_ids text[], versions bigint[], types text[], entries bytea[])
RETURNS bigint[] LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known public.database_roles;
  stated bytea := convert_to('"through":', 'UTF8');
  entry bytea;
  said json;
  ids bigint[];
BEGIN
  SELECT * INTO known FROM public.database_roles WHERE role = session_user;
  IF known.role IS NULL THEN
    IF NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
      RAISE insufficient_privilege USING MESSAGE = format(
        '数据库角色 %s 没有登记 / the database role %s is not registered', session_user, session_user);
    END IF;
  ELSE
    FOREACH entry IN ARRAY entries LOOP
      CONTINUE WHEN known.through IS NULL AND position(stated IN entry) = 0;
      said := convert_from(entry, 'UTF8')::json;
      IF said ->> 'through' IS DISTINCT FROM known.through
        OR said #>> '{by,account}' IS DISTINCT FROM coalesce(known.account, said #>> '{by,account}')
      THEN
        RAISE insufficient_privilege USING MESSAGE = format(
          '数据库角色 %s 不能写入这样的条目：账号 %s，证明方式 %s'
          || '；导入由账本所有者做 / the database role %1$s may not append such an entry: account %2$s,'
          || ' through %3$s; it is for the owner of the ledger to import it',
          session_user, said #>> '{by,account}', coalesce(said ->> 'through', '-'));
      END IF;
    END LOOP;
  END IF;
  WITH appended AS (
    INSERT INTO public.events (case_id, version, type, entry)
      SELECT given.case_id, given.version, given.type, given.entry
      FROM unnest(case_ids, versions, types, entries)
        WITH ORDINALITY AS given(case_id, version, type, entry, nth)
      ORDER BY nth
    RETURNING id
  )
  SELECT array_agg(id) INTO ids FROM appended;
  IF coalesce(cardinality(ids), 0) <> cardinality(entries) THEN
    RAISE data_corrupted USING MESSAGE =
      '写入的条目没有全部存下，已撤回 / not everything that was written was stored, and it is undone';
  END IF;
  RETURN ids;
END $$;

-- Append events in the order given, which somebody gives their places later; how many.
CREATE FUNCTION public.append(case_ids text[], versions bigint[], types text[], entries bytea[])
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT cardinality(public.store(case_ids, versions, types, entries))
$$;

-- Append events in the order given, seal them with whatever waits before them; the position and the leaf
-- hash of each, of what is stored.
CREATE OR REPLACE FUNCTION public.append_and_seal(
  case_ids text[], versions bigint[], types text[], entries bytea[], most bigint
) RETURNS TABLE (placed bigint, leaf bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ids bigint[] := public.store(case_ids, versions, types, entries);
  step bigint := greatest(most, 1);  -- with less it would never come to an end
  sealed record;
  positions bigint[];
  hashes bytea[];
BEGIN
  LOOP
    sealed := public.seal(false, step);
    EXIT WHEN sealed.size - sealed.since < step;
  END LOOP;
  -- Whatever stands between an INSERT and its table: what is sealed is what was sent, or nothing is.
  SELECT array_agg(position ORDER BY position), array_agg(hash ORDER BY position)
  INTO positions, hashes FROM public.leaves WHERE event_id = ANY (ids);
  IF hashes IS DISTINCT FROM ARRAY(
    SELECT sha256('\x00' || given.entry)
    FROM unnest(entries) WITH ORDINALITY AS given(entry, nth) ORDER BY nth
  ) THEN
    RAISE data_corrupted USING MESSAGE =
      '写入的条目没有原样存下，已撤回 / what was written was not stored as it was sent, and is undone';
  END IF;
  RETURN QUERY SELECT * FROM unnest(positions, hashes);
END $$;

-- Give a place to the last events of this transaction: for a ledger that is being filled, where `seal` would
-- look through all of them again each time. Their transaction is not over; a horizon that no server will
-- come to lets the next seal look at all events once.
CREATE OR REPLACE FUNCTION public.seal_last(number bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log public.log_state;
  ids bigint[];
  hashes bytea[];
BEGIN
  PERFORM public.demand_program();
  LOCK TABLE public.log_state IN SHARE UPDATE EXCLUSIVE MODE;
  SELECT * INTO STRICT log FROM public.log_state WHERE one = 1;
  log.horizon := 9223372036854775807;
  -- As text, so that it walks back from the last id: by the index of `tx` it would find every row
  -- of a long transaction each time.
  SELECT array_agg(found.id ORDER BY id), array_agg(sha256('\x00' || found.entry) ORDER BY id)
  INTO ids, hashes FROM (
    SELECT id, entry FROM public.events WHERE tx::text = pg_current_xact_id()::text
    ORDER BY id DESC LIMIT number
  ) AS found;
  RETURN public.place(log, ids, hashes);
END $$;

-- Let the next seal begin beyond a transaction that has filled the ledger, as 0004 says. What is said of that
-- transaction is believed, so a person's role may not say it.
CREATE OR REPLACE FUNCTION public.move_on(own xid8) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  seen pg_snapshot;
BEGIN
  PERFORM public.demand_program();
  LOCK TABLE public.log_state IN SHARE UPDATE EXCLUSIVE MODE;
  seen := pg_current_snapshot();
  UPDATE public.log_state SET
    horizon = pg_snapshot_xmax(seen)::text::bigint,
    unended = ARRAY(SELECT open FROM pg_snapshot_xip(seen) AS open ORDER BY open),
    cluster = (SELECT system_identifier::text FROM pg_control_system())
  WHERE horizon = 9223372036854775807
    AND NOT EXISTS (SELECT FROM public.events WHERE tx < own
      AND (SELECT position FROM public.leaves WHERE event_id = events.id) IS NULL)
    AND NOT EXISTS (SELECT FROM public.events WHERE tx > own
      AND (SELECT position FROM public.leaves WHERE event_id = events.id) IS NULL);
END $$;

-- Keep a checkpoint that the log has signed, unless there is one of its size.
CREATE FUNCTION public.keep_checkpoint(size bigint, root bytea, note bytea, signed_at text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.checkpoints VALUES (size, root, note, signed_at) ON CONFLICT DO NOTHING;
END $$;

-- Keep what a witness has put below a checkpoint.
CREATE FUNCTION public.keep_cosignature(size bigint, line text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.cosignatures VALUES (size, line) ON CONFLICT DO NOTHING;
END $$;

-- Keep a time stamp.
CREATE FUNCTION public.keep_stamp(digest bytea, note bytea, reply bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.stamps VALUES (digest, note, reply) ON CONFLICT DO NOTHING;
END $$;

-- Let one at a time write the tables of projections, until the end of its transaction: by a lock that nobody
-- else can take, and that neither who reads nor who appends ever waits for.
CREATE FUNCTION public.take_turn() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE public.scoretrail_schema IN SHARE UPDATE EXCLUSIVE MODE;
END $$;

-- Whoever could append is the program's role. Nobody keeps a right to change a table, and none of the functions
-- is everybody's any more.
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT grantee, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS name,
      bool_or(relname = 'events' AND privilege_type = 'INSERT') AS appends
    FROM (
      SELECT relname, relowner, relacl FROM pg_class WHERE relnamespace = 'public'::regnamespace
      UNION ALL
      SELECT relname, relowner, attacl FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
      WHERE relnamespace = 'public'::regnamespace
    ) AS every (relname, owner, acl), aclexplode(acl)
    WHERE grantee <> owner AND privilege_type <> 'SELECT' GROUP BY grantee
  LOOP
    IF one.appends AND one.grantee <> 0 THEN
      INSERT INTO public.database_roles VALUES (pg_get_userbyid(one.grantee));
    END IF;
    EXECUTE 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM '
      || one.name;
  END LOOP;
  FOR one IN SELECT pg_proc.oid::regprocedure AS name FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
      SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e'  -- of an extension
    )
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one.name);
  END LOOP;
END $$;
