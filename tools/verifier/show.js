// The page: what was put in, the verdict, and what the verified bytes say.

/** An element with attributes and children; children that are text are never markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.flat());
  return made;
}

const COLON = () => say(["：", ": "]);
const byId = (id) => document.getElementById(id);
const given = [];
let turn = 0;

/** What a file is, by its bytes. */
function kindOf(bytes) {
  if (same(bytes.subarray(0, 4), Uint8Array.of(0x50, 0x4b, 3, 4))) return "dossier";
  let text;
  try {
    text = textOf(bytes);
  } catch {
    return "unknown";
  }
  if (text.startsWith(PROOF)) return "receipt";
  if (text.startsWith(TWO_STEPS)) return "twoSteps";
  if (VKEY.test(text.trim())) return "publicKey";
  if (text.startsWith("{") && formatOf(text) === RANKING) return "place";
  if (text.startsWith("{") && text.includes('"prev":')) return "entry";
  return text.includes("\n\n\u2014 ") ? "checkpoint" : "unknown";
}

/** A file that was put in: what it is, and its bytes, uncompressed; or why they cannot be had. */
async function opened(file) {
  const content = new Uint8Array(await file.arrayBuffer());
  const about = { name: file.name, digest: hex(await sha256(content)) };
  try {
    const bytes = await uncompressed(content);
    return { ...about, bytes, kind: kindOf(bytes) };
  } catch (error) {
    return { ...about, error, kind: "compressed" };
  }
}

async function take(files) {
  for (const file of files) {
    const one = await opened(file);
    if (one.kind === "publicKey") keyPutIn(textOf(one.bytes).trim());
    given.push(one);
  }
  await show();
}

/** A key that was put in is that of its log from now on; those of other logs are kept below. */
function keyPutIn(vkey) {
  const name = VKEY.exec(vkey)[1];
  const others = byId("key").value.split(/\s+/).filter((one) => one && VKEY.exec(one)?.[1] !== name);
  byId("key").value = [vkey, ...others].join("\n");
}

/** [good | bad | ask, text] lines of the verdict. */
function verdictOf(error, name) {
  const broken = () => `${say("broken")} (${error.name}: ${error.message})`;
  const why = error instanceof NotVerified ? say([error.zh, error.en]) : broken();
  return ["bad", [name, say("refused"), why].join(COLON())];
}

/** What holds: of a practice ledger it is nothing real, and is not said to be good. */
function holding({ origin }, words) {
  if (!isPractice(origin)) return ["good", words.join(COLON())];
  const [name, ...more] = words;
  return ["bad", [name, say("practice"), ...more].join(COLON())];
}

async function verdicts(vkey, of) {
  const lines = [];
  let verified = null;
  const [dossiers, entries, notes] = ["dossier", "entry", "checkpoint"].map(of);
  const line = byId("line").value.trim();
  if (!line && !given.some((one) => !["unknown", "publicKey"].includes(one.kind))) {
    return [lines, null];
  }
  if (!vkey) return [[["ask", say("askKey")]], null];
  const since = byId("since").value.trim();
  if (since && !/^\d{4}-\d\d-\d\d$/.test(since)) return [[["ask", say("askDay")]], null];
  if (line) {
    try {
      const head = parseLine(line);
      notes.push({ name: say("line"), bytes: head.note ?? head });
    } catch (error) {
      return [[verdictOf(error, say("line"))], null];
    }
  }
  for (const { name, error } of of("compressed")) lines.push(verdictOf(error, name));
  if (dossiers.length > 1) return [[["ask", say("askOne")]], null];
  for (const { name, bytes } of dossiers) {
    try {
      verified = await verifyDossier(bytes, vkey, notes.map((note) => note.bytes), since);
      const { head, last, unchecked } = verified;
      const upTo = `${say("complete")} ${last.version} ${say("of")} ${last.at}`;
      lines.push(holding(head, [name, say("verified"), last.case, upTo]));
      const some = `${unchecked} ${say("uncheckedWhy")}`;
      if (unchecked) lines.push(["ask", [name, say("unchecked"), some].join(COLON())]);
    } catch (error) {
      lines.push(verdictOf(error, name));
    }
  }
  for (const { name, bytes, kind } of [...of("receipt"), ...of("twoSteps")]) {
    try {
      const { index } = kind === "receipt" ? parseReceipt(bytes) : partsOf(bytes).inner;
      const leaves = new Map();
      for (const one of entries) leaves.set(one.name, one.bytes);
      const inside = dossiers.length ? unpacked(dossiers[0].bytes) : new Map();
      const enclosed = inside.get(`entries/${String(index).padStart(12, "0")}.json`);
      const candidates = [...leaves.values(), ...(enclosed ? [enclosed] : [])];
      if (!candidates.length) {
        lines.push(["ask", [name, say("askEntry")].join(COLON())]);
        continue;
      }
      const verify = kind === "receipt" ? verifyReceipt : verifyTwoSteps;
      lines.push(await receiptVerdict(name, (entry) => verify(bytes, entry, vkey), candidates));
    } catch (error) {
      lines.push(verdictOf(error, name));
    }
  }
  for (const { name, bytes } of of("place")) {
    try {
      const shown = await verifyPlace(bytes, vkey);
      lines.push(holding(shown.head, [name, say("verified"), placeOf(shown)]));
    } catch (error) {
      lines.push(verdictOf(error, name));
    }
  }
  if (!dossiers.length) lines.push(...(await checkpointVerdicts(notes, vkey)));
  return [lines, verified];
}

/** What the proof of a place shows, and what it does not. */
const placeOf = ({ head, year, cases, case: name, place, score }) =>
  say([
    `${year} 年度 ${cases} 个评价事项中，${name} 得分 ${score}，第 ${place} 名；名次表在日志 ${head.origin} 的前 ${head.size} 条之内（此后是否另行登记，凭证明看不出）`,
    `of ${cases} cases of ${year}, ${name} has place ${place} with ${score}; the ranking is among the first ${head.size} entries of ${head.origin} (whether another was recorded since, no proof can show)`,
  ]);

/** A receipt is of one of the entries, or of none. */
async function receiptVerdict(name, verify, candidates) {
  let failed;
  for (const entry of candidates) {
    try {
      const { said, index, head, upper } = await verify(entry);
      const where = `${said.case} ${say("version")} ${said.version}, ${say("position")} ${index}`;
      const logs = [`${head.origin} ${head.size}`];
      if (upper) logs.push(`${say("upper")} ${upper.head.origin} ${upper.head.size}, ${say("position")} ${upper.index}`);
      return holding(head, [name, say("verified"), where, ...logs]);
    } catch (error) {
      failed ??= error;
    }
  }
  return verdictOf(failed, name);
}

async function checkpointVerdicts(notes, vkey) {
  const lines = [];
  const roots = new Map();
  for (const { name, bytes } of notes) {
    try {
      const signed = bytes instanceof Uint8Array;
      const head = signed ? await openCheckpoint(bytes, vkey) : bytes;
      if (!signed && !roots.has(head.size)) {
        lines.push(["ask", [name, say("lineAlone")].join(COLON())]);
        continue;
      }
      const other = roots.get(head.size) ?? head.printed;
      roots.set(head.size, head.printed);
      if (other === head.printed) {
        const stated = `${head.origin} ${head.size} ${head.printed}`;
        lines.push(holding(head, [name, say("alone"), stated]));
      } else {
        lines.push(["bad", [name, say("forked")].join(COLON())]);
      }
    } catch (error) {
      lines.push(verdictOf(error, name));
    }
  }
  return lines;
}

async function show() {
  turn += 1;
  const mine = turn;
  for (const place of document.querySelectorAll("[data-say]")) {
    place.textContent = say(place.dataset.say);
  }
  document.documentElement.lang = say(["zh-CN", "en"]);
  document.title = `scoretrail: ${say("title")}`;
  byId("language").textContent = say(["English", "中文"]);
  byId("language").lang = say(["en", "zh-CN"]);
  byId("clear").hidden = !given.length;
  byId("list").replaceChildren(
    ...given.map((one) =>
      element(
        "li",
        {},
        `${one.name} (${say(one.kind)}) SHA-256 `,
        element("code", {}, one.digest),
      ),
    ),
  );
  const of = (kind) => given.filter((one) => one.kind === kind);
  const [lines, verified] = await verdicts(byId("key").value.trim(), of);
  if (mine !== turn) return; // something was put in meanwhile
  byId("verdict").replaceChildren(
    ...lines.map(([kind, text]) => element("p", { class: kind }, text)),
  );
  byId("shown").replaceChildren(...(verified ? contents(verified) : []));
}

const label = (type, field) => {
  const words = TERMS.fields[`${type}.${field}`] ?? TERMS.fields[field];
  return words ? say(words) : field;
};

/** What a field holds, as text or as a list of what is in it. */
function valueOf(type, field, value) {
  const known = TERMS.values[`${type}.${field}`] ?? TERMS.values[field];
  if (isText(value) && known?.[value]) return say(known[value]);
  if (value === null) return "";
  if (isText(value) && value.length > 1500) {
    const short = `${value.slice(0, 80)}…`;
    return element("details", {}, element("summary", {}, short), element("pre", {}, value));
  }
  if (Array.isArray(value)) {
    return value.flatMap((one, at) => [at ? say(["；", "; "]) : "", valueOf(type, field, one)]);
  }
  if (isObject(value)) return fieldsOf(type, value);
  return String(value);
}

function fieldsOf(type, data) {
  const items = Object.entries(data).filter(
    ([, value]) => value !== null && value !== "" && !(Array.isArray(value) && !value.length),
  );
  return element(
    "dl",
    {},
    items.flatMap(([field, value]) => [
      element("dt", {}, label(type, field)),
      element("dd", {}, valueOf(type, field, value)),
    ]),
  );
}

function facts(verified) {
  const { head, last, notes, compared, signed, unchecked, acts } = verified;
  const lines = [
    ["case", last.case],
    ["log", head.origin],
    ["size", String(head.size)],
    ["root", head.printed],
    [
      "compared",
      compared.length ? `${say("comparedWith")}${compared.join(", ")}` : say("notCompared"),
    ],
    ["authors", `${signed} ${say("acts")} ${acts}`],
    ...(unchecked ? [["unchecked", `${unchecked} ${say("uncheckedWhy")}`]] : []),
    ...notes.map((note) => ["notes", say(note)]),
  ];
  return element(
    "dl",
    { class: "facts" },
    lines.flatMap(([name, text]) => [
      element("dt", {}, say(name)),
      element("dd", { class: name === "root" ? "mono" : "" }, text),
    ]),
  );
}

function logRows(entries) {
  const cell = (name, child, form = "") =>
    element("td", { class: form, "data-name": say(name) }, child);
  return entries.map(({ said }) => {
    const signed = said.signed && `${say("signature")} ${said.signed.key}`;
    const more = [];
    if (said.confirmed) more.push(`${say("confirmed")}: ${said.confirmed.join(", ")}`);
    const known = said.signed?.scheme !== UNCHECKED;
    if (signed) more.push(`${signed} (${said.signed.scheme}${known ? "" : `, ${say("unchecked")}`})`);
    const role = TERMS.values.role[said.by.role];
    return element(
      "tr",
      { id: `${said.case}-${said.version}` },
      cell("version", String(said.version), "number"),
      cell("recorded", said.at.slice(0, 19).replace("T", " "), "when"),
      cell("dated", said.dated, "when"),
      cell("who", `${said.by.account} (${role ? say(role) : said.by.role}, ${said.by.organisation})`),
      cell("what", say(TERMS.events[said.type] ?? [said.type, said.type])),
      cell("content", [
        fieldsOf(said.type, said.data),
        ...more.map((line) => element("p", { class: "mono" }, line)),
      ]),
    );
  });
}

function changeLog({ entries, last }) {
  const streams = [...new Set(entries.map(({ said }) => said.case))];
  const body = element("tbody");
  const choice = element("select", { id: "stream" });
  for (const name of streams) choice.append(element("option", { value: name }, name));
  const fill = () => {
    body.replaceChildren(...logRows(entries.filter(({ said }) => said.case === choice.value)));
  };
  choice.value = last.case;
  choice.addEventListener("change", fill);
  fill();
  const heads = ["version", "recorded", "dated", "who", "what", "content"];
  const head = element("tr", {}, heads.map((name) => element("th", { scope: "col" }, say(name))));
  return [
    element("h2", { id: "log" }, say("changeLog")),
    element("p", { class: "faint" }, say("changeLogHint")),
    element("p", {}, element("label", { for: "stream" }, say("stream")), choice),
    element(
      "div",
      { class: "wide", tabindex: "0", role: "region", "aria-labelledby": "log" },
      element("table", { class: "log" }, element("thead", {}, head), body),
    ),
  ];
}

const MILLIONTHS = 1000000n;

/** A score as a number of millionths: exact, as scores never have more decimals. */
function millionths(text) {
  const [whole, decimals = ""] = text.replace("-", "").split(".");
  const amount = BigInt(whole) * MILLIONTHS + BigInt(decimals.padEnd(6, "0"));
  return text.startsWith("-") ? -amount : amount;
}

function bridgeTable(name, bridge, verified, names) {
  const steps = bridge.steps;
  const sum = steps.reduce((all, step) => all + millionths(step.delta), 0n);
  const adds =
    millionths(bridge.from.total) + sum === millionths(bridge.to.total) &&
    steps.every(
      ({ before, after, delta }) =>
        millionths(before ?? "0") + millionths(delta) === millionths(after ?? "0"),
    );
  const row = (step) =>
    element(
      "tr",
      {},
      element("td", {}, names.get(step.indicator) ?? step.indicator ?? step.kind),
      ...["before", "after", "delta"].map((key) =>
        element("td", { class: "number" }, step[key] ?? ""),
      ),
      element(
        "td",
        {},
        (step.events ?? []).flatMap(({ version }, at) => [
          at ? " " : "",
          element("a", { href: `#${verified.last.case}-${version}` }, String(version)),
        ]),
      ),
    );
  const heads = ["row", "before", "after", "delta", "events"];
  const title = `${say(WORDS[name] ?? [name, name])}: ${bridge.from.total} → ${bridge.to.total}`;
  return element(
    "table",
    {},
    element("caption", {}, `${title} (${say(adds ? "addsUp" : "addsNot")})`),
    element(
      "thead",
      {},
      element("tr", {}, heads.map((one) => element("th", { scope: "col" }, say(one)))),
    ),
    element("tbody", {}, steps.map(row)),
  );
}

function bridges(verified) {
  const read = (name) => JSON.parse(textOf(verified.enclosures.get(name)));
  if (!verified.enclosures.has("bridge.json")) return [];
  const rows = verified.enclosures.has("score-sheet.json") ? read("score-sheet.json").indicators : [];
  const names = new Map(rows.map((row) => [row.id, row.path.join(" / ")]));
  return [
    element("h2", { id: "bridge" }, say("bridge")),
    ...Object.entries(read("bridge.json")).map(([name, bridge]) =>
      element(
        "div",
        { class: "wide", tabindex: "0", role: "region", "aria-labelledby": "bridge" },
        bridgeTable(name, bridge, verified, names),
      ),
    ),
  ];
}

/** Enclosed papers, each in a frame that may run nothing, load nothing and lead nowhere. */
function papers({ enclosures }) {
  const names = [...enclosures.keys()].filter((name) => /\.(html|txt)$/.test(name)).sort();
  if (!names.length) return [];
  const choice = element("select", { id: "paper" });
  for (const name of names) choice.append(element("option", { value: name }, name));
  const place = element("div");
  const fill = () => {
    const text = textOf(enclosures.get(choice.value));
    const frame = choice.value.endsWith(".html")
      ? element("iframe", { sandbox: "", srcdoc: text, title: choice.value })
      : element("pre", {}, text);
    place.replaceChildren(frame);
  };
  const first = names.find((name) => name === `score-table.${say(["zh", "en"])}.html`);
  choice.value = first ?? names[0];
  choice.addEventListener("change", fill);
  fill();
  return [
    element("h2", {}, say("papers")),
    element("p", { class: "faint" }, say("papersHint")),
    element("p", {}, element("label", { for: "paper" }, say("paper")), choice),
    place,
  ];
}

const contents = (verified) => [
  facts(verified),
  ...changeLog(verified),
  ...bridges(verified),
  ...papers(verified),
];

byId("files").addEventListener("change", async (event) => {
  await take(event.target.files);
  event.target.value = "";
});
byId("key").addEventListener("input", show);
byId("line").addEventListener("input", show);
byId("since").addEventListener("input", show);
byId("clear").addEventListener("click", () => {
  given.length = 0;
  byId("key").value = "";
  byId("line").value = "";
  byId("since").value = "";
  show();
});
byId("language").addEventListener("click", () => {
  language = 1 - language;
  show();
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    byId("drop").classList.toggle("over", kind === "dragover");
    if (kind === "drop") take(event.dataTransfer.files);
  });
}
show();
