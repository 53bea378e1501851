import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** What is on the heap of this process. */
final class Heap {
    private Heap() {
    }

    /** The number of reachable objects of a class, after a collection. */
    static int instances(String className) throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                new Object[] {new String[0]}, new String[] {String[].class.getName()});
        return histogram.toString().lines().map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > 3 && fields[3].equals(className))
                .mapToInt(fields -> Integer.parseInt(fields[1])).sum();
    }
}
