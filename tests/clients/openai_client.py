"""OpenAI's own client for Python, as its users write it."""

import json
import os

import openai

client = openai.OpenAI(
    base_url=os.environ["BOOTH_BASE_URL"], api_key=os.environ["BOOTH_KEY"], max_retries=0
)


def ask(question, model="skt", key=None, **more):
    asked = client if key is None else client.with_options(api_key=key)
    messages = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": question}]
    return asked.chat.completions.create(model=model, messages=messages, **more)


def failure(*given, **more):
    try:
        answer = ask(*given, **more)
        for _ in answer if more.get("stream") else []:
            pass
        return "nothing was raised"
    except openai.APIError as error:
        return f"{type(error).__name__} {error.code}"


whole = ask("hello", max_completion_tokens=64, temperature=0.5)
chunks = list(ask("hello", stream=True, stream_options={"include_usage": True}))
slow = ask("slow", stream=True)
next(iter(slow))
slow.close()
print(
    json.dumps(
        {
            "models": [model.id for model in client.models.list()][:1],
            "whole": whole.choices[0].message.content,
            "finish": whole.choices[0].finish_reason,
            "streamed": "".join(c.choices[0].delta.content or "" for c in chunks if c.choices),
            "usage": chunks[-1].usage is not None and chunks[-1].usage.total_tokens > 0,
            "wrong_key": failure("hello", key="wrong"),
            "unknown_team": failure("hello", model="nobody"),
            "closed": failure("hello", model="upstage"),
            "limited": failure("limited"),
            "unavailable": failure("unavailable"),
            "refused": failure("refused"),
            "cut": failure("cut", stream=True),
        }
    )
)
