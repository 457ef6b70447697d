// A dossier: all that must hold of it, in its order (docs/formats/dossier.md).

const NAMES =
  /^(checkpoint|entries\/\d{12}\.json|proofs\/\d{12}\.tlog-proof|consistency\/\d{12}|enclosures\/[a-z0-9][a-z0-9.-]{0,80})$/;

/** What the last entry names within streams, and an administrator has set aside, by its place. */
class Aside {
  constructor(files, places) {
    this.acts = [];
    this.taken = [];
    let closing = {};
    for (const place of places) {
      try {
        closing = JSON.parse(textOf(files.get(`entries/${place}.json`)));
        if (closing.type === "EntrySetAside" && closing.case === REGISTER) {
          this.acts.push([closing.data.position, closing.data.leaf]);
        }
      } catch {
        // What it is, is seen when its stream is read.
      }
    }
    const streams = closing?.data?.streams;
    this.stated = Array.isArray(streams) ? streams : [];
  }

  /** The stream and version of what was set aside there, if it is next. */
  take(position, entry, leaf, heads) {
    if (!this.acts.some(([at, hash]) => at === position && hash === leaf)) return null;
    const next = (name) => (heads.get(name)?.version ?? 0) + 1;
    const found = this.stated.find(
      (end) => end.leaf === leaf && end.version === next(end.stream),
    );
    if (!found) return null;
    check(
      !decides(entry, [found.stream, found.version, heads.get(found.stream)?.leaf ?? ""]),
      `位置 ${position} 被搁置的条目有签名，或决定谁能签名`,
      `what was set aside at ${position} is signed, or says who signs`,
    );
    this.taken.push(found);
    return found;
  }
}

/** Whether an entry has its place and is signed, or says who signs: none such is set aside. */
function decides(entry, at) {
  try {
    const said = JSON.parse(textOf(entry));
    const whoSigns = OF_SIGNERS.test(said.type) || said.type === "SignaturesDemanded";
    const fits = canonical([said.case, said.version, said.prev]) === canonical(at);
    return fits && ("signed" in said || whoSigns);
  } catch {
    return false;
  }
}

/** Whether the log is that of a practice ledger, in which nothing is real. */
const isPractice = (origin) => origin.startsWith("PRACTICE/");

const order = (a, b) => (a < b ? -1 : Number(a > b));

/** The streams that the case rests on are whole, as far as the last entry says they went. */
function checkStreams(last, heads, aside) {
  check(heads.has(REGISTER), "没有账号登记簿", "there is no register of accounts");
  if (last.v === 1) {
    return [
      [
        "由较早的程序制作，没有写明账号登记到哪一条",
        "an older program made it, which did not state how far the register went",
      ],
    ];
  }
  const line = (name, version, leaf) => canonical([name, version, leaf]);
  const given = new Set(aside.map((one) => line(one.stream, one.version, one.leaf)));
  for (const [name, head] of heads) {
    if (name !== last.case) given.add(line(name, head.version, head.leaf));
  }
  const stated = last.data.streams;
  const sorted = stated.every((end, at) => {
    const before = stated[at - 1];
    if (!at) return true;
    return (order(before.stream, end.stream) || before.version - end.version) < 0;
  });
  const whole =
    sorted &&
    stated.length === given.size &&
    stated.every((end) => given.has(line(end.stream, end.version, end.leaf)));
  check(
    whole,
    "所依据的流缺少、多余或被截短",
    "a stream that the case stands on is missing, extra or cut short",
  );
  return aside.map(({ stream, version }) => [
    `${stream} 的第 ${version} 条已由管理员搁置`,
    `version ${version} of ${stream} was set aside by an administrator`,
  ]);
}

/** The digest of a rubric's file, once its last part is there and if it is the one stated. */
async function published(said, begun) {
  const text = (begun.get(said.sha256) ?? "") + said.source;
  begun.delete(said.sha256);
  if ((said.part ?? 0) < (said.parts ?? 0)) {
    begun.set(said.sha256, text);
    return null;
  }
  return hex(await sha256(utf8(text))) === said.sha256 ? said.sha256 : null;
}

/**
 * Verify a dossier.
 *
 * data: its bytes. vkey: the public key of the log, got elsewhere. held: checkpoints got elsewhere
 * or earlier. signedFrom: the day from which on its acts must be signed by their authors, even if
 * the ledger demands nothing; "" leaves that to the ledger. Returns what it proves; throws NotVerified where anything does not hold.
 */
async function verifyDossier(data, vkey, held = [], signedFrom = "") {
  const files = unpacked(data);
  // 1. The checkpoint is signed by the log's published key.
  check(files.has("checkpoint"), "不是卷宗：没有检查点", "no dossier: no checkpoint");
  const head = await openCheckpoint(files.get("checkpoint"), vkey);
  check(
    [...files.keys()].every((name) => NAMES.test(name)),
    "有不属于卷宗的文件",
    "a file that does not belong there",
  );
  check(
    same(packed(files), data),
    "重新打包过，或成员之外另有内容：请索取原件",
    "packed again, or something beside its members: get the original",
  );
  // 2. Every entry is in the log where its name says; every stream is whole and linked.
  const within = (folder) =>
    [...files.keys()]
      .filter((name) => name.startsWith(`${folder}/`))
      .map((name) => name.slice(folder.length + 1).split(".")[0])
      .sort();
  const places = within("entries");
  check(
    places.join() === within("proofs").join(),
    "记录与证明不成对",
    "an entry without its proof, or a proof without its entry",
  );
  const aside = new Aside(files, places);
  const authors = new Authors(signedFrom);
  const [heads, covered, rubrics, begun] = [new Map(), new Map(), new Set(), new Map()];
  const pinned = new Set();
  const entries = [];
  let [last, newest, covers] = [null, 1, 0];
  for (const place of places) {
    const entry = files.get(`entries/${place}.json`);
    const position = Number(place);
    const receipt = parseReceipt(files.get(`proofs/${place}.tlog-proof`));
    check(
      same(receipt.note, files.get("checkpoint")),
      `位置 ${position} 的证明用的是另一个检查点`,
      `the proof at ${position} has another checkpoint`,
    );
    check(
      receipt.index === position && !receipt.extra,
      `位置 ${position} 的证明`,
      `proof ${position}`,
    );
    const leaf = await leafOf(entry);
    await checkInclusion(leaf, position, head.size, receipt.path, head.root);
    const stray = aside.take(position, entry, hex(leaf), heads);
    if (stray) {
      heads.set(stray.stream, { version: stray.version, leaf: hex(leaf) });
      continue;
    }
    last = readEntry(entry);
    if (last.case === REGISTER && last.version === 1) {
      check(
        (last.data.practice ?? false) === isPractice(head.origin),
        "日志名称与首条记录不一：一个写明是演示，一个没有",
        "the log's name and its first entry contradict: practice, or real",
      );
    }
    await authors.take(last, leaf);
    newest = Math.max(newest, last.rules ?? 1);
    const before = heads.get(last.case) ?? { version: 0, leaf: "" };
    check(
      last.version === before.version + 1 && last.prev === before.leaf,
      `位置 ${position} 之前有缺失`,
      `a gap before ${position}`,
    );
    heads.set(last.case, { version: last.version, leaf: hex(leaf) });
    covers = covered.get(last.case) ?? 0;
    covered.set(last.case, last.version);
    entries.push({ position, said: last, leaf: hex(leaf) });
    if (last.type === "RubricPublished") rubrics.add(await published(last.data, begun));
    if (["RubricPinned", "RubricRepinned"].includes(last.type)) pinned.add(last.data.sha256);
  }
  // 3. The last entry says that the case is complete up to it, and what belongs to the dossier.
  check(last?.type === "DossierIssued", "卷宗不完整", "the dossier is incomplete");
  check(
    last.data.covers === covers,
    "卷宗所涵盖的与末条所写不符",
    "the dossier covers something else",
  );
  check(
    (last.rules ?? 1) === newest,
    "末条依据的规则早于其他条目",
    "it is closed under older rules than others were made by",
  );
  check(last.v > 1 || newest === 1, "末条的格式已停用", "it is closed in a form that was out of use");
  const enclosures = new Map();
  const given = [];
  for (const [name, content] of files) {
    if (!name.startsWith("enclosures/")) continue;
    const short = name.slice("enclosures/".length);
    enclosures.set(short, content);
    given.push(canonical([short, hex(await sha256(content))]));
  }
  const bound = new Map(last.data.enclosures.map((one) => [one.name, one.sha256]));
  const stated = [...bound].map(canonical);
  check(
    stated.sort().join("\n") === given.sort().join("\n"),
    "附件缺少、多余或被改动",
    "an enclosure is missing, extra or altered",
  );
  // 4. What the case rests on is whole.
  const notes = checkStreams(last, heads, aside.taken);
  // 5. The rubric that scores the case is there.
  check(
    [...pinned].every((digest) => rubrics.has(digest)),
    "所用的指标体系不在卷宗中",
    "a rubric that was pinned is not enclosed",
  );
  // 6. What its author has signed is what they signed.
  const { signed, unchecked } = await authors.verify();
  // 7. The log only grew since a checkpoint that you hold.
  const growth = new Map();
  for (const [name, content] of files) {
    if (!name.startsWith("consistency/")) continue;
    growth.set(Number(name.slice("consistency/".length)), hashesOf(content));
  }
  check(
    [...growth.keys()].every((older) => older < head.size) && !growth.get(0)?.length,
    "一致性证明的起点不对",
    "a proof of growth from no earlier size",
  );
  const compared = [];
  for (const note of held) {
    // What is printed on paper may have no signature, and be compared all the same.
    const old = note instanceof Uint8Array ? await openCheckpoint(note, vkey) : note;
    check(old.origin === head.origin, "检查点属于另一个日志", "the checkpoint is of another log");
    await checkConsistency(old, head, growth.get(old.size) ?? []);
    compared.push(old.size);
  }
  const acts = authors.acts.size;
  return { head, last, entries, enclosures, notes, compared, signed, unchecked, acts };
}

/** Verify a receipt of the bytes of an entry; returns the checkpoint that it leads to. */
async function verifyReceipt(data, entry, vkey) {
  const receipt = parseReceipt(data);
  const head = await openCheckpoint(receipt.note, vkey);
  await checkInclusion(await leafOf(entry), receipt.index, head.size, receipt.path, head.root);
  return { head, index: receipt.index, said: readEntry(entry) };
}
