-- An append on a PostgreSQL server does the same in half the time.
--
-- The server reads the text of a constraint again for every statement, and forty names take longer than all
-- else that an insertion does: so a function compares them. A function in SQL is planned again by every
-- statement that calls it, one in PL/pgSQL by the first of a session. And each function that takes lists says
-- that its plans are kept, since the server otherwise takes a new one every time, for their length.

-- Whether whoever is connected has all rights of the owner of these functions.
CREATE OR REPLACE FUNCTION public.is_owner() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN pg_has_role(session_user, current_user, 'MEMBER');
END $$;

-- Nothing follows a freeze. This is asked once a statement, whatever that inserts.
CREATE OR REPLACE FUNCTION public.events_refuse_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.events WHERE type = 'LedgerFrozen') THEN
    RAISE EXCEPTION '记录库已冻结 / the ledger is frozen';
  END IF;
  RETURN NULL;
END $$;

-- Who freezes waits for those who are still appending, and takes an id behind theirs: so it is the last entry
-- of the log, and nothing that the same statement inserts comes after it. Who comes later waits for it, and
-- then sees it.
CREATE FUNCTION public.events_freeze() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_WHEN = 'BEFORE' THEN
    LOCK TABLE public.events IN SHARE ROW EXCLUSIVE MODE;
    NEW.id := nextval(pg_get_serial_sequence('public.events', 'id'));
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM public.events WHERE id > NEW.id) THEN
    RAISE EXCEPTION '记录库已冻结 / the ledger is frozen';
  END IF;
  RETURN NULL;
END $$;

-- Append events in the order given, which somebody gives their places later; how many.
CREATE OR REPLACE FUNCTION public.append(case_ids text[], versions bigint[], types text[], entries bytea[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN cardinality(public.store(case_ids, versions, types, entries));
END $$;

-- Append events in the order given, seal them with whatever waits before them; the position and the leaf hash
-- of each, of what is stored. They may rest on a stream as it was at a version, `upto`: then nothing further
-- may be there, and none of them is of an earlier moment than what is before them.
CREATE FUNCTION public.append_and_seal(
  case_ids text[], versions bigint[], types text[], entries bytea[], most bigint,
  basis text, upto bigint, OUT positions bigint[], OUT hashes bytea[]
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  ids bigint[] := public.store(case_ids, versions, types, entries);
  step bigint := greatest(most, 1);  -- with less it would never come to an end
  sealed record;
  as_sent boolean;
  before bytea;
BEGIN
  LOOP
    sealed := public.seal(false, step);
    EXIT WHEN sealed.size - sealed.since < step;
  END LOOP;
  -- Whatever stands between an INSERT and its table: what is sealed is what was sent, or nothing is.
  SELECT array_agg(position ORDER BY position), array_agg(hash ORDER BY position),
    bool_and(hash IS NOT DISTINCT FROM sha256('\x00' || sent.entry))
  INTO positions, hashes, as_sent
  FROM unnest(ids, entries) AS sent (id, entry) LEFT JOIN public.leaves ON event_id = sent.id;
  IF as_sent IS NOT TRUE THEN
    RAISE data_corrupted USING MESSAGE =
      '写入的条目没有原样存下，已撤回 / what was written was not stored as it was sent, and is undone';
  END IF;
  IF basis IS NULL THEN
    RETURN;
  END IF;
  IF EXISTS (SELECT FROM public.events WHERE case_id = basis AND version = upto + 1) THEN
    RAISE serialization_failure USING MESSAGE = basis;
  END IF;
  SELECT entry INTO before FROM public.leaves JOIN public.events ON events.id = event_id
    WHERE position = positions[1] - 1;
  IF substr(before, 1, 7) = '{"at":"' AND substr(entries[1], 1, 7) = '{"at":"'
    AND substr(entries[1], 8, 27) < substr(before, 8, 27)
  THEN
    RAISE datetime_field_overflow USING
      MESSAGE = encode(substr(before, 8, 27), 'escape'), DETAIL = positions[1] - 1;
  END IF;
END $$;

-- Give a place at the end of the log to events without one, `most` of them at once.
--
-- Ids are given before their rows are committed, so a mark on ids would miss those that come late.
-- Each event bears the id of its transaction, `tx`. What a sealer cannot see yet belongs to
-- transactions that its snapshot holds for unended, or that begin from its xmax on; so these are what
-- the next sealer looks at, and no more, however long a transaction stays open elsewhere on the
-- server. The snapshot is read before the events are looked for: every statement in here sees what is
-- committed when it begins. Its own transaction goes on, so it is unended, too.
CREATE OR REPLACE FUNCTION public.seal(thorough boolean, most bigint, OUT since bigint, OUT size bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
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
    log.unended := ARRAY(SELECT pg_snapshot_xip(seen)) || pg_current_xact_id();
    log.cluster := here;
  END IF;  -- else there may be more where these were
  size := public.place(log, ids, hashes);
END $$;

-- Give events the next places, in the order given; the size of the log with them.
--
-- log: as it is, but for the horizon, the cluster and what is unended, which are to be stored.
CREATE OR REPLACE FUNCTION public.place(log public.log_state, ids bigint[], hashes bytea[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  grown bigint := log.size;
  subtrees bytea := log.frontier;
  hash bytea;
  placed bigint;
  height integer;
BEGIN
  IF length(subtrees) <> 32 * bit_count(log.size::bit(64)) THEN
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
      hash := sha256('\x01' || substr(subtrees, length(subtrees) - 31) || hash);
      subtrees := substr(subtrees, 1, length(subtrees) - 32);
      height := height + 1;
      IF height % 8 = 0 THEN  -- a tile has become full, and this is its root
        PERFORM public.keep_tile(height / 8 - 1, grown >> height, hash);
      END IF;
    END LOOP;
    subtrees := subtrees || hash;
    grown := grown + 1;
  END LOOP;
  UPDATE public.log_state
    SET size = grown, frontier = subtrees, horizon = log.horizon, cluster = log.cluster,
      unended = log.unended
    WHERE one = 1;
  RETURN grown;
END $$;
