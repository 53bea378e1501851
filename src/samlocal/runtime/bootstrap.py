"""Runs a Python handler against Lambda's Runtime API."""
import importlib
import importlib.machinery
import json
import os
import socket
import sys
import traceback

HOST, PORT = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")


class Api:
    """A connection to the Runtime API that stays open."""

    def __init__(self):
        self.socket = socket.create_connection((HOST, int(PORT)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input = self.socket.makefile("rb")

    def request(self, method, path, headers=(), body=b""):
        lines = [f"{method} /2018-06-01/runtime/{path} HTTP/1.1", f"Host: {HOST}:{PORT}",
                 f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers)]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        status = self.input.readline()
        if not status:
            os._exit(1)
        answer = {}
        for line in iter(self.input.readline, b"\r\n"):
            name, _, value = line.decode().partition(":")
            answer[name.lower()] = value.strip()
        return answer, self.input.read(int(answer.get("content-length", 0)))


def distinguish_edits():
    """Cached bytecode is compared with the source by whole seconds and sizes: compare microseconds instead."""
    def path_stats(self, path):
        stat = os.stat(path)
        return {"mtime": stat.st_mtime_ns // 1000, "size": stat.st_size}
    importlib.machinery.SourceFileLoader.path_stats = path_stats


def main():
    distinguish_edits()
    api = Api()
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    handler = getattr(importlib.import_module(module.replace("/", ".")), name)
    while True:
        headers, event = api.request("GET", "invocation/next")
        request_id = headers["lambda-runtime-aws-request-id"]
        try:
            kind, result = "response", handler(json.loads(event), None)
        except Exception as error:
            kind, result = "error", {"errorMessage": str(error), "errorType": type(error).__name__,
                                     "requestId": request_id,
                                     "stackTrace": traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])}
        sys.stdout.flush()
        os.write(1, b"\0" + request_id.encode() + b"\n")
        api.request("POST", f"invocation/{request_id}/{kind}", [("Samlocal-Marked", "1")], json.dumps(result).encode())


main()
