// The event store of emmett, told by lines of JSON what to do: `node emmett.cjs FOLDER TARGET`.
//
// FOLDER is where its packages are installed. Each line is a list: what to do, the stream, the
// events. The answer is a line: {"seconds": of the work alone, "scores": the last of each indicator}.

const { createRequire } = require("node:module");
const { performance } = require("node:perf_hooks");
const { createInterface } = require("node:readline");

const [folder, target] = process.argv.slice(2);
const installed = createRequire(`${folder}/package.json`);

function opened() {
  if (target.includes("://")) {
    return installed("@event-driven-io/emmett-postgresql").getPostgreSQLEventStore(target);
  }
  const { getSQLiteEventStore } = installed("@event-driven-io/emmett-sqlite");
  return getSQLiteEventStore({ fileName: target, schema: { autoMigration: "CreateOrUpdate" } });
}

const store = opened();
const works = {
  append: async (stream, events) => {
    await store.appendToStream(stream, events, { expectedStreamVersion: "STREAM_DOES_NOT_EXIST" });
    return {};
  },
  replay: async (stream) => {
    const { state } = await store.aggregateStream(stream, {
      initialState: () => ({}),
      evolve: (scores, event) => {
        scores[event.data.data.indicator] = event.data.data.award;
        return scores;
      },
    });
    return state;
  },
};

(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const [work, stream, events] = JSON.parse(line);
    const start = performance.now();
    const scores = await works[work](stream, events);
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`${JSON.stringify({ seconds, scores })}\n`);
  }
  process.exit(0);
})();
