package samlocal.runtime;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The JDBC drivers of an execution environment: the JDK searches for them only once per process. Runs in the
 * environment's loader.
 */
public final class Drivers {
    private Drivers() {
    }

    /** Lets the drivers register themselves; like the JDK, ignores those that cannot be loaded. */
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

    /** Deregisters the drivers, which would otherwise keep their code in memory. */
    public static void unload() {
        ClassLoader own = Drivers.class.getClassLoader();
        DriverManager.drivers().filter(driver -> driver.getClass().getClassLoader() == own
                || driver.getClass().getClassLoader() == own.getParent()).toList().forEach(Drivers::unload);
    }

    private static void unload(Driver driver) {
        try {
            DriverManager.deregisterDriver(driver);
        } catch (SQLException e) {
            return; // the driver stays in memory, without harm
        }
    }
}
