package samlocal.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.lambda.SampleEvents;
import samlocal.terminal.Table;

/** Prints a sample event; its options are those of the sample. */
@Command(name = "generate-event", description = "print a sample event",
        footer = {"", "Examples:", "  samlocal generate-event", "  samlocal generate-event s3 put --bucket photos"})
final class GenerateEventCommand implements Callable<Integer> {
    @ParentCommand private Cli cli;

    @Parameters(arity = "0..*", paramLabel = "SERVICE TYPE [--NAME VALUE]",
            description = "the event and its values; without arguments, lists all events")
    private List<String> words = new ArrayList<>();

    @Override public Integer call() {
        boolean asks = words.isEmpty() || words.contains("--help") || words.contains("-h")
                || words.size() == 1 && isService(words.get(0));
        cli.console().print(asks ? list() : sample(" ", words.toArray(new String[0])) + "\n");
        return 0;
    }

    private static boolean isService(String word) {
        return SampleEvents.all().stream().anyMatch(sample -> sample.service().equals(word));
    }

    private String list() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SERVICE", "TYPE", "OPTIONS"));
        SampleEvents.all().stream().filter(sample -> words.isEmpty() || words.contains(sample.service()))
                .forEach(sample -> rows.add(List.of(sample.service(), sample.type(), sample.options().keySet()
                        .stream().map(name -> "--" + name).collect(Collectors.joining(" ")))));
        return Table.of(rows, cli.console().width());
    }

    /**
     * Renders a sample event as JSON from its service, its type, and options as {@code --name value} or {@code
     * --name=value}.
     *
     * @param between the separator between service and type in messages
     */
    static String sample(String between, String... words) {
        String type = words.length < 2 || words[1].startsWith("-") ? "" : words[1];
        SampleEvents.Sample sample = SampleEvents.of(words[0], type)
                .orElseThrow(() -> unknown(words[0], type, between));
        return sample.render(options(words));
    }

    private static Map<String, String> options(String... words) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 2; i < words.length; i++) {
            String[] option = words[i].split("=", 2);
            boolean isApart = option.length == 1 && i + 1 < words.length;
            if (!words[i].startsWith("--")) {
                throw Fault.usage("`" + words[i] + "` is not an option; values are given as options", null);
            } else if (option.length == 1 && !isApart) {
                throw Fault.usage("no value for `" + words[i] + "`", "write `" + words[i] + " VALUE`");
            }
            options.put(option[0].substring(2), isApart ? words[++i] : option[1]);
        }
        return options;
    }

    private static Fault unknown(String service, String type, String between) {
        List<String> types = SampleEvents.all().stream().filter(one -> one.service().equals(service))
                .map(SampleEvents.Sample::type).toList();
        if (type.isEmpty() && !types.isEmpty()) {
            return Fault.usage("`" + service + "` has several events: " + String.join(", ", types),
                    "write SERVICE" + between + "TYPE, such as `" + service + between + types.get(0) + "`");
        }
        String wanted = type.isEmpty() ? service : service + between + type;
        List<String> known = SampleEvents.all().stream().map(one ->
                type.isEmpty() ? one.service() : one.service() + between + one.type()).distinct().toList();
        return Fault.usage("no sample event `" + wanted.strip() + "`",
                Nearest.hint(wanted, known, "see: samlocal generate-event"));
    }
}
