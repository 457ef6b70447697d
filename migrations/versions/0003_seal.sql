-- Appending and sealing on PostgreSQL, beside the tables: each is one round trip for the client.
-- What is done here is what ledger/store/sqlite.py does in Python; the tests compare their bytes.

-- Give a place at the end of the log to events without one, `most` of them at once.
--
-- Ids are given before their rows are committed, so a mark on ids would miss those that come late.
-- Each event bears the id of its transaction, `tx`. What a sealer cannot see yet belongs to
-- transactions from its snapshot's xmin on; so that is the next horizon, and the next sealer looks at
-- events from there on that have no leaf. It is read before the events are looked for: every
-- statement in here sees what is committed when it begins.
CREATE FUNCTION seal(thorough boolean, most bigint, OUT since bigint, OUT size bigint)
LANGUAGE plpgsql AS $$
DECLARE
  log log_state;
  here text := (SELECT system_identifier::text FROM pg_control_system());
  seen bigint;
  ids bigint[];
  hashes bytea[];
BEGIN
  PERFORM pg_advisory_xact_lock(7270019);  -- one sealer at a time, and nobody who makes a ledger
  SELECT * INTO STRICT log FROM log_state WHERE one = 1;
  seen := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  since := log.size;
  size := log.size;

  -- A horizon that is still to come here is of another server, too: of one that was copied.
  IF thorough OR log.cluster IS DISTINCT FROM here OR log.horizon > seen THEN
    SELECT array_agg(found.id ORDER BY id), array_agg(sha256('\x00' || found.entry) ORDER BY id)
    INTO ids, hashes FROM (
      SELECT id, entry FROM events
      WHERE NOT EXISTS (SELECT 1 FROM leaves WHERE event_id = events.id)
      ORDER BY id LIMIT most
    ) AS found;
  ELSE
    -- Planned for what is nearly always there, a handful of new events in a long log, whatever the
    -- statistics say: the subquery cannot become a join with all leaves, nor the order a walk
    -- through all ids. Rows of another cluster may bear ids of transactions yet to come here: they
    -- are skipped by the upper bound, since a restore ends with a thorough look at all of them.
    SELECT array_agg(found.id ORDER BY id), array_agg(sha256('\x00' || found.entry) ORDER BY id)
    INTO ids, hashes FROM (
      SELECT id, entry FROM events
      WHERE tx >= log.horizon::text::xid8
        AND tx <= greatest(
          pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id_if_assigned()
        )
        AND (SELECT position FROM leaves WHERE event_id = events.id) IS NULL
      ORDER BY id + 0 LIMIT most
    ) AS found;
  END IF;
  IF ids IS NULL THEN
    RETURN;
  END IF;
  IF cardinality(ids) < most THEN
    log.horizon := seen;
    log.cluster := here;
  END IF;  -- else there may be more where these were
  size := place(log, ids, hashes);
END $$;

-- Give events the next places, in the order given; the size of the log with them.
--
-- log: as it is, but for the horizon and the cluster, which are to be stored.
CREATE FUNCTION place(log log_state, ids bigint[], hashes bytea[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  grown bigint := log.size;
  hash bytea;
  height integer;
BEGIN
  IF length(log.frontier) <> 32 * bit_count(log.size::bit(64)) THEN
    RAISE data_corrupted USING MESSAGE =
      '日志前沿与条数不符 / the frontier does not fit the size of the log';
  END IF;
  INSERT INTO leaves (position, event_id, hash)
    SELECT log.size + nth - 1, given.id, given.leaf
    FROM unnest(ids, hashes) WITH ORDINALITY AS given(id, leaf, nth);

  -- The frontier holds the hash of one full subtree for each bit of the size, the largest first.
  FOREACH hash IN ARRAY hashes LOOP
    height := 0;
    -- Two full subtrees of one size are one of twice the size: the carry of a binary counter.
    WHILE (grown >> height) & 1 = 1 LOOP
      hash := sha256('\x01' || substr(log.frontier, length(log.frontier) - 31) || hash);
      log.frontier := substr(log.frontier, 1, length(log.frontier) - 32);
      height := height + 1;
      IF height % 8 = 0 THEN  -- a tile has become full, and this is its root
        PERFORM keep_tile(height / 8 - 1, grown >> height, hash);
      END IF;
    END LOOP;
    log.frontier := log.frontier || hash;
    grown := grown + 1;
  END LOOP;
  UPDATE log_state
    SET size = grown, frontier = log.frontier, horizon = log.horizon, cluster = log.cluster
    WHERE one = 1;
  RETURN grown;
END $$;

-- Give a place to the last events of this transaction, which holds the lock: for a ledger that is
-- being filled, where `seal` would look through all of them again each time. Their transaction is
-- not over; a horizon that no server will come to lets the next seal look at all events once.
CREATE FUNCTION seal_last(number bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  log log_state;
  ids bigint[];
  hashes bytea[];
BEGIN
  SELECT * INTO STRICT log FROM log_state WHERE one = 1;
  log.horizon := 9223372036854775807;
  -- As text, so that it walks back from the last id: by the index of `tx` it would find every row
  -- of a long transaction each time.
  SELECT array_agg(found.id ORDER BY id), array_agg(sha256('\x00' || found.entry) ORDER BY id)
  INTO ids, hashes FROM (
    SELECT id, entry FROM events WHERE tx::text = pg_current_xact_id()::text
    ORDER BY id DESC LIMIT number
  ) AS found;
  RETURN place(log, ids, hashes);
END $$;

-- Keep a tile that has become full, made of the leaves or of the roots of the tiles below it.
CREATE FUNCTION keep_tile(of_level bigint, of_number bigint, its_root bytea) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  first bigint := of_number * 256;
  hashes bytea;
BEGIN
  IF of_level = 0 THEN
    SELECT string_agg(hash, '' ORDER BY position) INTO hashes FROM leaves
      WHERE position >= first AND position < first + 256;
  ELSE
    SELECT string_agg(root, '' ORDER BY number) INTO hashes FROM tiles
      WHERE level = of_level - 1 AND number >= first AND number < first + 256;
  END IF;
  IF length(hashes) IS DISTINCT FROM 8192 THEN
    RAISE data_corrupted USING MESSAGE =
      '瓦片不全，日志中缺哈希 / hashes of a tile are missing from the log';
  END IF;
  INSERT INTO tiles (level, number, root, data) VALUES (of_level, of_number, its_root, hashes);
END $$;

-- Append events in the order given, seal them with whatever waits before them; their positions.
CREATE FUNCTION append(
  case_ids text[], versions bigint[], types text[], entries bytea[], most bigint
) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[];
  sealed record;
BEGIN
  WITH appended AS (
    INSERT INTO events (case_id, version, type, entry)
      SELECT given.case_id, given.version, given.type, given.entry
      FROM unnest(case_ids, versions, types, entries)
        WITH ORDINALITY AS given(case_id, version, type, entry, nth)
      ORDER BY nth
    RETURNING id
  )
  SELECT array_agg(id) INTO ids FROM appended;
  LOOP
    sealed := seal(false, most);
    EXIT WHEN sealed.size - sealed.since < most;
  END LOOP;
  RETURN QUERY SELECT position FROM leaves WHERE event_id = ANY (ids) ORDER BY position;
END $$;
