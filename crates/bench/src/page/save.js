// A visitor who leaves feedback with words, and how long the tablet takes to have it for certain. The
// app's own transactions are timed: a save is one that is asked for with strict durability and adds
// something.
{
  const DATABASE = "bench";
  const STORE = "entries";
  const COMMENT = "생각보다 말이 자연스러워요. 다음에는 사진도 보여 주고 싶어요.";
  const saves = [];
  const begun = new WeakMap();
  let tappedAt = null;
  const begin = IDBDatabase.prototype.transaction;
  const add = IDBObjectStore.prototype.add;
  IDBDatabase.prototype.transaction = function (...given) {
    const at = performance.now();
    const transaction = begin.apply(this, given);
    if (transaction.durability === "strict") begun.set(transaction, at);
    return transaction;
  };
  IDBObjectStore.prototype.add = function (...given) {
    const { transaction } = this;
    const [at, tapped] = [begun.get(transaction), tappedAt];
    // What a visit leaves behind is saved without a tap of its own.
    tappedAt = null;
    if (at !== undefined) {
      const size = JSON.stringify(given[0]).length;
      transaction.addEventListener("complete", () => {
        const now = performance.now();
        saves.push({ transaction: now - at, tap: tapped && now - tapped, size });
      });
    }
    return add.apply(this, given);
  };
  const isSubmit = ({ target }) => target.closest('[data-testid="feedback-submit"]');
  addEventListener("click", (event) => isSubmit(event) && (tappedAt = performance.now()), true);

  const open = () =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open(DATABASE);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { autoIncrement: true });
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
  /** The least a save can be: one record of this size, nothing else to do. */
  const bare = async (size) => {
    const database = await open();
    await bench.quiet();
    const took = await new Promise((resolve, reject) => {
      const at = performance.now();
      const transaction = begin.call(database, STORE, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve(performance.now() - at);
      transaction.onabort = () => reject(transaction.error);
      add.call(transaction.objectStore(STORE), "0".repeat(size));
    });
    database.close();
    return took;
  };

  /** One whole visit; answers how its form was saved and how what it left behind was, beside a bare save. */
  bench.save = async () => {
    await bench.fresh();
    saves.length = 0;
    await bench.begin();
    await bench.tap("visit-end");
    await bench.on("feedback");
    await bench.tap("rating-4");
    const comment = await bench.until("comment", () => bench.find("feedback-comment"));
    comment.value = COMMENT;
    comment.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await bench.tap("consent-excerpt");
    await bench.tap("age-14");
    // A person's next tap comes to a page at rest.
    await bench.quiet();
    await bench.tap("feedback-submit");
    await bench.on("thanks");
    await bench.tap("visit-end");
    await bench.until("saves", () => saves.length === 2);
    await bench.fresh();
    const [form, left] = saves;
    return { tap: form.tap, form: form.transaction, left: left.transaction, bare: await bare(form.size) };
  };
}
