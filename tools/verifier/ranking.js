// The proof of a place in the ranking of a year (docs/formats/ranking.md).

const RANKING = "scoretrail-ranking-proof/1";

/** What a file of JSON calls its form; null where it is no JSON or names none. */
function formatOf(text) {
  try {
    return JSON.parse(text).format ?? null;
  } catch {
    return null;
  }
}

const isPlaceProof = (proof) =>
  isObject(proof) &&
  Object.keys(proof).sort().join() === "case,entry,format,index,path,receipt" &&
  isObject(proof.case) &&
  Object.keys(proof.case).sort().join() === "case,place,salt,score" &&
  [proof.case.case, proof.case.score, proof.case.salt, proof.entry, proof.receipt].every(isText) &&
  /^[0-9a-f]{32}$/.test(proof.case.salt) &&
  ![proof.case.case, proof.case.score].some((text) => text.includes("\n")) &&
  [proof.index, proof.case.place].every(Number.isSafeInteger) &&
  Array.isArray(proof.path) &&
  proof.path.every(isHash);

/** Verify the proof of a place; returns what it shows. */
async function verifyPlace(data, vkey) {
  const proof = JSON.parse(textOf(data));
  check(isPlaceProof(proof), "不是名次证明，或不完整", "no proof of a place, or incomplete");
  // 1. The entry is in the log, by a checkpoint that the log has signed.
  const { head, said } = await verifyReceipt(utf8(proof.receipt), utf8(proof.entry), vkey);
  // 2. It is the ranking of a year, in the register.
  const { year, cases, root } = said.data;
  check(
    said.type === "RankingRecorded" &&
      said.case === REGISTER &&
      [year, cases].every(Number.isSafeInteger) &&
      isHash(root),
    "所附条目不是名次表",
    "the entry enclosed is not that of a ranking",
  );
  // 3. The case is in the list whose root it states (RFC 9162; leaves as in the format).
  const { place, score, case: name, salt } = proof.case;
  check(
    place >= 1 && place <= proof.index,
    "名次与所在的行不符",
    "a row that cannot have that place",
  );
  const lines = ["scoretrail-ranking/1", "case", year, place, score, name, salt];
  const leaf = await leafOf(utf8(lines.map((line) => `${line}\n`).join("")));
  try {
    await checkInclusion(leaf, proof.index, cases + 1, proof.path.map(unhex), unhex(root));
  } catch {
    check(false, "名次不在所登记的名次表中", "the place is not in the ranking that was recorded");
  }
  return { head, year, cases, ...proof.case };
}
