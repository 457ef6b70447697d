"""Appending on PostgreSQL on the condition that nothing has changed what was decided on."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What is sequenced after this has its position behind it, and what was sequenced before is seen: a
# sequencing process has the lock until its transaction is over. An entry begins with the instant at
# which it was recorded, since its keys are sorted.
FUNCTION = """
CREATE FUNCTION public.append_on(
  case_ids text[], versions bigint[], types text[], entries bytea[], most bigint,
  basis text, upto bigint
) RETURNS TABLE (placed bigint, leaf bytea)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  positions bigint[];
  hashes bytea[];
  before bytea;
BEGIN
  SELECT array_agg(appended.placed ORDER BY appended.placed),
    array_agg(appended.leaf ORDER BY appended.placed)
  INTO positions, hashes
  FROM public.append_and_seal(case_ids, versions, types, entries, most) AS appended;
  IF EXISTS (SELECT FROM public.events WHERE case_id = basis AND version > upto) THEN
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
  RETURN QUERY SELECT * FROM unnest(positions, hashes);
END $$
"""


def upgrade() -> None:
    """Make the function; on SQLite the writer who has the lock looks by itself."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(FUNCTION.replace(":", "\\:"))
