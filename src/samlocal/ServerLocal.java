///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Serves an AWS SAM project in Java on this machine: no Docker, no build step
//COMPILE_OPTIONS -XDstringConcat=inline -J-XX:TieredStopAtLevel=1
//RUNTIME_OPTIONS -XX:+IgnoreUnrecognizedVMOptions -Xlog:cds=off -Xlog:cds+dynamic=off
//RUNTIME_OPTIONS -XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=40 -XX:G1PeriodicGCInterval=30000
//RUNTIME_OPTIONS -Dfile.encoding=UTF-8
//CDS
//DOCS README.md
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
//FILES samlocal/cli/completion/=cli/completion/*
//FILES samlocal/cli/=cli/*.txt
//FILES samlocal/cli/init/=cli/init/*
//FILES samlocal/compile/=compile/*.txt
//FILES samlocal/dependencies/=dependencies/*.gradle
//FILES samlocal/dependencies/=dependencies/*.txt
//FILES samlocal/dependencies/=dependencies/*.xml
//FILES samlocal/inspector/=inspector/*.txt
//FILES samlocal/inspector/page/=inspector/page/*
//FILES samlocal/lambda/=lambda/*.json
//FILES samlocal/runtime/node/=runtime/node/*
//FILES samlocal/runtime/python/=runtime/python/*
//FILES samlocal/sam/=sam/*.txt
//FILES samlocal/template/=template/*.txt

package samlocal;

import java.util.List;
import samlocal.cli.Cli;
import samlocal.cli.Debuggee;
import samlocal.files.Cache;

/**
 * Serves an AWS SAM project on 127.0.0.1:3000. It reads template.yaml, maps the API events to routes, compiles the
 * Java handlers from CodeUri in memory, runs them in this JVM as AWS would, and picks up an edit on the next request.
 * Run it with JBang: {@code jbang ServerLocal.java --help}.
 *
 * <p>The packages are layers; each depends only on those below it. docs/how-it-works.md has the whole picture.
 * <pre>
 * cli           commands, options, help, samconfig, init, check
 * server        wiring and life cycle; the endpoints of API Gateway and Lambda
 * inspector     the page at /_samlocal/
 * gateway       router, events and responses, authorizers, CORS, validation
 * report        what the terminal shows of requests, reloads and failures
 * lambda        functions, execution environments, logs, sample events
 * runtime       runs a handler in this JVM: class loaders, arguments, results
 * compile       what changed, javac in memory, incremental builds, the class store
 * dependencies  Maven and Gradle build files to class paths
 * sam           templates to functions, APIs, routes and authorizers
 * template      YAML with positions, intrinsic functions
 * http, files, terminal, base
 * </pre>
 */
public class ServerLocal {
    private ServerLocal() {
    }

    public static void main(String[] arguments) {
        Debuggee.endWithParent();
        Cache.requireHome();
        System.exit(Cli.start(List.of(arguments)));
    }
}
