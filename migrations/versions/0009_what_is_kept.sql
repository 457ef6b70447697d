-- What a role that is admitted may leave beside the record, and what it may append, on a PostgreSQL server: junk
-- there would keep others from signing, or stand in streams for ever. The owner may restore anything.

-- Whether whoever is connected has all rights of the owner of these functions.
CREATE FUNCTION public.is_owner() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_has_role(session_user, current_user, 'MEMBER')
$$;

-- Keep a checkpoint that the log has signed, unless there is one of its size. Only of what is sealed, under what
-- its note says; of the log as it is, under its root, which the frontier gives: the hashes of full subtrees,
-- the largest first.
CREATE OR REPLACE FUNCTION public.keep_checkpoint(size bigint, root bytea, note bytea, signed_at text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  log public.log_state;
  said text[];
  rooted bytea;
BEGIN
  IF NOT public.is_owner() THEN
    SELECT * INTO STRICT log FROM public.log_state WHERE one = 1;
    said := string_to_array(convert_from(note, 'UTF8'), E'\n');
    rooted := substr(log.frontier, length(log.frontier) - 31);
    FOR before IN REVERSE length(log.frontier) / 32 - 2 .. 0 LOOP
      rooted := sha256('\x01' || substr(log.frontier, 32 * before + 1, 32) || rooted);
    END LOOP;
    IF (
      size BETWEEN 0 AND log.size AND said[2] = size::text AND said[3] = encode(root, 'base64')
      AND length(note) <= 131072 AND length(signed_at) <= 32
      AND (size < log.size OR root = CASE size WHEN 0 THEN sha256('') ELSE rooted END)
    ) IS NOT TRUE THEN
      RAISE insufficient_privilege USING MESSAGE =
        '不是这个日志的检查点 / it is no checkpoint of this log';
    END IF;
  END IF;
  INSERT INTO public.checkpoints VALUES (size, root, note, signed_at) ON CONFLICT DO NOTHING;
END $$;

-- Keep what a witness has put below a checkpoint that is kept.
CREATE OR REPLACE FUNCTION public.keep_cosignature(size bigint, line text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT public.is_owner() AND (
    line ~ '^— [^[:space:]+]+ [A-Za-z0-9+/]{8,}={0,2}$' AND length(line) <= 4096
    AND EXISTS (SELECT FROM public.checkpoints WHERE checkpoints.size = keep_cosignature.size)
  ) IS NOT TRUE THEN
    RAISE insufficient_privilege USING MESSAGE =
      '不是所存检查点的联署 / it is no cosignature of a checkpoint that is kept';
  END IF;
  INSERT INTO public.cosignatures VALUES (size, line) ON CONFLICT DO NOTHING;
END $$;

-- Keep a time stamp, under the digest of what the authority replied.
CREATE OR REPLACE FUNCTION public.keep_stamp(digest bytea, note bytea, reply bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT public.is_owner()
    AND (digest = sha256(reply) AND length(note) <= 131072 AND length(reply) <= 1048576) IS NOT TRUE
  THEN
    RAISE insufficient_privilege USING MESSAGE = '不是时间戳 / it is no time stamp';
  END IF;
  INSERT INTO public.stamps VALUES (digest, note, reply) ON CONFLICT DO NOTHING;
END $$;

-- Store events in the order given; the ids of their rows. As 0007 has it, and besides: versions count from 1, and
-- what the role of a person or of a gateway appends stands where it says that it stands.
CREATE OR REPLACE FUNCTION public.store(case_ids text[], versions bigint[], types text[], entries bytea[])
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
    IF NOT public.is_owner() THEN
      RAISE insufficient_privilege USING MESSAGE = format(
        '数据库角色 %s 没有登记 / the database role %s is not registered', session_user, session_user);
    END IF;
  ELSE
    IF 1 > ANY (versions) THEN
      RAISE insufficient_privilege USING MESSAGE = '条号从 1 起 / versions count from 1';
    END IF;
    FOR nth IN 1 .. coalesce(cardinality(entries), 0) LOOP
      entry := entries[nth];
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
      IF (said ->> 'case', said ->> 'version', said ->> 'type')
        IS DISTINCT FROM (case_ids[nth], versions[nth]::text, types[nth])
      THEN
        RAISE insufficient_privilege USING MESSAGE =
          '条目自称在别处 / the entry says that it stands elsewhere';
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
