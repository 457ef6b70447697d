-- Appending and sealing on PostgreSQL, in place of the functions of 0003: each is one round trip for the
-- client. What is done here is what ledger/store/sqlite.py does in Python; the tests compare their bytes.
--
-- Every name is qualified and every function has a search_path of its own, so that nobody's settings can put
-- something else in the place of what is meant.

-- Give a place at the end of the log to events without one, `most` of them at once.
--
-- Ids are given before their rows are committed, so a mark on ids would miss those that come late.
-- Each event bears the id of its transaction, `tx`. What a sealer cannot see yet belongs to
-- transactions that its snapshot holds for unended, or that begin from its xmax on; so these are what
-- the next sealer looks at, and no more, however long a transaction stays open elsewhere on the
-- server. The snapshot is read before the events are looked for: every statement in here sees what is
-- committed when it begins. Its own transaction goes on, so it is unended, too.
CREATE FUNCTION public.seal(thorough boolean, most bigint, OUT since bigint, OUT size bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log public.log_state;
  here text := (SELECT system_identifier::text FROM pg_control_system());
  seen pg_snapshot;
  beyond bigint;
  ids bigint[];
  hashes bytea[];
BEGIN
  -- One sealer at a time: a lock that those alone can take who may change the state of the log.
  LOCK TABLE public.log_state IN SHARE UPDATE EXCLUSIVE MODE;
  SELECT * INTO STRICT log FROM public.log_state WHERE one = 1;
  seen := pg_current_snapshot();
  beyond := pg_snapshot_xmax(seen)::text::bigint;
  since := log.size;
  size := log.size;

  -- A horizon that is still to come here is of another server, too: of one that was copied.
  IF thorough OR log.cluster IS DISTINCT FROM here OR log.horizon > beyond THEN
    SELECT array_agg(found.id ORDER BY id), array_agg(sha256('\x00' || found.entry) ORDER BY id)
    INTO ids, hashes FROM (
      SELECT id, entry FROM public.events
      WHERE NOT EXISTS (SELECT 1 FROM public.leaves WHERE event_id = events.id)
      ORDER BY id LIMIT most
    ) AS found;
  ELSE
    -- Planned for what is nearly always there, a handful of new events in a long log, whatever the
    -- statistics say: the subquery cannot become a join with all leaves, nor the order a walk
    -- through all ids. Rows of another cluster may bear ids of transactions yet to come here: they
    -- are skipped by the upper bound, since a restore ends with a thorough look at all of them.
    SELECT array_agg(found.id ORDER BY id), array_agg(sha256('\x00' || found.entry) ORDER BY id)
    INTO ids, hashes FROM (
      SELECT id, entry FROM (
        SELECT id, entry FROM public.events
        WHERE tx >= log.horizon::text::xid8
          AND tx <= greatest(
            pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id_if_assigned()
          )
        UNION ALL
        SELECT id, entry FROM public.events
        WHERE tx < log.horizon::text::xid8 AND tx = ANY (log.unended)
      ) AS new
      WHERE (SELECT position FROM public.leaves WHERE event_id = new.id) IS NULL
      ORDER BY id + 0 LIMIT most
    ) AS found;
  END IF;
  IF ids IS NULL THEN
    RETURN;
  END IF;
  IF cardinality(ids) < most THEN
    log.horizon := beyond;
    log.unended := ARRAY(
      SELECT open FROM pg_snapshot_xip(seen) AS open UNION SELECT pg_current_xact_id() ORDER BY open
    );
    log.cluster := here;
  END IF;  -- else there may be more where these were
  size := public.place(log, ids, hashes);
END $$;

-- Give events the next places, in the order given; the size of the log with them.
--
-- log: as it is, but for the horizon, the cluster and what is unended, which are to be stored.
CREATE FUNCTION public.place(log public.log_state, ids bigint[], hashes bytea[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  grown bigint := log.size;
  hash bytea;
  placed bigint;
  height integer;
BEGIN
  IF length(log.frontier) <> 32 * bit_count(log.size::bit(64)) THEN
    RAISE data_corrupted USING MESSAGE =
      '日志前沿与条数不符 / the frontier does not fit the size of the log';
  END IF;
  INSERT INTO public.leaves (position, event_id, hash)
    SELECT log.size + nth - 1, given.id, given.leaf
    FROM unnest(ids, hashes) WITH ORDINALITY AS given(id, leaf, nth);
  GET DIAGNOSTICS placed = ROW_COUNT;
  IF placed <> cardinality(ids) THEN
    RAISE data_corrupted USING MESSAGE =
      '叶没有全部存下 / not every leaf was stored';
  END IF;

  -- The frontier holds the hash of one full subtree for each bit of the size, the largest first.
  FOREACH hash IN ARRAY hashes LOOP
    height := 0;
    -- Two full subtrees of one size are one of twice the size: the carry of a binary counter.
    WHILE (grown >> height) & 1 = 1 LOOP
      hash := sha256('\x01' || substr(log.frontier, length(log.frontier) - 31) || hash);
      log.frontier := substr(log.frontier, 1, length(log.frontier) - 32);
      height := height + 1;
      IF height % 8 = 0 THEN  -- a tile has become full, and this is its root
        PERFORM public.keep_tile(height / 8 - 1, grown >> height, hash);
      END IF;
    END LOOP;
    log.frontier := log.frontier || hash;
    grown := grown + 1;
  END LOOP;
  UPDATE public.log_state
    SET size = grown, frontier = log.frontier, horizon = log.horizon, cluster = log.cluster,
      unended = log.unended
    WHERE one = 1;
  RETURN grown;
END $$;

-- Give a place to the last events of this transaction, which holds the lock: for a ledger that is
-- being filled, where `seal` would look through all of them again each time. Their transaction is
-- not over; a horizon that no server will come to lets the next seal look at all events once.
CREATE FUNCTION public.seal_last(number bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log public.log_state;
  ids bigint[];
  hashes bytea[];
BEGIN
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

-- Let the next seal begin beyond a transaction that has given all its events their places and is over:
-- it would look at all of them, since `seal_last` cannot know how those end that ran beside it. Where
-- one of these left something to seal, or somebody was faster, all stays as it is. What came before it
-- and what came after are asked for apart: each is a range of the index.
CREATE FUNCTION public.move_on(own xid8) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  seen pg_snapshot;
BEGIN
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

-- Keep a tile that has become full, made of the leaves or of the roots of the tiles below it.
CREATE FUNCTION public.keep_tile(of_level bigint, of_number bigint, its_root bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first bigint := of_number * 256;
  hashes bytea;
BEGIN
  IF of_level = 0 THEN
    SELECT string_agg(hash, '' ORDER BY position) INTO hashes FROM public.leaves
      WHERE position >= first AND position < first + 256;
  ELSE
    SELECT string_agg(root, '' ORDER BY number) INTO hashes FROM public.tiles
      WHERE level = of_level - 1 AND number >= first AND number < first + 256;
  END IF;
  IF length(hashes) IS DISTINCT FROM 8192 THEN
    RAISE data_corrupted USING MESSAGE =
      '瓦片不全，日志中缺哈希 / hashes of a tile are missing from the log';
  END IF;
  INSERT INTO public.tiles (level, number, root, data) VALUES (of_level, of_number, its_root, hashes);
END $$;

-- Append events in the order given, seal them with whatever waits before them; the position and the leaf
-- hash of each, of what is stored.
CREATE FUNCTION public.append_and_seal(
  case_ids text[], versions bigint[], types text[], entries bytea[], most bigint
) RETURNS TABLE (placed bigint, leaf bytea)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ids bigint[];
  sealed record;
  positions bigint[];
  hashes bytea[];
BEGIN
  WITH appended AS (
    INSERT INTO public.events (case_id, version, type, entry)
      SELECT given.case_id, given.version, given.type, given.entry
      FROM unnest(case_ids, versions, types, entries)
        WITH ORDINALITY AS given(case_id, version, type, entry, nth)
      ORDER BY nth
    RETURNING id
  )
  SELECT array_agg(id) INTO ids FROM appended;
  LOOP
    sealed := public.seal(false, most);
    EXIT WHEN sealed.size - sealed.since < most;
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
