// LangChain for JavaScript.
import { ChatOpenAI } from "@langchain/openai";

const { BOOTH_BASE_URL: baseURL, BOOTH_KEY } = process.env;
const chat = (model = "skt", apiKey = BOOTH_KEY) =>
  new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL } });

async function failure(question, model, key, stream = false) {
  try {
    if (stream) for await (const _ of await chat(model, key).stream(question));
    else await chat(model, key).invoke(question);
    return "nothing was thrown";
  } catch (error) {
    return `${error.status ?? ""} ${error.code ?? error.error?.code}`.trim();
  }
}

let streamed = "";
for await (const chunk of await chat().stream("hello")) streamed += chunk.content;
for await (const _ of await chat().stream("slow")) break;
console.log(
  JSON.stringify({
    whole: (await chat().invoke("hello")).content,
    streamed,
    wrong_key: await failure("hello", "skt", "wrong"),
    unknown_team: await failure("hello", "nobody"),
    closed: await failure("hello", "upstage"),
    limited: await failure("limited"),
    unavailable: await failure("unavailable"),
    refused: await failure("refused"),
    cut: await failure("cut", "skt", BOOTH_KEY, true),
  }),
);
