// What is under way: messages that the bot has not taken yet, taps that it has not answered.

import { drawTicks } from "/page/bubble.js";

export class Pending {
  constructor(list) {
    this.list = list;
    this.renew([], []);
  }

  /** What is under way by the sandbox's account; what is drawn follows. */
  renew(taps, waiting) {
    this.taps = new Map(taps.map((tap) => [keyOf(tap.message_id, tap.data), tap.query_id]));
    this.waiting = new Set(waiting);
    for (const article of this.list.querySelectorAll(".message")) this.draw(Number(article.dataset.id));
  }

  busy(id, data) {
    return this.taps.has(keyOf(id, data));
  }

  waits(id) {
    return this.waiting.has(id);
  }

  /** A message is on its way to the bot. */
  sent(id) {
    this.waiting.add(id);
  }

  /** The bot has taken a message: a second tick. */
  taken(id) {
    this.waiting.delete(id);
    this.draw(id);
  }

  /** A button was tapped, and waits from now on. */
  tapped({ message_id: id, data, query_id: query }) {
    this.taps.set(keyOf(id, data), query);
    this.draw(id);
  }

  /** A button waits no more, unless it was tapped again meanwhile. */
  answered({ message_id: id, data, query_id: query }) {
    if (query !== undefined && this.taps.get(keyOf(id, data)) !== query) return;
    this.taps.delete(keyOf(id, data));
    this.draw(id);
  }

  draw(id) {
    const article = this.list.querySelector(`.message[data-id="${id}"]`);
    const ticks = article?.querySelector(".ticks");
    if (ticks) drawTicks(ticks, this.waits(id));
    for (const key of article?.querySelectorAll(".key[data-data]") ?? []) key.ariaBusy = String(this.busy(id, key.dataset.data));
  }
}

const keyOf = (id, data) => `${id} ${data}`;
