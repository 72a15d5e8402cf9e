// The AI SDK with its provider for interfaces like OpenAI's.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateText, streamText } from "ai";

const { BOOTH_BASE_URL: baseURL, BOOTH_KEY } = process.env;
const model = (name = "skt", apiKey = BOOTH_KEY) =>
  createOpenAICompatible({ name: "booth", baseURL, apiKey })(name);

async function failure(prompt, name, key) {
  try {
    await generateText({ model: model(name, key), prompt, maxRetries: 0 });
    return "nothing was thrown";
  } catch (error) {
    const told = APICallError.isInstance(error) ? JSON.parse(error.responseBody).error.code : error;
    return `${error.name} ${error.statusCode} ${told}`;
  }
}

/** The text, and what went wrong on the way. */
async function streamed(prompt, abortSignal) {
  let [text, failed] = ["", null];
  const answer = streamText({
    model: model(),
    prompt,
    maxRetries: 0,
    abortSignal,
    onError: ({ error }) => (failed = error),
  });
  for await (const part of answer.textStream) text += part;
  return { text, failed: failed && `${failed.message ?? failed}` };
}

const whole = await generateText({ model: model(), prompt: "hello" });
const leaving = new AbortController();
setTimeout(() => leaving.abort(), 300);
await streamed("slow", leaving.signal).catch(() => {});
console.log(
  JSON.stringify({
    whole: whole.text,
    finish: whole.finishReason,
    streamed: (await streamed("hello")).text,
    wrong_key: await failure("hello", "skt", "wrong"),
    unknown_team: await failure("hello", "nobody"),
    closed: await failure("hello", "upstage"),
    limited: await failure("limited"),
    unavailable: await failure("unavailable"),
    refused: await failure("refused"),
    cut: (await streamed("cut")).failed !== null,
  }),
);
