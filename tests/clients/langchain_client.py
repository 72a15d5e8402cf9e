"""LangChain for Python."""

import json
import os

import openai
from langchain_openai import ChatOpenAI


def model(name="skt", key=None):
    return ChatOpenAI(
        model=name,
        base_url=os.environ["BOOTH_BASE_URL"],
        api_key=key or os.environ["BOOTH_KEY"],
        max_retries=0,
    )


def failure(question, name="skt", key=None, stream=False):
    try:
        asked = model(name, key)
        list(asked.stream(question)) if stream else asked.invoke(question)
        return "nothing was raised"
    except openai.APIError as error:
        return f"{type(error).__name__.removeprefix('OpenAI')} {error.code}"


slow = model().stream("slow")
next(slow)
slow.close()
print(
    json.dumps(
        {
            "whole": model().invoke("hello").content,
            "streamed": "".join(chunk.content for chunk in model().stream("hello")),
            "wrong_key": failure("hello", key="wrong"),
            "unknown_team": failure("hello", "nobody"),
            "closed": failure("hello", "upstage"),
            "limited": failure("limited"),
            "unavailable": failure("unavailable"),
            "refused": failure("refused"),
            "cut": failure("cut", stream=True),
        }
    )
)
