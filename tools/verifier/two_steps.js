// Receipts in two steps: an entry is in a log, and the checkpoint of that log in another.

const TWO_STEPS = "scoretrail/two-step@v1\n";
const PROOF = "c2sp.org/tlog-proof@v1\n";

/** The receipt of the entry, the entry of the upper log that holds its checkpoint, and its receipt. */
function partsOf(data) {
  const text = textOf(data);
  const [above, taken, ...outer] = text.split("\n\n");
  check(
    text.startsWith(TWO_STEPS) && outer.length === 3,
    "不是两级存证证明，或不完整",
    "no receipt in two steps, or not all of it",
  );
  const upper = readEntry(utf8(taken));
  check(
    upper.case === REGISTER && upper.type === "CheckpointTaken" && isText(upper.data.checkpoint),
    "上级条目没有检查点",
    "the upper entry takes no checkpoint up",
  );
  const note = utf8(`${PROOF}${above.slice(TWO_STEPS.length)}\n\n${upper.data.checkpoint}`);
  return { inner: parseReceipt(note), note, taken: utf8(taken), outer: utf8(outer.join("\n\n")) };
}

/** Verify such a receipt of the bytes of an entry, with a key of each log. */
async function verifyTwoSteps(data, entry, vkeys) {
  const { note, taken, outer } = partsOf(data);
  const upper = await verifyReceipt(outer, taken, vkeys);
  const lower = await verifyReceipt(note, entry, vkeys);
  check(lower.head.origin !== upper.head.origin, "两级是同一日志", "both steps are of one log");
  return { ...lower, upper };
}
