// Entries of the record, and the signatures of their authors.

const ALWAYS = ["at", "by", "case", "command", "data", "dated", "prev", "type", "v", "version"];
const REGISTER = "register:accounts";
const THROUGH = ["database-role", "file", "signature", "web"];
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isText = (value) => typeof value === "string";

function isMoment(at) {
  if (!isText(at) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(at)) return false;
  const second = at.slice(0, 19);
  const date = new Date(`${second}Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === second;
  return exists && !at.startsWith("0000");
}

const isHash = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value);

/** Which it is of several acts that were signed together. */
const isAmong = (value) =>
  isObject(value) &&
  Object.keys(value).sort().join() === "index,path,root,size" &&
  [value.index, value.size].every(Number.isSafeInteger) &&
  Array.isArray(value.path) &&
  [...value.path, value.root].every(isHash);

const bad = {
  rules: (value) => !(Number.isSafeInteger(value) && value > 1),
  seen: (value) => !(Number.isSafeInteger(value) && value > 0),
  through: (value) => !THROUGH.includes(value),
  confirmed: (value) =>
    !Array.isArray(value) ||
    !value.length ||
    !value.every((day) => isText(day) && /^\d{4}-\d\d-\d\d$/.test(day)) ||
    value.some((day, at) => at && day <= value[at - 1]),
  signed: (value) =>
    !isObject(value) ||
    !["among,key,scheme,value", "key,scheme,value"].includes(Object.keys(value).sort().join()) ||
    !isHash(value.key) ||
    !isText(value.scheme) ||
    !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value.scheme) ||
    value.scheme.length > 32 ||
    !isText(value.value) ||
    !decoded(value.value).length ||
    (Object.hasOwn(value, "among") && !isAmong(value.among)),
};

/** The keys of an entry: ten always, five where they have a value, and none is ever null. */
function checkEnvelope(entry) {
  check(
    isObject(entry) && ALWAYS.every((key) => Object.hasOwn(entry, key)),
    "记录缺少应有的项",
    "an entry lacks a key",
  );
  check(isMoment(entry.at), "记录时刻不合格式", "the moment");
  const parts = [entry.by, entry.command, entry.data].every(isObject);
  const words = [entry.case, entry.dated, entry.prev, entry.type, entry.by?.account];
  check(
    parts && [...words, entry.command?.id].every(isText) && Number.isSafeInteger(entry.version),
    "记录的某项类型不对",
    "a key of an entry has another type",
  );
  for (const key of Object.keys(entry).filter((name) => !ALWAYS.includes(name))) {
    check(Object.hasOwn(bad, key), `记录有未知的项 ${key}`, `an unknown key ${key}`);
    check(!bad[key](entry[key]), `记录的 ${key} 不合格式`, `not a value for ${key}`);
  }
  check(
    (entry.seen ?? 0) < entry.version,
    "办理人看过之后才有的记录",
    "an author has seen what comes later",
  );
}

/** An entry is JSON in one form: nothing can be written otherwise, or twice. */
function readEntry(bytes) {
  check(bytes.length <= 65535, "记录超过 65,535 字节", "an entry of more than 65,535 bytes");
  const said = parsed(bytes, "记录的写法不唯一", "an entry that is not in its one form");
  checkEnvelope(said);
  return said;
}

const leafOf = (entry) => sha256(Uint8Array.of(0), entry);

/** A passkey: its authenticator signs a challenge, its site, and whether its holder was there. */
async function passkeyVerifies(stored, text, value) {
  const form = ["不是通行密钥", "no passkey"];
  const key = parsed(stored, ...form);
  const keys = isObject(key) && Object.keys(key).sort().join() === "credential,key,origin,rp";
  check(keys && Object.values(key).every(isText), ...form);
  const cut = (from) => {
    const length = value[from] * 256 + value[from + 1];
    check(from + 2 + length <= value.length, "签名不完整", "a signature that is cut short");
    return [value.subarray(from + 2, from + 2 + length), from + 2 + length];
  };
  const [authenticator, middle] = cut(0);
  const [client, end] = cut(middle);
  let said;
  try {
    said = JSON.parse(textOf(client));
  } catch {
    return false;
  }
  const challenge = base64(await sha256(text)).replaceAll("+", "-").replaceAll("/", "_");
  return (
    isObject(said) &&
    said.type === "webauthn.get" &&
    said.challenge === challenge.replace(/=+$/, "") &&
    said.origin === key.origin &&
    !said.crossOrigin &&
    authenticator.length >= 37 &&
    same(authenticator.subarray(0, 32), await sha256(utf8(key.rp))) &&
    (authenticator[32] & 5) === 5 &&
    derVerifies(
      decoded(key.key),
      joined(authenticator, await sha256(client)),
      value.subarray(end),
    )
  );
}

/** So many strings of SSH (RFC 4251, section 5), and what follows them. */
function strings(data, count) {
  const found = [];
  let rest = data;
  for (let at = 0; at < count; at += 1) {
    const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
    const end = 4 + (rest.length < 4 ? 0 : view.getUint32(0));
    check(end <= rest.length, "SSH 的内容不完整", "a string of SSH that is cut short");
    found.push(rest.subarray(4, end));
    rest = rest.subarray(end);
  }
  return [found, rest];
}

/** Strings of SSH, each after its length. */
const ofSsh = (...parts) =>
  joined(...parts.flatMap((part) => [little([part.length, 4]).reverse(), part]));

const SSH_BEGINS = joined(utf8("SSHSIG"), Uint8Array.of(0, 0, 0, 1));

/** A key of SSH: Ed25519, P-256 or Ed25519 in a security key (PROTOCOL.sshsig, PROTOCOL.u2f). */
async function sshVerifies(stored, text, value) {
  const form = ["不是 SSH 签名", "no signature of SSH"];
  check(same(value.subarray(0, SSH_BEGINS.length), SSH_BEGINS), ...form);
  const [[key, space, reserved, name, signed], after] = strings(
    value.subarray(SSH_BEGINS.length),
    5,
  );
  const hash = { sha256: "SHA-256", sha512: "SHA-512" }[textOf(name)];
  const purpose = same(space, utf8("scoretrail-command")) && !reserved.length && !after.length;
  if (!hash || !purpose || !same(key, stored)) return false;
  const digest = new Uint8Array(await crypto.subtle.digest(hash, text));
  const message = joined(utf8("SSHSIG"), ofSsh(space, reserved, name, digest));
  const [[kindBytes, signature], more] = strings(signed, 2);
  const kind = textOf(kindBytes);
  const parts = { "ssh-ed25519": 2, "ecdsa-sha2-nistp256": 3, "sk-ssh-ed25519@openssh.com": 3 }[kind];
  check(parts, "无法核验这种 SSH 密钥", "a key of SSH that is not known here");
  const [[own, ...of], rest] = strings(stored, parts);
  if (!same(own, kindBytes) || rest.length) return false;
  if (kind.startsWith("sk-")) {
    if (more.length !== 5 || !(more[0] & 1)) return false;
    const touched = joined(await sha256(of[1]), more, await sha256(message));
    return derVerifies(joined(ED25519, of[0]), touched, signature);
  }
  if (more.length) return false;
  if (kind === "ssh-ed25519") return derVerifies(joined(ED25519, of[0]), message, signature);
  const [numbers, end] = strings(signature, 2);
  check(!end.length && signature.length < 128, ...form);
  const listed = joined(...numbers.flatMap((one) => [Uint8Array.of(2, one.length), one]));
  const der = joined(Uint8Array.of(48, listed.length), listed);
  return derVerifies(joined(P256.subarray(0, -1), of[1]), message, der);
}

/** Known, and verified by no browser: it is reported as not checked, and never as good. */
const UNCHECKED = "sm2-x509";

const VERIFIES = { ed25519: ed25519Verifies, webauthn: passkeyVerifies, sshsig: sshVerifies };

/** The day of a moment in a time zone (IANA), as YYYY-MM-DD. */
function dayIn(zone, at) {
  const date = new Date(`${at.slice(0, 23)}Z`);
  const form = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" };
  try {
    return new Intl.DateTimeFormat("sv-SE", form).format(date);
  } catch {
    throw new NotVerified(`不知道时区 ${zone}`, `an unknown time zone, ${zone}`);
  }
}

/** What decides who may do what, with which keys they sign it, and what is set aside. */
const OF_SIGNERS = /^(Account(Opened|CarriedOver)|Role(Granted|Revoked)|AccountKey|EntrySetAside)/;

/** Acts that their authors have signed, with keys of theirs (docs/formats/signatures.md). */
class Authors {
  /** signedFrom: from which day on the verifier demands signatures, or "". */
  constructor(signedFrom) {
    this.origin = "-";
    this.keys = new Map();
    this.alive = new Map();
    this.acts = new Map();
    this.keepers = new Set();
    this.accounts = new Set();
    this.moments = new Map();
    this.demanded = signedFrom ? [{ since: signedFrom }] : [];
    this.zone = "Etc/GMT-8";
  }

  /** One more entry, in the order of the log. */
  async take(said, leaf) {
    const { data } = said;
    const register = said.case === REGISTER;
    const enrols = said.type === "AccountKeyEnrolled";
    if (register && said.version === 1) this.origin = hex(leaf);
    if (register && enrols) {
      const key = decoded(data.public);
      this.keys.set(hex(await sha256(key)), { owner: data.account, scheme: data.scheme, key });
    }
    const name = canonical([said.case, said.command.id]);
    const act = this.acts.get(name) ?? (await this.begin(said, name, enrols));
    check(
      canonical(said.signed ?? null) === canonical(act.first.signed ?? null),
      `操作 ${name} 各条的签名不同`,
      `the events of ${name} are not signed alike`,
    );
    if (!this.moments.has(said.case)) this.moments.set(said.case, new Map());
    this.moments.get(said.case).set(hex(leaf), said.at);
    const part = { data, type: said.type, v: said.v };
    act.parts.push(said.confirmed ? { ...part, confirmed: said.confirmed } : part);
    if (!register) return;
    if (OF_SIGNERS.test(said.type) && !/^AccountKey[ER]/.test(said.type)) {
      const by = said.by.account;
      const isOwn = said.type === "AccountKeyCountersigned" && by === data.account;
      check(
        act.first.version === 1 || (this.keepers.has(by) && !isOwn),
        `操作 ${name} 不是有权办理的管理员所为`,
        `${name} is not by an administrator who may do it`,
      );
    }
    if (data.role === "administrator") {
      if (said.type === "RoleGranted") this.keepers.add(data.account);
      else this.keepers.delete(data.account);
    }
    if (said.type === "AccountCarriedOver") await this.carry(data, name);
    if (/^Account(Opened|CarriedOver)$/.test(said.type)) this.accounts.add(data.account);
    if (said.type === "AccountKeyCountersigned") this.alive.set(data.fingerprint, data.account);
    if (said.type === "AccountKeyRetired") this.alive.delete(data.fingerprint);
    if (said.type === "EntrySetAside") {
      // Of one that can be read, it is its moment.
      for (const moments of this.moments.values()) moments.delete(data.leaf);
    }
    if (said.type === "SignaturesDemanded") this.demanded.push(data);
    if (said.type === "TimeZoneSet") this.zone = data.zone;
  }

  /** An account goes on with what it had in the ledger before, if it could not act here yet. */
  async carry({ account, roles, keys }, name) {
    const owners = new Set([...this.keys.values()].map(({ owner }) => owner));
    check(
      !this.accounts.has(account) || (this.keepers.has(account) && !owners.has(account)),
      `操作 ${name} 把密钥给了已能办理的账号`,
      `${name} gives keys to somebody who could act already`,
    );
    if (roles.includes("administrator")) this.keepers.add(account);
    for (const { scheme, public: encoded } of keys) {
      const key = decoded(encoded);
      const id = hex(await sha256(key));
      check(
        !this.keys.has(id),
        `操作 ${name} 的密钥属于其他账号`,
        `${name} gives somebody a key of somebody else's`,
      );
      this.keys.set(id, { owner: account, scheme, key });
      this.alive.set(id, account);
    }
  }

  begin(said, name, enrols) {
    const ofSigners = said.case === REGISTER && OF_SIGNERS.test(said.type);
    const days = this.demanded
      .filter(({ only = null, accounts }) =>
        only === null || only === said.case || (ofSigners && accounts))
      .map(({ since }) => since);
    const before = [...(this.moments.get(said.case)?.values() ?? [])];
    const at = days.length ? [...before, said.at].sort().at(-1) : "";
    const must = enrols || days.some((day) => dayIn(this.zone, at) >= day);
    check(
      said.signed || !must,
      `操作 ${name} 没有办理人签名`,
      `${name} is not signed by its author`,
    );
    check(
      !said.signed || enrols || this.alive.get(said.signed.key) === said.by.account,
      `操作 ${name} 所用的密钥当时不属于任何人或属于他人`,
      `${name} is signed by a key of nobody's then`,
    );
    const act = { first: said, parts: [] };
    this.acts.set(name, act);
    return act;
  }

  /**
   * Every signature holds, of exactly what is recorded. Returns how many acts are signed, and of
   * how many the signature cannot be checked here.
   */
  async verify() {
    let unchecked = 0;
    const signed = [...this.acts].filter(([, act]) => act.first.signed);
    for (const [name, { first, parts }] of signed) {
      const { key: fingerprint, scheme, value, among } = first.signed;
      const enrolled = this.keys.get(fingerprint);
      check(
        enrolled?.owner === first.by.account,
        `操作 ${name} 用的是他人的密钥`,
        `${name} is signed by somebody else's key`,
      );
      check(
        scheme === enrolled.scheme && (scheme === UNCHECKED || Object.hasOwn(VERIFIES, scheme)),
        `操作 ${name} 的签名方式 ${scheme} 无法核验，或不是该密钥的`,
        `${name}: ${scheme} is not known here, or not the key's`,
      );
      if (scheme === UNCHECKED) {
        unchecked += 1;
        continue;
      }
      const digest = hex(await sha256(utf8(canonical(parts))));
      const lines = [
        "scoretrail-command/1", this.origin, first.case, enrolled.owner, first.dated,
        first.command.id, String(first.seen ?? "-"), digest,
      ];
      let text = utf8(lines.map((line) => `${line}\n`).join(""));
      if (among) {
        const [path, root] = [among.path.map(unhex), unhex(among.root)];
        await checkInclusion(await leafOf(text), among.index, among.size, path, root);
        text = utf8(`scoretrail-commands/1\n${among.size}\n${among.root}\n`);
      }
      check(
        await VERIFIES[scheme](enrolled.key, text, decoded(value)),
        `操作 ${name}：办理人签的不是所记录的内容`,
        `${name}: its author has not signed that`,
      );
    }
    return { signed: signed.length - unchecked, unchecked };
  }
}
