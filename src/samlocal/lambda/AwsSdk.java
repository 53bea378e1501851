package samlocal.lambda;

import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import java.util.List;
import samlocal.base.Fault;
import samlocal.dependencies.Builds;
import samlocal.files.Jar;

/**
 * AWS's own resolution of a profile's credentials, for profiles with a role, single sign-on or a process. The SDK is
 * downloaded when the first such profile is used and loaded in its own class loader. It renews expired credentials.
 */
final class AwsSdk {
    private static final List<String> LIBRARIES = List.of("software.amazon.awssdk:sts:2.57.8",
            "software.amazon.awssdk:sso:2.57.8", "software.amazon.awssdk:ssooidc:2.57.8",
            "org.slf4j:slf4j-nop:1.7.36");
    private static final String PACKAGE = "software.amazon.awssdk.auth.credentials.";

    /** @param token null for keys that do not expire */
    record Keys(String id, String secret, String token) {
    }

    private final String profile;
    private final ClassLoader loader;
    private final Object provider;

    private AwsSdk(String profile, ClassLoader loader, Object provider) {
        this.profile = profile;
        this.loader = loader;
        this.provider = provider;
    }

    /** @throws Fault if the SDK is not available */
    static AwsSdk of(String profile, Builds builds) {
        var found = builds.libraries(LIBRARIES, "profile `" + profile + "`");
        if (!found.problems().isEmpty()) throw new Fault(found.problems().get(0), Fault.PROJECT);
        ClassLoader loader = new URLClassLoader(Jar.urls(found.libraries().runtime()),
                ClassLoader.getPlatformClassLoader());
        try {
            Object builder = loader.loadClass(PACKAGE + "ProfileCredentialsProvider").getMethod("builder").invoke(null);
            Class<?> type = loader.loadClass(PACKAGE + "ProfileCredentialsProvider$Builder");
            type.getMethod("profileName", String.class).invoke(builder, profile);
            return new AwsSdk(profile, loader, type.getMethod("build").invoke(builder));
        } catch (ReflectiveOperationException e) {
            throw unresolved(profile, e);
        }
    }

    /** @throws Fault with the SDK's message, such as that a login has expired */
    Keys keys() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Object found = loader.loadClass(PACKAGE + "AwsCredentialsProvider").getMethod("resolveCredentials")
                    .invoke(provider);
            Class<?> session = loader.loadClass(PACKAGE + "AwsSessionCredentials");
            return new Keys(text(found, "AwsCredentials", "accessKeyId"), text(found, "AwsCredentials",
                    "secretAccessKey"), session.isInstance(found) ? text(found, "AwsSessionCredentials", "sessionToken")
                    : null);
        } catch (ReflectiveOperationException e) {
            throw unresolved(profile, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private String text(Object credentials, String type, String name) throws ReflectiveOperationException {
        return (String) loader.loadClass(PACKAGE + type).getMethod(name).invoke(credentials);
    }

    private static Fault unresolved(String profile, ReflectiveOperationException e) {
        Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
        String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return Fault.project("cannot resolve the AWS credentials of profile `" + profile
                + "`; functions get placeholders: " + message.replaceFirst(": ProfileFile\\(.*", ""));
    }
}
