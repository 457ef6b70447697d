-- A seal asks the server for less. Which server it is, it asks once after each start, since that reads a file,
-- which took a sixth of an append. Which transactions had not ended it reads from the text of the snapshot
-- (xmin:xmax:xip,xip), without a query.

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
  started text := extract(epoch FROM pg_postmaster_start_time());
  here text;
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

  -- Which server this is stands in a file, which is read once after each start.
  here := log.cluster;
  IF split_part(here, ' ', 2) IS DISTINCT FROM started THEN
    here := (SELECT system_identifier FROM pg_control_system()) || ' ' || started;
  END IF;

  -- A horizon that is still to come here is of another server, too: of one that was copied.
  IF thorough OR log.horizon > beyond
    OR split_part(log.cluster, ' ', 1) IS DISTINCT FROM split_part(here, ' ', 1)
  THEN
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
    log.unended := string_to_array(nullif(split_part(seen::text, ':', 3), ''), ',')::xid8[]
      || pg_current_xact_id();
    log.cluster := here;
  END IF;  -- else there may be more where these were
  size := public.place(log, ids, hashes);
END $$;
