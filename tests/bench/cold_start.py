"""One cold start, in the process that it is measured in. Prints what it took, and what was answered."""

import base64
import json
import sys
import time
from importlib import import_module
from pathlib import Path


def main(file: str, *, only_import: bool) -> None:
    told = json.loads(Path(file).read_text())
    heard = {name: base64.b64decode(answer) for name, answer in told["heard"].items()}
    event = json.loads(told["event"])
    began = time.process_time()
    handler = import_module(f"functions.{told['function']}.handler").lambda_handler
    if only_import:
        answer = told["function"]
        taken = time.process_time() - began
    else:
        _cut_off(heard, told["key_set"])
        result = handler(event, None)
        taken = time.process_time() - began
        answer = json.loads(result["body"]).get("value")
    sys.stdout.write("\n" + json.dumps({"seconds": taken, "answer": answer}) + "\n")


def _cut_off(heard: dict[str, bytes], key_set: str) -> None:
    from llm_config.runtime import wiring
    from tests.bench.replay import OfflineFamily, Wire

    wiring.use(OfflineFamily(Wire(heard).client, key_set.encode()).factories())


if __name__ == "__main__":
    main(sys.argv[1], only_import="import" in sys.argv[2:])
