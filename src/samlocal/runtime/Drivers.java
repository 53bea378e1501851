package samlocal.runtime;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The JDBC drivers of an execution environment: the JDK looks for them once in a process. Runs in its loader. */
public final class Drivers {
    private Drivers() {
    }

    /** Lets the drivers register themselves; one that cannot be loaded is left out, as the JDK does. */
    public static void load() {
        Iterator<Driver> drivers = ServiceLoader.load(Driver.class, Drivers.class.getClassLoader()).iterator();
        while (true) {
            try {
                if (!drivers.hasNext()) return;
                drivers.next();
            } catch (ServiceConfigurationError | LinkageError e) {
                continue;
            }
        }
    }

    /** Takes them out of the JDK's register, which would keep their code in memory. */
    public static void unload() {
        ClassLoader own = Drivers.class.getClassLoader();
        DriverManager.drivers().filter(driver -> driver.getClass().getClassLoader() == own
                || driver.getClass().getClassLoader() == own.getParent()).toList().forEach(Drivers::unload);
    }

    private static void unload(Driver driver) {
        try {
            DriverManager.deregisterDriver(driver);
        } catch (SQLException e) {
            return; // it stays in memory, and does no harm
        }
    }
}
