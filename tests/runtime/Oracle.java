///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION The class path of AWS's runtime interface client, which OracleTest resolves with JBang
//DEPS com.amazonaws:aws-lambda-java-serialization:1.1.6
//DEPS com.amazonaws:aws-lambda-java-core:1.4.0
//DEPS com.amazonaws:aws-lambda-java-events:3.16.1
//DEPS joda-time:joda-time:2.10.8
//DEPS com.amazonaws:aws-lambda-java-runtime-interface-client:2.9.0
//DEPS software.amazon.awssdk:utils-lite:2.34.0

/** Only the dependencies matter; the tests themselves must not see them. */
final class Oracle {
    private Oracle() {
    }

    public static void main(String[] arguments) {
        System.out.println("see OracleTest");
    }
}
