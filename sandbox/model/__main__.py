"""Starts the model server: `python -m sandbox.model --port 8082 --latency 0.5`."""

import sys

from sandbox.model.running import build_server
from sandbox.model.settings import parse_settings

if __name__ == "__main__":
    build_server(parse_settings(sys.argv[1:])).run()
