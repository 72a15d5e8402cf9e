"""The `llm` command line, with the model in the file that its users write."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

folder = pathlib.Path(tempfile.mkdtemp())
models = [
    {"model_id": team, "model_name": team, "api_base": os.environ["BOOTH_BASE_URL"], "api_key_name": "booth"}
    for team in ("skt", "nobody", "upstage")
]
# JSON is YAML.
(folder / "extra-openai-models.yaml").write_text(json.dumps(models))
PROGRAM = pathlib.Path(sys.executable).with_name("llm")


def run(question, *options, model="skt", key=None):
    (folder / "keys.json").write_text(json.dumps({"booth": key or os.environ["BOOTH_KEY"]}))
    environment = {**os.environ, "LLM_USER_PATH": str(folder)}
    command = [PROGRAM, "-m", model, *options, question]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    said = done.stdout if done.returncode == 0 else done.stderr
    return done.returncode, said.strip()


def failure(*given, **more):
    status, said = run(*given, **more)
    return f"{status} {said.splitlines()[-1].split(':')[0]}"


print(
    json.dumps(
        {
            "whole": run("hello", "--no-stream")[1],
            "streamed": run("hello")[1],
            "wrong_key": failure("hello", key="wrong"),
            "unknown_team": failure("hello", model="nobody"),
        }
    )
)
