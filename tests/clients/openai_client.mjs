// OpenAI's own client for JavaScript, as its users write it.
import OpenAI from "openai";

const { BOOTH_BASE_URL: baseURL, BOOTH_KEY: apiKey } = process.env;
const client = (key = apiKey) => new OpenAI({ baseURL, apiKey: key, maxRetries: 0 });

const ask = (question, { model = "skt", key, ...more } = {}) =>
  client(key).chat.completions.create({
    model,
    messages: [{ role: "user", content: question }],
    ...more,
  });

async function failure(...given) {
  try {
    const answer = await ask(...given);
    if (given[1]?.stream) for await (const _ of answer);
    return "nothing was thrown";
  } catch (error) {
    return error instanceof OpenAI.APIError ? `${error.constructor.name} ${error.code}` : `${error}`;
  }
}

const whole = await ask("hello");
const chunks = [];
const options = { stream: true, stream_options: { include_usage: true } };
for await (const chunk of await ask("hello", options)) chunks.push(chunk);
for await (const _ of await ask("slow", { stream: true })) break;
const models = await client().models.list();
console.log(
  JSON.stringify({
    models: models.data.slice(0, 1).map((model) => model.id),
    whole: whole.choices[0].message.content,
    finish: whole.choices[0].finish_reason,
    streamed: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""),
    usage: chunks.at(-1).usage?.total_tokens > 0,
    wrong_key: await failure("hello", { key: "wrong" }),
    unknown_team: await failure("hello", { model: "nobody" }),
    closed: await failure("hello", { model: "upstage" }),
    limited: await failure("limited"),
    unavailable: await failure("unavailable"),
    refused: await failure("refused"),
    cut: await failure("cut", { stream: true }),
  }),
);
