// Starts telegram-test-api (node shim.js PORT), and fills what it lacks on the way of our bot's conversation: each lack
// is a row of LACKS.
//
// Left as it is, since no step of the conversation needs it: HTML is kept as it was sent, not parsed; nothing is ever
// refused (limits, "message is not modified", 429); edits and answers return null where Telegram returns a Message or
// true; a webhook that fails is not called again, but ends the emulator, and so the test. getUpdates knows neither
// timeout nor offset, so the bot is served by webhook. How it bears all of that is tested with app/sandbox.
"use strict";

const axios = require("axios"); // the emulator's own, with which it calls webhooks
const TelegramServer = require("telegram-test-api");
const { routes } = require("telegram-test-api/lib/routes");

const LOST = "the method is unknown: HTTP 500, in a form that is not the Bot API's";
const STORED_SECONDS = 3600; // by default the emulator forgets messages after a minute
const BIO = "Lifts in an emulator";

// What is seen of the one bot that is served.
const seen = { commands: [], answers: [], used: new Set() };

// `request` comes before the emulator's own route: what it returns is the result; without one, the emulator goes on.
// `patch` changes what is behind no route.
const LACKS = {
  getMyCommands: { lacks: LOST, request: () => seen.commands },
  setMyCommands: { lacks: LOST, request: (body) => Boolean((seen.commands = body.commands)) },
  getChat: { lacks: LOST, request: (body) => ({ id: body.chat_id, type: "private", bio: BIO }) },
  getWebhookInfo: {
    lacks: LOST,
    request: (body, token) => {
      const { url = "", max_connections, allowed_updates } = server.webhooks[token] ?? {};
      return { url, has_custom_certificate: false, pending_update_count: 0, max_connections, allowed_updates };
    },
  },
  answerCallbackQuery: {
    lacks: "it is agreed to and forgotten, so that nobody can see whether a tap was answered",
    request: (body) => void seen.answers.push(body),
  },
  editMessageReplyMarkup: {
    lacks: "without reply_markup it changes nothing, where Telegram takes the keyboard away",
    request: (body) => void (body.reply_markup ??= { inline_keyboard: [] }),
  },
  "callback_query.chat_instance": {
    lacks: "it is missing, and the Bot API promises it in every tap",
    patch: (use) => {
      const { formatUpdate } = TelegramServer;
      TelegramServer.formatUpdate = (update) => {
        const formatted = formatUpdate(update);
        if (formatted.callback_query) {
          use();
          formatted.callback_query.chat_instance = String(update.callbackQuery.message.chat.id);
        }
        return formatted;
      };
    },
  },
  "webhook: secret_token": {
    lacks: "what setWebhook was given is not sent along as X-Telegram-Bot-Api-Secret-Token",
    patch: (use) =>
      axios.interceptors.request.use((config) => {
        const token = tokenOf(config.url);
        if (!token) return config; // a call in an answer, below
        use();
        config.headers["X-Telegram-Bot-Api-Secret-Token"] = server.webhooks[token].secret_token;
        return config;
      }),
  },
  "webhook: a call in the answer": {
    lacks: "a method in the body of the bot's answer is not carried out",
    patch: (use) =>
      axios.interceptors.response.use(async (response) => {
        const { method, ...body } = response.data;
        if (method) {
          use();
          await axios.post(`${server.config.apiURL}/bot${tokenOf(response.config.url)}/${method}`, body);
        }
        return response;
      }),
  },
};

const tokenOf = (url) => Object.keys(server.webhooks).find((token) => server.webhooks[token].url === url);

for (const [name, { request, patch }] of Object.entries(LACKS)) {
  const use = () => seen.used.add(name);
  patch?.(use);
  if (!request) continue;
  routes.unshift((app) =>
    app.post(`/bot:token/${name}`, (req, res, next) => {
      use();
      const result = request(req.body, req.params.token);
      if (result === undefined) next();
      else res.json({ ok: true, result });
    }),
  );
}

// For the stage alone: whether it is up, and what was seen.
routes.unshift((app) => {
  app.get("/health", (req, res) => res.json({ status: "ok" }));
  app.post("/seen", (req, res) => res.json({ ...seen, used: [...seen.used], rows: Object.keys(LACKS), bio: BIO }));
});

const server = new TelegramServer({ host: "127.0.0.1", port: Number(process.argv[2]), storeTimeout: STORED_SECONDS });
server.start();
