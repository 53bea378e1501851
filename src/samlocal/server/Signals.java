package samlocal.server;

import java.lang.reflect.Proxy;
import java.util.List;

/** Ctrl-C and SIGTERM are the normal ways to stop a server, so its exit status is 0, as with {@code sam local}. */
final class Signals {
    private Signals() {
    }

    /** Uses reflection, since {@code sun.misc.Signal} is not a standard type; without it the JVM's status remains. */
    static void endWell() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ending = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler},
                    (proxy, method, arguments) -> {
                new Thread(() -> System.exit(0), "exit").start();
                return null;
            });
            for (String name : List.of("INT", "TERM")) {
                signal.getMethod("handle", signal, handler).invoke(null,
                        signal.getConstructor(String.class).newInstance(name), ending);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return;
        }
    }
}
