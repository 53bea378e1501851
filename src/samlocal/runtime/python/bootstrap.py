"""Runs a Python handler against Lambda's Runtime API.

It behaves as AWS's client (https://github.com/aws/aws-lambda-python-runtime-interface-client). It starts with each
execution environment, so it imports little: what only some functions need is imported when they need it.
"""
import _socket  # much faster to import than socket
import json
import os
import sys
import time

from _frozen_importlib_external import PathFinder, SourceFileLoader as FileLoader  # faster than importlib.machinery

HOST, PORT = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]
MOST_LOG = 1 << 15
IS_JSON_LOG = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
DATE = "%Y-%m-%dT%H:%M:%S"


class Fault(Exception):
    """An error that AWS's runtime itself reports."""

    def __init__(self, kind, message, trace=(), cause=None):
        super().__init__(message)
        self.kind = kind
        self.trace = list(trace)
        self.cause = cause


# ---- Log ------------------------------------------------------------------------------------------------------------

class Log:
    """The output of the process, even if the handler replaces or closes sys.stdout."""

    def __init__(self):
        self.file = os.dup(1)

    def write(self, text):
        self.flush()
        self.send(text.encode("utf-8", "backslashreplace"))

    def send(self, data):
        while data:
            data = data[os.write(self.file, data):]

    def flush(self):
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:  # closed, or replaced by an object of another kind
                continue

    def mark(self, request_id):
        """Ends the output of an invocation."""
        self.flush()
        self.send(b"\0" + request_id.encode() + b"\n")


class LoggingSetup:
    """Finds the module logging, which is expensive to import, and configures it for Lambda on its first import."""

    def find_spec(self, name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name, [os.path.dirname(os.__file__)])
        execute = spec.loader.exec_module

        def execute_and_configure(module):
            execute(module)
            configure(module)

        spec.loader.exec_module = execute_and_configure
        return spec


def configure(logging):
    """Sets the root logger's handler, format and level."""

    class LambdaLoggerHandler(logging.Handler):
        def emit(self, record):
            log.write(self.format(record))

    class LambdaLoggerFilter(logging.Filter):
        def filter(self, record):
            record.aws_request_id = current.get("id", "")
            record.tenant_id = current.get("tenant")
            return True

    class JsonFormatter(logging.Formatter):
        known = set(vars(logging.makeLogRecord({}))) | {"aws_request_id", "tenant_id", "exc_text", "message",
                                                        "asctime"}

        def format(self, record):
            level = min(50, max(0, record.levelno)) // 10 * 10
            fields = {"timestamp": self.formatTime(record, DATE + "Z"), "level": logging.getLevelName(level),
                      "message": record.getMessage(), "logger": record.name}
            if record.exc_info:
                import traceback
                kind, error, trace = record.exc_info
                fields.update(stackTrace=traceback.format_tb(trace), errorType=kind and kind.__name__,
                              errorMessage=str(error),
                              location=f"{record.pathname}:{record.funcName}:{record.lineno}")
            fields.update(requestId=record.aws_request_id, tenantId=record.tenant_id)
            extra = {name: value for name, value in vars(record).items()
                     if name not in self.known and name not in fields}
            given = {name: value for name, value in {**fields, **extra}.items() if value is not None}
            return json.dumps(given, ensure_ascii=False) + "\n"

    logging.Formatter.converter = time.gmtime
    handler = LambdaLoggerHandler()
    handler.setFormatter(JsonFormatter() if IS_JSON_LOG else logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", DATE))
    handler.addFilter(LambdaLoggerFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper().replace("TRACE", "DEBUG")
    if isinstance(logging.getLevelName(level), int):
        root.setLevel(level)


def error_log(error):
    """What AWS's runtime logs of an error."""
    if IS_JSON_LOG:
        return json.dumps({"timestamp": time.strftime(DATE + "Z", time.gmtime()), "log_level": "ERROR", **error})
    message = f": {error['errorMessage']}" if error["errorMessage"] else ""
    lines = [f"[ERROR] {error['errorType']}{message}", "Traceback (most recent call last):"]
    for line in "".join(element.rstrip("\n") + "\n" for element in error["stackTrace"]).splitlines():
        text = line.lstrip(" ")
        lines.append("\u00a0" * (len(line) - len(text)) + text)
    return "\n".join(lines)


# ---- Context --------------------------------------------------------------------------------------------------------

class Described:
    """An object whose representation shows its attributes."""

    def __repr__(self):
        attributes = ",".join(f"{name}={getattr(self, name)}" for name in self.shown)
        return f"{type(self).__name__}([{attributes}])"


class Part(Described):
    """A part of the context, with one attribute for each field that the caller may set."""
    __slots__ = ()

    def __init__(self, fields):
        for name in self.__slots__:
            setattr(self, name, fields.get(name))

    @property
    def shown(self):
        return self.__slots__


class CognitoIdentity(Part):
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(Part):
    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(Part):
    __slots__ = ("custom", "env", "client")

    def __init__(self, fields):
        super().__init__(fields)
        self.client = None if self.client is None else Client(self.client)


class LambdaContext(Described):
    shown = ("aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb",
             "function_version", "invoked_function_arn", "client_context", "identity", "tenant_id")

    def __init__(self, headers):
        client = header_json(headers, "client-context", "Client Context")
        identity = header_json(headers, "cognito-identity", "Cognito Identity") or {}
        self.aws_request_id = headers["aws-request-id"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("invoked-function-arn")
        self.client_context = None if client is None else ClientContext(client)
        self.identity = CognitoIdentity({"cognito_identity_id": identity.get("cognitoIdentityId"),
                                         "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId")})
        self.tenant_id = headers.get("aws-tenant-id")
        self._epoch_deadline_time_in_ms = int(headers["deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, msg):
        log.write(str(msg) if str(msg).endswith("\n") else f"{msg}\n")  # an entry of its own on AWS


def header_json(headers, name, title):
    if not headers.get(name):
        return None
    try:
        return json.loads(headers[name])
    except ValueError as error:
        raise Fault("Runtime.LambdaContextUnmarshalError", f"Unable to parse {title} JSON: {error}")


# ---- JSON -----------------------------------------------------------------------------------------------------------

class Encoder(json.JSONEncoder):
    """Encodes as simplejson does, which AWS's runtime uses: exact decimals, named tuples as objects, bytes as text."""
    is_old = os.environ.get("AWS_EXECUTION_ENV", "")[-2:] in (".8", ".9", "10", "11")
    mark = None

    def __init__(self):
        super().__init__(ensure_ascii=self.is_old)

    def default(self, value):
        if isinstance(value, bytes):
            return value.decode()
        if not hasattr(value, "is_nan"):
            return super().default(value)
        if value.is_nan():
            return float("nan")
        self.mark = self.mark or os.urandom(8).hex()
        return f"{self.mark}{value}"

    def encode(self, value):
        text = super().encode(value)
        if has_named_tuple(value):
            text = super().encode(without_named_tuples(value))
        if self.mark:
            import re
            text = re.sub(f'"{self.mark}([^"]*)"', r"\1", text)
        return text


def has_named_tuple(value):
    if isinstance(value, dict):
        return any(map(has_named_tuple, value.values()))
    return isinstance(value, (list, tuple)) and (hasattr(value, "_asdict") or any(map(has_named_tuple, value)))


def without_named_tuples(value):
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: without_named_tuples(each) for name, each in value.items()}
    return [without_named_tuples(each) for each in value] if isinstance(value, (list, tuple)) else value


def unmarshalled(event):
    try:
        return json.loads(event)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")


def marshalled(response):
    """The response and its content type."""
    if isinstance(response, bytes):
        return response, "application/unknown"
    try:
        return Encoder().encode(response).encode(), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}")


# ---- Runtime API ----------------------------------------------------------------------------------------------------

class Api:
    """A connection to the Runtime API that stays open."""

    def __init__(self):
        self.connect()

    def connect(self):
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self.socket.connect((HOST, int(PORT)))
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)

    def next(self):
        """The headers of the next invocation, without their common prefix, and its event."""
        headers, event = self.request("GET", "invocation/next", {}, b"")
        prefix = "lambda-runtime-"
        return {name[len(prefix):]: value for name, value in headers.items() if name.startswith(prefix)}, event

    def post(self, path, body, content_type="application/json", headers=()):
        self.request("POST", path, {"Content-Type": content_type, "Samlocal-Marked": "1", **dict(headers)}, body)

    def request(self, method, path, headers, body):
        try:
            return self.exchange(method, path, headers, body)
        except OSError:
            try:  # the server closes connections that have been idle, during a slow invocation
                self.connect()
                return self.exchange(method, path, headers, body)
            except OSError:
                os._exit(1)  # the server is gone

    def exchange(self, method, path, headers, body):
        lines = [f"{method} /2018-06-01/runtime/{path} HTTP/1.1", f"Host: {HOST}:{PORT}",
                 f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        received = bytearray()
        while b"\r\n\r\n" not in received:
            self.receive(received)
        head, _, rest = bytes(received).partition(b"\r\n\r\n")
        pairs = (line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n")[1:])
        found = {name.lower(): value.strip() for name, _, value in pairs}
        body = bytearray(rest)
        while len(body) < int(found.get("content-length", 0)):
            self.receive(body)
        return found, bytes(body)

    def receive(self, buffer):
        part = self.socket.recv(1 << 16)
        if not part:
            raise ConnectionError
        buffer += part


def header(text):
    import base64
    return base64.b64encode(text[-MOST_LOG:].encode("utf-8", "replace")).decode()


def post_error(api, path, error, request_id="", handler=None):
    """Reports an exception; headers add what samlocal shows and AWS's clients do not see."""
    frames = own_frames(error.cause if isinstance(error, Fault) else error)
    if isinstance(error, Fault):
        kind, trace = error.kind, error.trace
    else:
        kind, trace = type(error).__name__, frames
    fields = {"errorMessage": str(error), "errorType": kind, "requestId": request_id, "stackTrace": trace}
    trace = "".join(frames) or place(handler)
    headers = {"Samlocal-Log": header(error_log(fields)), "Samlocal-Trace": header(trace)}
    missing = error.cause if isinstance(error, Fault) else error
    if isinstance(missing, ModuleNotFoundError) and missing.name:
        headers["Samlocal-Missing"] = header(missing.name)
    log.mark(request_id)
    api.post(path, Encoder().encode(fields).encode("utf-8", "replace"), headers=headers)


def own_frames(error):
    """The frames of an exception's trace as text, without the first ones, which are in this file."""
    import traceback
    frames = traceback.extract_tb(error.__traceback__) if error else []
    while frames and frames[0].filename == __file__:
        frames.pop(0)
    return traceback.format_list([(each.filename, each.lineno, each.name, each.line) for each in frames])


def place(handler):
    """The first line of a function that could not be called."""
    code = getattr(handler, "__code__", None)
    return f'  File "{code.co_filename}", line {code.co_firstlineno}, in {code.co_name}' if code else ""


# ---- Handler --------------------------------------------------------------------------------------------------------

def load(name):
    """The function that Handler names."""
    module, dot, function = name.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName",
                    f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    if module.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module} as a handler module")
    path = module.replace("/", ".")
    try:
        __import__(path)
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module}': {error}", cause=error)
    except SyntaxError as error:
        place = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module}': {error}", [place])
    try:
        return getattr(sys.modules[path], function)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module}'")


def exact_stats(loader, path):
    """The modification time in microseconds, so that no bytecode is older than an edit in the same second."""
    stat = os.stat(path)
    return {"mtime": stat.st_mtime_ns // 1000, "size": stat.st_size}


def serve(api, handler):
    while True:
        headers, event = api.next()
        request_id = headers["aws-request-id"]
        current.update(id=request_id, tenant=headers.get("aws-tenant-id"))
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("trace-id", "")
        try:
            context = LambdaContext(headers)
            response, content_type = marshalled(handler(unmarshalled(event), context))
        except Exception as error:
            post_error(api, f"invocation/{request_id}/error", error, request_id, handler)
        else:
            log.mark(request_id)
            api.post(f"invocation/{request_id}/response", response, content_type)


def main():
    api = Api()
    sys.path[:1] = [TASK_ROOT]
    FileLoader.path_stats = exact_stats
    if "logging" in sys.modules:
        configure(sys.modules["logging"])
    else:
        sys.meta_path.insert(0, LoggingSetup())
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:
        post_error(api, "init/error", error)
        sys.exit(1)
    serve(api, handler)


current = {}
log = Log()
if __name__ == "__main__":  # not in the processes of multiprocessing, which import this file
    main()
