'use strict';
// Runs a Node handler against Lambda's Runtime API, as AWS's runtime does (aws-lambda-nodejs-runtime-interface-client).

const fs = require('fs');
const http = require('http');
const path = require('path');
const { Writable } = require('stream');
const { pathToFileURL } = require('url');
const util = require('util');

const env = process.env;
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(':');
const root = env.LAMBDA_TASK_ROOT;
const agent = new http.Agent({ keepAlive: true });
const { SAMLOCAL_LAYERS: layers, SAMLOCAL_MODULES: moduleFolders, SAMLOCAL_TYPES: hasTypes } = env;
for (const name of ['SAMLOCAL_LAYERS', 'SAMLOCAL_MODULES', 'SAMLOCAL_TYPES']) delete env[name];
const release = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV)?.[1] ?? 0);
const CALLBACKS_UNTIL = 22;
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const MOST_LOG = 1 << 15;

let current = null; // headers of the invocation that has no response yet
let requestId; // of the last invocation, for logs
let tenantId;
let isInitialized = false;
let sending = Promise.resolve();
let onEmptyLoop = () => process.exit(13); // an await at the top of a module never ends

// ---- Output ---------------------------------------------------------------------------------------------------------

/** Writes at once, even to a full pipe, so that nothing is lost when the process ends. */
function writeNow(fd, chunk, encoding) {
  let rest = typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : chunk;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(fd, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

for (const [stream, fd] of [[process.stdout, 1], [process.stderr, 2]]) {
  stream.write = (chunk, encoding, callback) => {
    writeNow(fd, chunk, encoding);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
}

const isJsonLog = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const lowestLevel = Math.max(0, LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()));

function errorFields(error) {
  return { errorType: error?.constructor?.name ?? 'UnknownError', errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [] };
}

function jsonLine(entry, parts) {
  if (parts.length === 1) {
    try {
      return JSON.stringify({ ...entry, message: parts[0] },
        (_, value) => value instanceof Error ? { ...errorFields(value), ...value } : value);
    } catch {
      return JSON.stringify({ ...entry, message: util.format(parts[0]) });
    }
  }
  const error = parts.find(part => part instanceof Error);
  return JSON.stringify({ ...entry, message: util.format(...parts), ...(error ? errorFields(error) : {}) });
}

function logLine(level, parts) {
  const timestamp = new Date().toISOString();
  if (!isJsonLog) return `${timestamp}\t${requestId}\t${level}\t${util.format(...parts)}\n`;
  return jsonLine({ timestamp, level, requestId, ...(tenantId == null ? {} : { tenantId }) }, parts) + '\n';
}

LEVELS.forEach((level, index) => {
  const isOn = index >= lowestLevel || level === 'FATAL';
  console[level.toLowerCase()] = isOn ? (...parts) => writeNow(1, logLine(level, parts)) : () => {};
});
console.log = console.info;

// ---- Errors ---------------------------------------------------------------------------------------------------------

/** An error of the runtime itself; its frames are those of the cause. */
function runtimeError(type, message, cause) {
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: `Runtime.${type}` });
  error.stack = [`${error.name}: ${message}`, ...frames(cause)].join('\n');
  return error;
}

function frames(error) {
  return String(error?.stack ?? '').split('\n').filter(line => /^\s+at /.test(line));
}

/** The same without the frames from the first one of this file on. */
function withoutOwn(lines) {
  const own = lines.findIndex(line => line.includes(__filename));
  return own < 0 ? lines : lines.slice(0, own);
}

function reported(error) {
  try {
    const isError = util.types.isNativeError(error)
      || ['name', 'message', 'stack'].every(key => error?.[key] && typeof error[key] === 'string');
    if (!isError) return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
    const escaped = text => text?.replaceAll('\x7F', '%7F');
    return { errorType: escaped(error.name), errorMessage: escaped(error.message),
      trace: withoutOwn(escaped(error.stack).split('\n')) };
  } catch {
    return { errorType: 'handled', errorMessage: 'callback called with Error argument, but there was a problem while'
      + ' retrieving one or more of its message, name, and stack' };
  }
}

/** What the runtime logs about an error. */
function errorLog(title, thrown) {
  if (LEVELS.indexOf('ERROR') < lowestLevel) return '';
  const error = thrown instanceof Error ? thrown : new Error(thrown);
  if (isJsonLog) return logLine('ERROR', [error]);
  const visible = (_, value) => !(value instanceof Error) ? value : {
    errorType: value.name, errorMessage: value.message, code: value.code, ...value,
    ...(typeof value.stack === 'string' ? { stack: withoutOwn(value.stack.split('\n')) } : {}) };
  let text;
  try {
    text = JSON.stringify(error, visible);
  } catch {
    text = JSON.stringify(reported(thrown));
  }
  return logLine('ERROR', [title, '\t' + text]);
}

// ---- Runtime API ----------------------------------------------------------------------------------------------------

function request(method, target, headers, onResponse) {
  return http.request({ host, port, method, agent, headers, path: `/2018-06-01/runtime/${target}` }, onResponse)
    .on('error', () => process.exit(1)); // the server has ended
}

function call(method, target, body, headers) {
  return new Promise(resolve => {
    request(method, target, { ...headers, 'Content-Length': body.length }, response => {
      const parts = [];
      response.on('data', part => parts.push(part));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(parts).toString() }));
    }).end(body);
  });
}

/** Marks the end of the invocation's output. */
function mark() {
  writeNow(1, `\0${requestId ?? ''}\n`);
}

function post(target, json, headers) {
  mark();
  sending = call('POST', target, Buffer.from(json),
    { 'Content-Type': 'application/json', 'Samlocal-Marked': '1', ...headers });
  return sending;
}

function postError(target, title, error, headers = {}) {
  const body = reported(error);
  const log = Buffer.from(errorLog(title, error).slice(0, MOST_LOG)).toString('base64');
  return post(target, JSON.stringify(body), { ...headers, 'Samlocal-Log': log,
    'Lambda-Runtime-Function-Error-Type': encodeURIComponent(body.errorType ?? '') });
}

function respond(result) {
  let json;
  try {
    json = JSON.stringify(result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
  return post(`invocation/${end()}/response`, json, {});
}

function fail(error, headers) {
  return postError(`invocation/${end()}/error`, 'Invoke Error', error, headers);
}

/** Ends the current invocation; returns its id. */
function end() {
  current = null;
  return requestId;
}

/** Ends the process because of an error that nothing has caught. */
async function die(title, error, status) {
  if (!isInitialized) await postError('init/error', title, error);
  else if (current) await postError(`invocation/${end()}/error`, title, error);
  else writeNow(1, errorLog(title, error));
  await sending;
  process.exit(status);
}

process.on('uncaughtException', error => die('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason, promise) => {
  const error = runtimeError('UnhandledPromiseRejection', String(reason), reason);
  die('Unhandled Promise Rejection', Object.assign(error, { reason, promise }), 128);
});
process.on('beforeExit', () => onEmptyLoop());
process.on('SIGINT', () => {}); // Ctrl+C is for the server

// ---- Handler --------------------------------------------------------------------------------------------------------

class HttpResponseStream {
  static from(stream, prelude) {
    stream.setContentType('application/vnd.awslambda.http-integration-response');
    stream._onBeforeFirstWrite = write => {
      write(JSON.stringify(prelude));
      write(new Uint8Array(8));
    };
    return stream;
  }
}

if (!['1', 'true'].includes(env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA)) {
  globalThis.awslambda = {
    streamifyResponse: (handler, options) => {
      handler[STREAMING] = 'response';
      if (typeof options?.highWaterMark === 'number') handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
      return handler;
    },
    HttpResponseStream,
  };
}

/** Whether the nearest package.json makes a .js file an ES module. */
function isModule(folder) {
  if (path.basename(folder) === 'node_modules') return false;
  const file = path.join(folder, 'package.json');
  if (fs.existsSync(file)) {
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8'))?.type === 'module';
    } catch (error) {
      console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  const parent = path.dirname(folder);
  return parent !== folder && isModule(parent);
}

function paths(text) {
  return text ? text.split(path.delimiter) : [];
}

/** The names that a file in /opt, where AWS puts layers, may have here. */
function inLayers(name, folders) {
  return folders.flatMap(folder => [name.replace(/^\/opt/, folder), name.replace(/^\/opt\/nodejs/, folder)]);
}

/** Finds packages of ES modules in the folders of layers, as AWS does. */
const RESOLVER = `
  let parents, layers;
  const inLayers = ${inLayers};
  export function initialize(data) {
    ({ parents, layers } = data);
  }
  export async function resolve(name, context, next) {
    try {
      return await next(name, context);
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      const others = name.startsWith('/opt/') ? inLayers(name, layers).map(each => [each, context.parentURL])
        : /^[./]|^\\w+:/.test(name) ? [] : parents.map(parent => [name, parent]);
      for (const [other, parentURL] of others) {
        try {
          return await next(other, { ...context, parentURL });
        } catch {
          continue;
        }
      }
      throw error;
    }
  }`;

/** Makes require('/opt/nodejs/...') find files of layers. */
function findInLayers() {
  const Module = require('module');
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (name, ...rest) {
    const names = typeof name === 'string' && name.startsWith('/opt/') ? inLayers(name, paths(layers)) : [];
    for (const other of names) {
      try {
        return resolve.call(this, other, ...rest);
      } catch {
        continue;
      }
    }
    return resolve.call(this, name, ...rest);
  };
}

async function load(folder, name) {
  const file = path.resolve(root, folder, name);
  const isThere = extension => fs.existsSync(file + extension);
  const imported = extension => {
    if (layers || moduleFolders) require('module').register('data:text/javascript,' + encodeURIComponent(RESOLVER),
      { data: { parents: paths(moduleFolders).map(each => pathToFileURL(path.join(each, 'x')).href),
        layers: paths(layers).map(each => pathToFileURL(each).href) } });
    return import(pathToFileURL(file + extension).href);
  };
  if (isThere('')) return require(file);
  if (isThere('.js')) return isModule(path.dirname(file)) ? imported('.js') : require(file + '.js');
  if (isThere('.mjs')) return imported('.mjs');
  if (isThere('.cjs')) return require(file + '.cjs');
  for (const extension of ['.ts', '.mts', '.cts']) {
    if (hasTypes && isThere(extension)) return imported(extension);
  }
  return require(require.resolve(name, { paths: [root, folder] }));
}

/** The place of a syntax error in an ES module, as a frame: Node only prints it. */
function syntaxFrame(error, handler) {
  const atTop = /^(?:file:\/\/)?(\/[^\n]*|[A-Za-z]:[^\n]*):(\d+)\n/.exec(error.stack);
  if (atTop) return [`    at ${atTop[1]}:${atTop[2]}:1`];
  if (frames(error).some(line => !line.includes('node:') && !line.includes(__filename))) return frames(error);
  const { spawnSync } = require('child_process');
  const name = path.resolve(root, handler.replace(/\.[^/]*$/, ''));
  const file = ['.js', '.mjs', '.ts', '.mts'].map(extension => name + extension).find(each => fs.existsSync(each));
  const checked = file && spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
  const place = checked && /^(?:file:\/\/)?(.*):(\d+)\n/.exec(checked.stderr);
  return place ? [`    at ${place[1]}:${place[2]}:1`] : [];
}

async function findHandler(handler) {
  if (handler.includes('..')) {
    throw runtimeError('MalformedHandlerName', `'${handler}' is not a valid handler name. Use absolute paths when`
      + ' specifying root directories in handler names.');
  }
  const base = path.basename(handler);
  const parts = /^([^.]*)\.(.*)$/.exec(base);
  if (!parts) throw runtimeError('MalformedHandlerName', 'Bad handler');
  let exported;
  try {
    exported = await load(handler.slice(0, handler.indexOf(base)), parts[1]);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw runtimeError('UserCodeSyntaxError', String(error), { stack: syntaxFrame(error, handler).join('\n') });
    }
    if (error?.code !== 'MODULE_NOT_FOUND') throw error;
    throw runtimeError('ImportModuleError', String(error).replace(`\n- ${__filename}`, '')
      .replace(/\nRequire stack:$/, ''), error);
  }
  const found = parts[2].split('.').reduce((value, key) => value && value[key], exported);
  if (!found) throw runtimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw runtimeError('HandlerNotFound', `${handler} is not a function`);
  const mode = found[STREAMING];
  if (mode != null && mode !== false && mode !== 'response') {
    throw runtimeError('MalformedStreamingHandler', 'Only response streaming is supported.');
  }
  if (!mode && release > CALLBACKS_UNTIL && found.length >= 3) {
    throw runtimeError('CallbackHandlerDeprecated', 'AWS Lambda has removed support for callback-based function'
      + ' handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to'
      + ' use Node.js 24 or later. For more information see'
      + ' https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.');
  }
  return found;
}

// ---- Invocations ----------------------------------------------------------------------------------------------------

function parsed(text, name) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}

function withData(context, headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return Object.assign(context, {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed(headers['lambda-runtime-client-context'], 'ClientContext'),
    identity: parsed(headers['lambda-runtime-cognito-identity'], 'CognitoIdentity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: requestId,
    tenantId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  });
}

function isPromise(value) {
  return typeof value?.then === 'function';
}

function neverSettled() {
  return runtimeError('NodeJsExit', 'The Lambda runtime client detected an unexpected Node.js exit code. This is most'
    + ' commonly caused by a Promise that was never settled. For more information, see'
    + ' https://nodejs.org/docs/latest/api/process.html#exit-codes');
}

/** The response to a handler without streaming, whose first outcome counts. */
function buffered(handler, headers, event, next) {
  let isDone = false;
  let waitsForEmptyLoop = true;
  const once = action => (...outcome) => {
    if (isDone) return;
    action(...outcome);
    isDone = true; // not before: a result that is not JSON may be followed by an error
  };
  const done = once((error, result) => {
    onEmptyLoop = () => {};
    (error === undefined || error === null ? respond(result) : fail(error)).then(next);
  });
  const callback = once((error, result) => {
    onEmptyLoop = () => {};
    if (error !== undefined && error !== null) fail(error).then(next);
    else if (!waitsForEmptyLoop) respond(result).then(next);
    else onEmptyLoop = () => setImmediate(() => {
      onEmptyLoop = () => {};
      respond(result).then(next);
    });
  });
  const isAsync = handler.constructor?.name === 'AsyncFunction' || release > CALLBACKS_UNTIL;
  onEmptyLoop = () => done(isAsync ? neverSettled() : null, null);
  const context = release > CALLBACKS_UNTIL ? {} : {
    get callbackWaitsForEmptyEventLoop() {
      return waitsForEmptyLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waitsForEmptyLoop = value;
    },
    succeed: result => done(null, result),
    fail: error => done(error ?? 'handled', null),
    done,
  };
  try {
    const result = handler(JSON.parse(event), withData(context, headers), callback);
    if (isPromise(result)) result.then(value => done(null, value)).catch(error => done(error ?? 'handled'));
    else if (release > CALLBACKS_UNTIL) done(null, result);
  } catch (error) {
    callback(error);
  }
}

/** The body of a streamed response. Its request starts with the first byte. */
class ResponseStream extends Writable {
  constructor(id, highWaterMark) {
    super({ highWaterMark, decodeStrings: true });
    this.id = id;
    this.contentType = 'application/octet-stream';
    this.answered = new Promise(resolve => {
      this.onAnswer = resolve;
    });
  }

  setContentType(type) {
    if (this.post) throw runtimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this.contentType = type;
  }

  write(chunk, encoding, callback) {
    const isPlain = typeof chunk === 'string' || Buffer.isBuffer(chunk) || chunk?.constructor === Uint8Array;
    return super.write(isPlain ? chunk : JSON.stringify(chunk), encoding, callback);
  }

  open() {
    if (this.post) return this.post;
    this.post = request('POST', `invocation/${this.id}/response`, { 'Content-Type': this.contentType,
      'Transfer-Encoding': 'chunked', 'Samlocal-Marked': '1',
      'Lambda-Runtime-Function-Response-Mode': 'streaming' }, response => response.on('end', this.onAnswer).resume());
    this._onBeforeFirstWrite?.(part => this.post.write(part));
    return this.post;
  }

  _write(chunk, encoding, callback) {
    this.open().write(chunk, callback);
  }

  /** Waits for the end of the stream, as long as anything is left that could write to it. */
  finished() {
    const detach = socket => {
      if (current) socket.unref();
    };
    if (this.post?.socket) detach(this.post.socket);
    else this.post?.once('socket', detach);
    return new Promise((resolve, reject) => {
      onEmptyLoop = () => reject('Response stream is not finished.');
      this.answered.then(resolve);
    });
  }

  _final(callback) {
    end();
    this.post?.socket?.ref();
    mark();
    this.open().end(callback);
  }

  /** Reports an error; a response that has begun breaks off after what has been written. */
  async fail(error) {
    this.on('error', () => {});
    await fail(error, this.post ? { 'Samlocal-Streamed': '1' } : {});
    if (this.post) await this.breakOff();
    this.destroy();
  }

  /** Ends the connection after what has been written, and waits until the server has noticed. */
  breakOff() {
    return new Promise(resolve => {
      this.post.removeAllListeners('error').on('error', () => {}).on('close', resolve);
      this.post.write('', () => this.post.socket.ref().end());
    });
  }
}

async function streamed(handler, headers, event, next) {
  let waitsForEmptyLoop = release <= CALLBACKS_UNTIL;
  const stream = new ResponseStream(requestId, handler[HIGH_WATER_MARK]);
  onEmptyLoop = () => (current ? stream.fail(neverSettled()) : Promise.resolve()).then(next);
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waitsForEmptyLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waitsForEmptyLoop = value;
    },
  };
  try {
    const result = handler(JSON.parse(event), stream, withData(context, headers));
    if (!isPromise(result)) throw 'Streaming does not support non-async handlers.';
    if (await result !== undefined) console.warn('Streaming handlers ignore return values.');
    await stream.finished();
  } catch (error) {
    if (current) await stream.fail(error);
    else writeNow(1, errorLog('Invoke Error', error));
    return next();
  }
  if (!waitsForEmptyLoop) return next();
  onEmptyLoop = () => setImmediate(next);
}

async function serve(handler) {
  const { headers, body } = await call('GET', 'invocation/next', '', {});
  requestId = headers['lambda-runtime-aws-request-id'];
  if (!requestId) process.exit(1);
  tenantId = headers['lambda-runtime-aws-tenant-id'];
  current = headers;
  if (headers['lambda-runtime-trace-id']) env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  else delete env._X_AMZN_TRACE_ID;
  const next = () => {
    onEmptyLoop = () => {};
    setImmediate(serve, handler);
  };
  (handler[STREAMING] ? streamed : buffered)(handler, headers, body, next);
}

async function start() {
  if (layers) findInLayers();
  const handler = await findHandler(env._HANDLER);
  isInitialized = true;
  onEmptyLoop = () => {};
  setImmediate(serve, handler);
}

start().catch(error => die('Uncaught Exception', error, 129));
