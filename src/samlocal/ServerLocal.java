///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Serves an AWS SAM project in Java on this machine: no Docker, no build step
//COMPILE_OPTIONS -XDstringConcat=inline -J-XX:TieredStopAtLevel=1
//RUNTIME_OPTIONS -XX:+IgnoreUnrecognizedVMOptions -Xlog:cds=off -Xlog:cds+dynamic=off
//RUNTIME_OPTIONS -Dfile.encoding=UTF-8
//RUNTIME_OPTIONS -XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=10000
//RUNTIME_OPTIONS -XX:Tier4CompileThreshold=40000 -XX:Tier4BackEdgeThreshold=100000
//CDS
//DEPS info.picocli:picocli:4.7.7
//DEPS org.yaml:snakeyaml:2.5
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.3
//DEPS com.fasterxml.jackson.dataformat:jackson-dataformat-toml:2.22.3
//DEPS org.ow2.asm:asm:9.9.1
//DEPS com.nimbusds:nimbus-jose-jwt:10.10
//DEPS dev.harrel:json-schema:1.8.2
//DEPS com.amazonaws:aws-lambda-java-core:1.4.0
//DEPS com.amazonaws:aws-lambda-java-events:3.16.1
//DEPS com.amazonaws:aws-lambda-java-serialization:1.1.6
//DEPS eu.maveniverse.maven.mima:context:2.4.48
//DEPS eu.maveniverse.maven.mima.runtime:standalone-static:2.4.48
//DEPS eu.maveniverse.maven.mima.extensions:mmr:2.4.48
//DEPS org.codehaus.plexus:plexus-utils:3.6.1
//DEPS org.slf4j:slf4j-nop:1.7.36
//SOURCES */*.java
//FILES samlocal/inspector/=inspector/page.*
//FILES samlocal/lambda/events/=lambda/events/*.json

package samlocal;

import java.util.List;
import samlocal.cli.Cli;
import samlocal.cli.Debuggee;

/**
 * Serves an AWS SAM project on 127.0.0.1:3000. It reads template.yaml, maps the API events to routes, compiles the
 * Java handlers from CodeUri in memory, runs them in this JVM as AWS would, and picks up an edit on the next request.
 * Run it with JBang: {@code jbang ServerLocal.java --help}.
 *
 * <p>The file is one program, told top-down in rooms; a room names only rooms below it. Four flows lead through:
 * <pre>
 * request   socket, HttpServer, Gateway, Router, Integration, Admission (may it pass?), Validation, Events (request to
 *           event), LambdaFunction, JavaRuntime, Events (answer to response), Cors, HttpServer, socket
 * call      socket, HttpServer, Gateway, LambdaApi, LambdaFunction, JavaRuntime, LambdaApi, socket
 * template  template.yaml, Template (YAML to values), Globals, Intrinsics (known values), Stack, Apis with Auth, Models
 *           and Backends, Router
 * code      CodeUri, Sources (what is on disk), Compiler, CodeLoader, the handler
 * </pre>
 *
 * <p><b>Freshness.</b> A request meets all that was saved before it. It looks at the template by its time and size;
 * whether the sources of the function it reaches have changed, the system tells ({@link FileEvents}), and where it does
 * not, the request looks at them too. Requests that wait for an environment share the look that it takes before it goes
 * on with them ({@link Environments}). File times tick in steps of a few milliseconds, so a file that has just changed
 * is read again until its time is old enough to be believed. An edit is compiled as soon as it is saved, with the
 * files that it touches ({@link Increment}) and no others; the next start begins with what is on disk
 * ({@link ClassStore}).
 * What was found becomes one immutable {@link Gateway.Deployment} or {@link Codebase.Build}, swapped in whole;
 * a request under way ends on the one that it started with.
 *
 * <p><b>Sockets.</b> {@link HttpServer} is this program's own. The JDK's hands each request to another thread and back,
 * turns raw characters in an address away before anybody is asked, and answers what it does not like in HTML.
 *
 * <p><b>Starting</b> is loading classes, above all. What every function needs is loaded beside the reading of the
 * command line and the template ({@link Sandboxes#begin()}), only those commands are described that were named, and
 * what is of use for an edit waits until the first request is over. JBang's directive CDS lets the JVM keep this
 * program's classes in an archive ({@link ClassArchive}). The options above put the JVM's costly compiler off until the
 * server is up; they have javac join texts by plain code, which need not be linked, and run without that costly
 * compiler itself, so that this file is built in half the time. Nothing depends on any of them but the charset. Records
 * that are compared before the first answer say themselves how: the JVM takes a millisecond or two to link what javac
 * makes of each.
 *
 * <p><b>Isolation.</b> An {@link ExecutionEnvironment} is to this program what a sandbox is to AWS: a loader with the
 * function's code and libraries, statics of its own, one request at a time. Above the function's loader there are
 * only the JDK and AWS's core interfaces; AWS's serialization library and {@link JavaRuntime} sit beside it, where
 * handlers cannot see them. {@code JavaRuntime} is loaded anew for each environment, so that it
 * is plain Java against the very interfaces that the handler sees; what crosses is bytes in, bytes out. The process
 * itself cannot be had twice: calls to {@code System.getenv}, {@code exit} and the standard streams are rewritten as
 * classes are loaded ({@link CodeLoader}), and the timers and executors that code makes are noted, to be ended with it.
 * What the JDK prints for a function is told by its thread group ({@link ProcessStreams}), and locale and time zone
 * change hands with the thread ({@link ProcessDefaults}). A function's classes and its libraries have a loader each,
 * since libraries outlive an edit; a package that both have is loaded by the upper one.
 *
 * <p><b>Failing.</b> Whatever a handler does ends its execution environment at most. It runs in a thread that nobody
 * else uses; who waits for it waits as long as the template's Timeout. When memory is short, all of the function's
 * memory is let go before anything else is done.
 *
 * <p><b>Failures</b> that a user can cause and mend are {@link Fault}s, thrown anywhere, printed by {@link Cli} or, in
 * a running server, by {@link DevServer}. A handler's exception stays itself until {@link Gateway} reports it.
 */
public class ServerLocal {
    private ServerLocal() {
    }

    public static void main(String[] arguments) {
        Debuggee.endWithParent();
        System.exit(Cli.start(List.of(arguments)));
    }
}
