// The log: signed checkpoints, and proofs that an entry is in it and that it only grew.

const ED25519 = unhex("302a300506032b6570032100");
const P256 = unhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

/** Whether the browser itself knows Ed25519 (RFC 8032); older ones do not. */
let native = null;

/** A signature of a public key of 32 bytes, by the browser or, where it cannot, by noble-ed25519. */
async function ed25519Verifies(key, message, signature) {
  if (native !== false) {
    try {
      const read = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
      native = true;
      return await crypto.subtle.verify("Ed25519", read, signature, message);
    } catch (error) {
      if (native || error.name !== "NotSupportedError") return false;
      native = false;
    }
  }
  try {
    return await noble.verifyAsync(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

/** r and s of 32 bytes each, out of the DER of a signature (RFC 3279, section 2.2.3). */
function flat(der) {
  const out = [];
  let at = 2;
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der[1] > 127) return null;
  for (let part = 0; part < 2; part += 1) {
    const length = der[at + 1];
    const number = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 2 || !length || number.length !== length || number[0] > 127) return null;
    if (number[0] === 0 && length > 1 && number[1] < 128) return null;
    const bare = number[0] === 0 ? number.subarray(1) : number;
    if (bare.length > 32) return null;
    out.push(new Uint8Array(32 - bare.length), bare);
    at += 2 + length;
  }
  return at === der.length ? joined(...out) : null;
}

/** A key in DER: Ed25519 (RFC 8410), or P-256 with SHA-256 (RFC 5480). */
async function derVerifies(key, message, signature) {
  if (key.length === 44 && same(key.subarray(0, 12), ED25519)) {
    return ed25519Verifies(key.subarray(12), message, signature);
  }
  check(
    key.length === 91 && same(key.subarray(0, P256.length), P256),
    "公钥既不是 Ed25519 也不是 P-256",
    "a public key that is neither of Ed25519 nor of P-256",
  );
  const numbers = flat(signature);
  const curve = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const read = await crypto.subtle.importKey("spki", key, curve, false, ["verify"]);
  return numbers !== null && crypto.subtle.verify(curve, read, numbers, message);
}

const VKEY = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/;

/**
 * Size and root of a checkpoint that the key has signed (C2SP signed-note, tlog-checkpoint); of
 * keys of several logs, with blanks between, that of the log that it says it is of.
 */
async function openCheckpoint(data, vkeys) {
  const keys = vkeys.trim().split(/\s+/).map((one) => VKEY.exec(one));
  check(keys.every(Boolean), "这不是日志公钥", "this is no public key of a log");
  const said = textOf(data).split("\n", 1)[0];
  const [, name, id, code] = keys.find(([, log]) => log === said) ?? keys[0];
  const key = decoded(code);
  check(
    key[0] === 1 && key.length === 33,
    "不是 Ed25519 的日志公钥",
    "the key is not an Ed25519 log key",
  );
  const right = (await sha256(utf8(`${name}\n`), key)).subarray(0, 4);
  check(hex(right) === id, "公钥与其编号不符", "the key does not have its id");
  check(data.length <= 131072, "检查点过长", "a checkpoint of more than 131,072 bytes");
  const note = textOf(data);
  const cut = note.lastIndexOf("\n\n");
  const [text, below] = [note.slice(0, cut), note.slice(cut + 2)];
  check(
    cut >= 0 && below.endsWith("\n"),
    "不是检查点：没有签名行",
    "no checkpoint: no lines of signatures",
  );
  // Nothing but lines of signatures may be below what was signed, nor anything else above it.
  check(!/[\x00-\x09\x0b-\x1f]/.test(text + below), "含控制字符", "a control character");
  const lines = below.slice(0, -1).split("\n").map((line) => /^\u2014 ([^+\s]+) (.+)$/.exec(line));
  check(
    lines.length <= 16 && lines.every(Boolean),
    "检查点下方有不是签名的行，或过多",
    "what is no signature below a checkpoint, or too many",
  );
  const values = lines.map((line) => [line[1], decoded(line[2])]);
  check(
    values.every(([, value]) => value.length > 4),
    "检查点下方的签名过短",
    "a signature below a checkpoint is too short",
  );
  const ours = values
    .filter(([signer, value]) => signer === name && same(value.subarray(0, 4), right))
    .map(([, value]) => value.subarray(4));
  check(
    ours.length,
    "检查点没有这把公钥的签名",
    "the checkpoint has no signature of that key",
  );
  for (const our of ours) {
    const holds = await ed25519Verifies(key.subarray(1), utf8(`${text}\n`), our);
    check(holds, "检查点的签名不成立", "the signature is false");
  }
  const [origin, size, root, ...more] = text.split("\n");
  check(origin === name, "检查点属于另一个日志", "the checkpoint is of another log");
  const counted = /^(0|[1-9][0-9]{0,18})$/.test(size) && Number.isSafeInteger(Number(size));
  check(counted && more.every(Boolean), "检查点的内容不合格式", "no checkpoint: its lines");
  const hash = decoded(root);
  check(hash.length === 32, "根摘要不是 32 字节", "a root that is not of 32 bytes");
  return { origin, size: Number(size), root: hash, printed: root };
}

/** A checkpoint in one line, from paper or a QR code: its head, and its note if it is signed. */
function parseLine(text) {
  const [origin, size, ...codes] = text.trim().split(/\s+/);
  const code = codes.join("");
  const right = code.length >= 44 && (code.length - 44) % 92 === 0;
  check(
    right && /^(0|[1-9][0-9]{0,18})$/.test(size) && Number.isSafeInteger(Number(size)),
    "不是检查点的一行，或不完整",
    "no checkpoint in one line, or not all of it",
  );
  const printed = code.slice(0, 44);
  const root = decoded(printed);
  check(root.length === 32, "根摘要不是 32 字节", "a root that is not of 32 bytes");
  const lines = [];
  for (let at = 44; at < code.length; at += 92) lines.push(`\u2014 ${origin} ${code.slice(at, at + 92)}\n`);
  const note = lines.length ? utf8(`${origin}\n${size}\n${printed}\n\n${lines.join("")}`) : null;
  return { origin, size: Number(size), root, printed, note };
}

async function node(left, right) {
  check(
    left.length === 32 && right.length === 32,
    "证明中的哈希不是 32 字节",
    "a hash in a proof that is not of 32 bytes",
  );
  return sha256(Uint8Array.of(1), left, right);
}

const half = (number) => Math.floor(number / 2);
const odd = (number) => number % 2 === 1;

/** RFC 9162, section 2.1.3.2. */
async function checkInclusion(leaf, index, size, path, root) {
  check(index >= 0 && index < size, "位置超出日志", "a position beyond the log");
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of path) {
    check(sn > 0, `位置 ${index} 的证明过长`, `the proof at ${index} is too long`);
    if (odd(fn) || fn === sn) {
      r = await node(p, r);
      while (!odd(fn) && fn) [fn, sn] = [half(fn), half(sn)];
    } else {
      r = await node(r, p);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  check(
    sn === 0 && same(r, root),
    `位置 ${index} 的记录不在日志中`,
    `the entry at ${index} is not in the log`,
  );
}

/** A proof of growth: lines of 32 bytes each in base64, and nothing else. */
function hashesOf(consistency) {
  const lines = textOf(consistency).split("\n");
  const end = lines.pop();
  const path = lines.map(decoded);
  check(
    !end && path.every((one) => one.length === 32),
    "不是一致性证明",
    "no consistency proof",
  );
  return path;
}

/** RFC 9162, section 2.1.4.2. */
async function checkConsistency(old, now, proof) {
  check(
    old.size > 0 && old.size <= now.size,
    "所持检查点无法与本卷宗比较",
    "the checkpoint held cannot be compared with this dossier",
  );
  if (old.size === now.size) {
    check(
      same(old.root, now.root),
      "同样条数有两个根摘要：日志有两个版本",
      "the same size has two roots: the log was forked",
    );
    return;
  }
  check(
    proof.length,
    "没有证明日志由所持检查点增长而来",
    "there is no proof that the log grew from the checkpoint held",
  );
  const whole = Number.isInteger(Math.log2(old.size));
  const path = whole ? [old.root, ...proof] : proof;
  let [fn, sn] = [old.size - 1, now.size - 1];
  while (odd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [path[0], path[0]];
  for (const c of path.slice(1)) {
    check(sn > 0, "一致性证明过长", "the consistency proof is too long");
    if (odd(fn) || fn === sn) {
      [fr, sr] = [await node(c, fr), await node(c, sr)];
      while (!odd(fn) && fn) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = await node(sr, c);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  check(
    sn === 0 && same(fr, old.root) && same(sr, now.root),
    "此后历史被改写",
    "history was rewritten since",
  );
}

/** A receipt: the position, the path and the checkpoint of an entry (C2SP tlog-proof). */
function parseReceipt(data) {
  const text = textOf(data);
  const cut = text.indexOf("\n\n");
  check(cut >= 0, "不是存证证明", "no receipt");
  const lines = text.slice(0, cut).split("\n");
  const extra = lines[1]?.startsWith("extra ") ?? false;
  if (extra) lines.splice(1, 1);
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines[1] ?? "");
  check(lines[0] === "c2sp.org/tlog-proof@v1" && index, "不是存证证明", "no receipt");
  const path = lines.slice(2).map(decoded);
  check(path.length <= 64, "证明过长", "the proof is too long");
  return { index: Number(index[1]), extra, path, note: utf8(text.slice(cut + 2)) };
}
