// Bytes in the one form that each of them has: text, base64, hex, hashes, JSON, ZIP.

/** What keeps something from being believed, in both languages. */
class NotVerified extends Error {
  constructor(zh, en) {
    super(en);
    this.zh = zh;
    this.en = en;
  }
}

function check(holds, zh, en) {
  if (!holds) throw new NotVerified(zh, en);
}

const utf8 = (text) => new TextEncoder().encode(text);

/** Text of bytes; neither a byte order mark nor a wrong byte is passed over. */
function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotVerified("文字不是 UTF-8 编码", "text that is not UTF-8");
  }
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const unhex = (text) => Uint8Array.from(text.match(/../g), (byte) => Number.parseInt(byte, 16));

function base64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Base64 in its one form (RFC 4648 section 4); a browser by itself takes others for the same. */
function decoded(text) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    bytes = null;
  }
  check(bytes && base64(bytes) === text, "base64 写法不唯一", "base64 that is not in its one form");
  return bytes;
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

/** JSON in its one form: keys in order, no white space, whole numbers only (RFC 8785, narrower). */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  check(
    typeof value !== "number" || Number.isSafeInteger(value),
    `${value} 不是记录中的数`,
    `${value} is no number of an entry`,
  );
  return JSON.stringify(value);
}

/** JSON that can be written in no other way and says nothing twice. */
function parsed(bytes, zh, en) {
  const text = textOf(bytes);
  let said;
  try {
    said = JSON.parse(text);
  } catch {
    throw new NotVerified(zh, en);
  }
  check(canonical(said) === text, zh, en);
  return said;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

function crc32(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = CRC[(rest ^ byte) & 0xff] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}

/** Numbers, each in so many bytes, the lowest first: [[number, bytes], …]. */
function little(...numbers) {
  const out = [];
  for (const [number, bytes] of numbers) {
    // Operators on bits end at 2^31, so halve instead.
    for (let at = 0, rest = number; at < bytes; at += 1, rest = Math.floor(rest / 256)) {
      out.push(rest % 256);
    }
  }
  return Uint8Array.from(out);
}

const UNCOMPRESSED_MAX = 2 ** 20;

/** What a file of one gzip member holds (RFC 1952), within a bound; any other file as it is. */
async function uncompressed(data) {
  if (!same(data.subarray(0, 2), Uint8Array.of(0x1f, 0x8b))) return data;
  check(
    typeof DecompressionStream === "function",
    "此浏览器不能解压 gzip：请先解压",
    "this browser knows no gzip: uncompress the file first",
  );
  let at = 0;
  const slices = new ReadableStream({
    pull(queue) {
      if (at >= data.length) return queue.close();
      at += 1024; // little by little, since a browser uncompresses all of a slice at once
      return queue.enqueue(data.subarray(at - 1024, at));
    },
  });
  const reader = slices.pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new NotVerified(
        "压缩的内容已损坏、不完整，或其后另有内容",
        "it is compressed, and damaged or not whole, or something follows it",
      );
    });
    if (done) return joined(...parts);
    parts.push(value);
    size += value.length;
    if (size > UNCOMPRESSED_MAX) await reader.cancel();
    check(
      size <= UNCOMPRESSED_MAX,
      `解压后超过 ${UNCOMPRESSED_MAX} 字节`,
      `more than ${UNCOMPRESSED_MAX} bytes uncompressed`,
    );
  }
}

const LOCAL = 0x04034b50;
const MEMBER = 0x02014b50;

/** The members of a ZIP that compresses nothing, by name. `packed` finds whatever else is in it. */
function unpacked(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const files = new Map();
  let at = 0;
  while (at + 30 <= data.length && view.getUint32(at, true) === LOCAL) {
    check(
      view.getUint16(at + 8, true) === 0,
      "成员经过压缩：请索取原件",
      "members are compressed: get the original",
    );
    const size = view.getUint32(at + 18, true);
    const named = at + 30 + view.getUint16(at + 26, true);
    const begin = named + view.getUint16(at + 28, true);
    check(begin + size <= data.length, "文件不完整", "the file is cut short");
    const name = textOf(data.subarray(at + 30, named));
    check(!files.has(name), "有两个成员同名", "two members of one name");
    files.set(name, data.subarray(begin, begin + size));
    at = begin + size;
  }
  return files;
}

const KINDS = ["checkpoint", "enclosures", "entries", "proofs", "consistency"];
const FEW = 0xffff;

/** The one form that a dossier has: nothing can stand in it beside what its members say. */
function packed(files) {
  const order = (name) => `${KINDS.indexOf(name.split("/")[0])}${name}`;
  const names = [...files.keys()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const members = [];
  const directory = [];
  let at = 0;
  for (const name of names) {
    const content = files.get(name);
    const written = utf8(name);
    const shared = [
      [20, 2], [0, 2], [0, 2], [0, 2], [33, 2], [crc32(content), 4],
      [content.length, 4], [content.length, 4], [written.length, 2], [0, 2],
    ];
    members.push(little([LOCAL, 4], ...shared), written, content);
    directory.push(
      little([MEMBER, 4], [20, 1], [3, 1], ...shared, [0, 2], [0, 2], [0, 2]),
      little([0o100644 * 65536, 4], [at, 4]),
      written,
    );
    at += 30 + written.length + content.length;
  }
  const listed = joined(...directory);
  const count = names.length;
  const end = [];
  if (count > FEW) {
    const much = [[count, 8], [count, 8], [listed.length, 8], [at, 8]];
    end.push(little([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], ...much));
    end.push(little([0x07064b50, 4], [0, 4], [at + listed.length, 8], [1, 4]));
  }
  const few = Math.min(count, FEW);
  end.push(little([0x06054b50, 4], [0, 2], [0, 2], [few, 2], [few, 2]));
  end.push(little([listed.length, 4], [at, 4], [0, 2]));
  return joined(...members, listed, ...end);
}
